import type { Scope, Severity } from '#shared/domain/detection/finding.ts';
import type { Judgement } from '#shared/domain/detection/occurrence.ts';
import {
  changedMinuteMs,
  type QuotaChange,
  type QuotaStatus,
} from '#shared/domain/headroom/quota/quota-history.ts';
import type { QuotaInForce, QuotaSource } from '#shared/domain/headroom/quota/quota-in-force.ts';

const MINUTE_MS = 60_000;

/** For how many minutes a change is news. */
const NEWS_MINUTES = 5;

/** The number that a change is about: the rate, or the burst where the rate stayed. */
function changedNumber({ from, to }: QuotaChange): 'rateRps' | 'burst' {
  return from.rateRps === to.rateRps ? 'burst' : 'rateRps';
}

function sourceOf(quota: QuotaInForce, number: 'rateRps' | 'burst'): QuotaSource {
  return number === 'rateRps' ? quota.rateSource : quota.burstSource;
}

function told({ readings }: QuotaInForce, source: QuotaSource, number: 'rateRps' | 'burst'): number | null {
  if (source === 'get-account') return readings.getAccount[number];
  return source === 'service-quotas' ? readings.serviceQuotas[number] : null;
}

/**
 * Why the number is another one. `set`: who deploys Gatewatch said so. `learned`: its source had not told any before,
 * so that the quota may have been the same all the time. `read`: the same source tells another number than before.
 */
function reasonOf(change: QuotaChange): 'set' | 'learned' | 'read' {
  const number = changedNumber(change);
  const source = sourceOf(change.to, number);
  if (source === 'override' || sourceOf(change.from, number) === 'override') return 'set';
  return told(change.from, source, number) === null ? 'learned' : 'read';
}

function severityOf(change: QuotaChange): Severity {
  const number = changedNumber(change);
  return reasonOf(change) === 'read' && change.to[number] < change.from[number] ? 'warning' : 'info';
}

function judgeNews(change: QuotaChange, scope: Scope): Judgement {
  const { from, to } = change;
  const source = sourceOf(to, changedNumber(change));
  return {
    kind: 'quota.changed',
    scope,
    verdict: 'breach',
    severity: severityOf(change),
    latest: {
      fromRps: from.rateRps,
      toRps: to.rateRps,
      fromBurst: from.burst,
      toBurst: to.burst,
      [`reason:${reasonOf(change)}`]: 1,
      [`source:${source}`]: 1,
    },
    sums: {},
    peaks: {},
  };
}

/** Says of a minute whether it is right after a change of the quota. Old news is clean, which ends the finding. */
export function judgeQuotaChange(status: QuotaStatus, minuteMs: number, scope: Scope): Judgement {
  const change = status.changes.findLast((one) => changedMinuteMs(one) <= minuteMs);
  if (change !== undefined && minuteMs < changedMinuteMs(change) + NEWS_MINUTES * MINUTE_MS) {
    return judgeNews(change, scope);
  }
  return {
    kind: 'quota.changed',
    scope,
    verdict: 'clean',
    severity: 'info',
    latest: {},
    sums: {},
    peaks: {},
  };
}

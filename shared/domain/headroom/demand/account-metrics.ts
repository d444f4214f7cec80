import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';
import type { Quota } from '#shared/domain/headroom/quota/quota.ts';
import type { MetricDatum, MetricName, MetricUnit } from '#shared/domain/metrics/metric-datum.ts';

function accountDatum(name: MetricName, unit: MetricUnit, timestampMs: number, value: number): MetricDatum {
  return { name, dimensions: {}, timestampMs, unit, resolutionSeconds: 60, values: [value], counts: [1] };
}

type AccountNumbers = Pick<
  MinuteHeadroom,
  'minuteMs' | 'demandRps' | 'peakRps' | 'usedRatio' | 'tokensLeft' | 'predictedThrottles'
>;

/** The numbers of a minute in which nobody asked for anything, which is known and not just unheard of. */
export function idleMinute(minuteMs: number, quota: Quota): AccountNumbers {
  return { minuteMs, demandRps: 0, peakRps: 0, usedRatio: 0, tokensLeft: quota.burst, predictedThrottles: 0 };
}

/**
 * The account's minute as metrics, so that a plain CloudWatch alarm can be put on each. A minute is published more than once,
 * so they are read with Maximum, and `BurstTokensLeft` with Minimum.
 */
export function accountMetrics(minute: AccountNumbers, quota: Quota): MetricDatum[] {
  const { minuteMs } = minute;
  return [
    accountDatum('AccountDemandRps', 'Count/Second', minuteMs, minute.demandRps),
    accountDatum('AccountRpsPeak', 'Count/Second', minuteMs, minute.peakRps),
    accountDatum('AccountQuotaRps', 'Count/Second', minuteMs, quota.rateRps),
    accountDatum('AccountUtilization', 'Percent', minuteMs, minute.usedRatio * 100),
    accountDatum('BurstTokensLeft', 'Count', minuteMs, minute.tokensLeft),
    accountDatum('PredictedThrottles', 'Count', minuteMs, minute.predictedThrottles),
  ];
}

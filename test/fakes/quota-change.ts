import type { Quota } from '#shared/domain/headroom/quota/quota.ts';
import type { QuotaChange, QuotaStatus } from '#shared/domain/headroom/quota/quota-history.ts';
import {
  NO_NUMBERS,
  type QuotaInForce,
  type QuotaSource,
} from '#shared/domain/headroom/quota/quota-in-force.ts';

/** A quota whose two numbers one source told. */
export function createQuotaFrom(source: QuotaSource, quota: Quota): QuotaInForce {
  return {
    ...quota,
    rateSource: source,
    burstSource: source,
    readings: {
      getAccount: source === 'get-account' ? quota : NO_NUMBERS,
      serviceQuotas: source === 'service-quotas' ? quota : NO_NUMBERS,
    },
  };
}

/** A quota that came to be by these steps; the last one leads to it. */
export function createStatusAfter(...changes: [QuotaChange, ...QuotaChange[]]): QuotaStatus {
  const last = changes[changes.length - 1] as QuotaChange;
  return { ...last.to, changes };
}

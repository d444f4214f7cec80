import type { Quota } from '#shared/domain/headroom/quota/quota.ts';
import type { QuotaStatus } from '#shared/domain/headroom/quota/quota-history.ts';
import { NO_READINGS } from '#shared/domain/headroom/quota/quota-in-force.ts';

/** A quota that whoever deployed Gatewatch has set, and that has never changed. */
export function createQuotaStatus(quota: Quota): QuotaStatus {
  return { ...quota, rateSource: 'override', burstSource: 'override', readings: NO_READINGS, changes: [] };
}

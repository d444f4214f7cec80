import type { Quota } from '#shared/domain/headroom/quota.ts';

/**
 * Who told a number of the quota: whoever deployed Gatewatch, `GetAccount`, Service Quotas, or nobody, so that the
 * Region's default is assumed.
 */
export type QuotaSource = 'override' | 'get-account' | 'service-quotas' | 'region-default';

/** What the services say of the quota; `null` for a number that one does not tell. */
export type QuotaReadings = {
  readonly getAccount: { readonly rateRps: number | null; readonly burst: number | null };
  readonly serviceQuotas: { readonly rateRps: number | null; readonly burst: number | null };
};

/** The quota that requests are judged by, and where it is from. */
export type QuotaInForce = Quota & {
  readonly rateSource: QuotaSource;
  readonly burstSource: QuotaSource;
  readonly readings: QuotaReadings;
};

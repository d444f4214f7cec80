import { defaultQuota, type Quota } from '#shared/domain/headroom/quota/quota.ts';

/**
 * Who told a number of the quota: whoever deployed Gatewatch, `GetAccount`, Service Quotas, or nobody, so that the
 * Region's default is assumed.
 */
export type QuotaSource = 'override' | 'get-account' | 'service-quotas' | 'region-default';

/** The two numbers of a quota, each `null` where somebody does not tell it. */
export type QuotaNumbers = { readonly rateRps: number | null; readonly burst: number | null };

/** What the services say of the quota. */
export type QuotaReadings = {
  readonly getAccount: QuotaNumbers;
  readonly serviceQuotas: QuotaNumbers;
};

/** The quota that requests are judged by, and where it is from. */
export type QuotaInForce = Quota & {
  readonly rateSource: QuotaSource;
  readonly burstSource: QuotaSource;
  readonly readings: QuotaReadings;
};

/** Nobody tells anything. */
export const NO_NUMBERS: QuotaNumbers = { rateRps: null, burst: null };

/** Neither service was asked, or neither answered. */
export const NO_READINGS: QuotaReadings = { getAccount: NO_NUMBERS, serviceQuotas: NO_NUMBERS };

/** A number that a throttle can have: finite and above 0. */
function isUsable(value: number | null): value is number {
  return value !== null && Number.isFinite(value) && value > 0;
}

type Told = { readonly value: number; readonly source: QuotaSource };

/** The lower of what the services say; the same number is taken from the one that API Gateway itself answers. */
function lowest(getAccount: number | null, serviceQuotas: number | null): Told | null {
  const told: Told[] = [];
  if (isUsable(getAccount)) told.push({ value: getAccount, source: 'get-account' });
  if (isUsable(serviceQuotas)) told.push({ value: serviceQuotas, source: 'service-quotas' });
  return told.reduce<Told | null>((low, next) => (low === null || next.value < low.value ? next : low), null);
}

type Known = {
  /** What whoever runs Gatewatch says; it wins. */
  readonly override: QuotaNumbers;
  readonly readings: QuotaReadings;
  readonly region: string;
};

function tell({ override, readings, region }: Known, number: keyof QuotaNumbers): Told {
  const set = override[number];
  if (isUsable(set)) return { value: set, source: 'override' };
  return (
    lowest(readings.getAccount[number], readings.serviceQuotas[number]) ?? {
      value: defaultQuota(region)[number],
      source: 'region-default',
    }
  );
}

/**
 * Finds the quota that is really in force, rate and burst each on its own: the override, else the lower of what
 * `GetAccount` and Service Quotas say, else the Region's default. Numbers that no throttle can have, such as 0, count
 * as not told.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html}
 */
export function resolveQuota(known: Known): QuotaInForce {
  const rate = tell(known, 'rateRps');
  const burst = tell(known, 'burst');
  return {
    rateRps: rate.value,
    burst: burst.value,
    rateSource: rate.source,
    burstSource: burst.source,
    readings: known.readings,
  };
}

import { formatRps } from '#shared/domain/findings/format.ts';
import {
  NO_NUMBERS,
  type QuotaInForce,
  type QuotaNumbers,
  type QuotaSource,
} from '#shared/domain/headroom/quota/quota-in-force.ts';

/** What people call those who tell the quota. */
export const SOURCE_NAMES: Readonly<Record<QuotaSource, string>> = {
  override: 'set by hand',
  'get-account': 'GetAccount',
  'service-quotas': 'Service Quotas',
  'region-default': "assumed: the Region's default",
};

/** How the override is given, for each number. */
export type OverrideNames = { readonly rateRps: string; readonly burst: string };

/** Those of the stack. */
const PARAMETERS: OverrideNames = { rateRps: 'parameter quotaRps', burst: 'parameter quotaBurst' };

type Group = { readonly source: QuotaSource; readonly numbers: readonly (keyof QuotaNumbers)[] };

/** The two numbers, in one group where one source told both. */
function groupsOf({ rateSource, burstSource }: QuotaInForce): Group[] {
  if (rateSource === burstSource) return [{ source: rateSource, numbers: ['rateRps', 'burst'] }];
  return [
    { source: rateSource, numbers: ['rateRps'] },
    { source: burstSource, numbers: ['burst'] },
  ];
}

function formatNumber(number: keyof QuotaNumbers, value: number, withUnit: boolean): string {
  if (number === 'burst') return `burst ${formatRps(value)}`;
  return withUnit ? `${formatRps(value)} rps` : formatRps(value);
}

/** `Service Quotas agrees`, `GetAccount says 20,000`; nothing where that service does not tell these numbers. */
function secondOpinion(quota: QuotaInForce, group: Group, name: string, read: QuotaNumbers): string[] {
  const told = group.numbers.flatMap((number) => {
    const value = read[number];
    return value === null || !Number.isFinite(value) ? [] : [{ number, value }];
  });
  if (told.length === 0) return [];
  const different = told.filter(({ number, value }) => value !== quota[number]);
  if (different.length === 0) return [`${name} agrees`];
  return [
    `${name} says ${different.map(({ number, value }) => formatNumber(number, value, false)).join(', ')}`,
  ];
}

function explain(quota: QuotaInForce, group: Group, names: OverrideNames): string {
  const { source, numbers } = group;
  const { getAccount, serviceQuotas } = quota.readings;
  const setBy = numbers.map((number) => names[number]).join(', ');
  const parts = [
    source === 'override' ? `set by ${setBy}` : SOURCE_NAMES[source],
    ...secondOpinion(quota, group, 'GetAccount', source === 'get-account' ? NO_NUMBERS : getAccount),
    ...secondOpinion(
      quota,
      group,
      'Service Quotas',
      source === 'service-quotas' ? NO_NUMBERS : serviceQuotas,
    ),
  ];
  return parts.join('; ');
}

/**
 * Says what the quota is and who says so: `10,000 rps, burst 5,000 (GetAccount; Service Quotas agrees)`.
 *
 * @param names - How whoever reads it gives an override
 */
export function describeQuotaInForce(quota: QuotaInForce, names: OverrideNames = PARAMETERS): string {
  return groupsOf(quota)
    .map((group) => {
      const numbers = group.numbers.map((number) => formatNumber(number, quota[number], true));
      return `${numbers.join(', ')} (${explain(quota, group, names)})`;
    })
    .join(', ');
}

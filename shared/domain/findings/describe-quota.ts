import type { Evidence } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import { type Describe, measure, quotaLinks } from '#shared/domain/findings/description.ts';
import { formatMs, formatRps } from '#shared/domain/findings/format.ts';
import { SOURCE_NAMES } from '#shared/domain/findings/quota-words.ts';
import { defaultQuota } from '#shared/domain/headroom/quota/quota.ts';
import type { QuotaSource } from '#shared/domain/headroom/quota/quota-in-force.ts';
import { defaultIntegrationTimeoutMs, type InventoryItem } from '#shared/domain/inventory/stage.ts';

/** The source that a judgement marked in its measures. */
function markedSource({ latest }: Occurrence): QuotaSource | null {
  const sources = Object.keys(SOURCE_NAMES) as QuotaSource[];
  return sources.find((source) => measure(latest, `source:${source}`) === 1) ?? null;
}

const MAX_NAMED_APIS = 3;

/** `orders-api (60 s)` for each API whose integrations may take longer than API Gateway allows by default. */
function raisedTimeouts(inventory: readonly InventoryItem[]): string[] {
  const raised = inventory.filter(
    ({ apiType, integrationTimeoutMs }) => integrationTimeoutMs > defaultIntegrationTimeoutMs(apiType),
  );
  const byApi = new Map(raised.map((item) => [item.apiId, item]));
  const longestFirst = [...byApi.values()].sort((a, b) => b.integrationTimeoutMs - a.integrationTimeoutMs);
  return longestFirst.map(
    ({ apiName, integrationTimeoutMs }) => `${apiName} (${formatMs(integrationTimeoutMs)})`,
  );
}

/**
 * AWS may lower a Region's throttle in exchange for a longer integration timeout. That both are there is no proof that
 * one is for the other.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html}
 */
function priceOfTimeouts(inventory: readonly InventoryItem[]): string | null {
  const raised = raisedTimeouts(inventory);
  if (raised.length === 0) return null;
  const named = raised.slice(0, MAX_NAMED_APIS);
  if (raised.length > MAX_NAMED_APIS) named.push(`${raised.length - MAX_NAMED_APIS} more`);
  return `perhaps the price of raised integration timeouts: ${named.join(', ')}`;
}

/** What is odd about the quota that was judged by; nothing where it is as it should be, or set by hand. */
export function quotaEvidence(occurrence: Occurrence, inventory: readonly InventoryItem[]): Evidence[] {
  const rateRps = measure(occurrence.latest, 'quotaRps');
  const defaultRps = defaultQuota(occurrence.scope.region).rateRps;
  const source = markedSource(occurrence);
  if (source === null || source === 'override') return [];
  if (source === 'region-default') {
    return [{ label: 'Quota', value: `${formatRps(rateRps)} rps, assumed: the Region's default` }];
  }
  const price = rateRps < defaultRps ? priceOfTimeouts(inventory) : null;
  if (price === null) return [];
  const below = `below the Region's default ${formatRps(defaultRps)}`;
  return [{ label: 'Quota', value: `${formatRps(rateRps)} rps, ${below}, ${price}` }];
}

type Change = {
  readonly name: 'quota' | 'burst';
  readonly unit: 'rps' | 'requests';
  readonly from: number;
  readonly to: number;
};

/** The number that changed; the burst only where the rate stayed. */
function changeOf({ latest }: Occurrence): Change {
  const [from, to] = [measure(latest, 'fromRps'), measure(latest, 'toRps')];
  if (from !== to) return { name: 'quota', unit: 'rps', from, to };
  const [fromBurst, toBurst] = [measure(latest, 'fromBurst'), measure(latest, 'toBurst')];
  return { name: 'burst', unit: 'requests', from: fromBurst, to: toBurst };
}

function titleOf(occurrence: Occurrence): string {
  const { name, unit, from, to } = changeOf(occurrence);
  const isLearned = measure(occurrence.latest, 'reason:learned') === 1;
  const word = isLearned ? 'is now known' : to < from ? 'lowered' : 'raised';
  return isLearned
    ? `Account ${name} ${word}: ${formatRps(to)} ${unit}, not ${formatRps(from)}`
    : `Account ${name} ${word} from ${formatRps(from)} to ${formatRps(to)} ${unit}`;
}

function both(rateRps: number, burst: number): string {
  return `${formatRps(rateRps)} rps, burst ${formatRps(burst)}`;
}

function changeEvidence(occurrence: Occurrence): Evidence {
  const { latest } = occurrence;
  const from = both(measure(latest, 'fromRps'), measure(latest, 'fromBurst'));
  const to = both(measure(latest, 'toRps'), measure(latest, 'toBurst'));
  const source = markedSource(occurrence);
  const told = source === null ? '' : ` (${SOURCE_NAMES[source]})`;
  return { label: 'Quota changed', value: `from ${from} to ${to}${told}` };
}

/** Describes `quota.changed`: from what to what, who told it, and what may have been traded for it. */
export const describeQuotaChange: Describe = (occurrence, inventory) => {
  const { from, to, unit } = changeOf(occurrence);
  const wasLowered = to < from && measure(occurrence.latest, 'reason:read') === 1;
  const price = wasLowered ? priceOfTimeouts(inventory) : null;
  return {
    title: titleOf(occurrence),
    value: to,
    expected: from,
    unit,
    evidence: [
      changeEvidence(occurrence),
      ...(price === null ? [] : [{ label: 'Quota', value: `lowered, ${price}` }]),
    ],
    links: quotaLinks(occurrence.scope),
    nextStep: wasLowered
      ? 'Find out who asked for it: AWS may lower L-8A5B8E43 in exchange for a longer integration timeout (L-E5AE38E3). Ask AWS Support, or plan with less.'
      : 'Nothing: requests are judged by the new quota from now on.',
  };
};

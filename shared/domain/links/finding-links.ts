import type { Link } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { findingGraphPage } from '#shared/domain/links/finding-graph.ts';
import { requestsPage } from '#shared/domain/links/requests-query.ts';
import { tracesPage } from '#shared/domain/links/traces-query.ts';

function link(label: string, url: string | null): Link[] {
  return url === null ? [] : [{ label, url }];
}

/** What a trace of a request that the finding is about has. */
function traceCondition({ kind }: Occurrence): string | null {
  if (kind === 'error-budget') return 'fault';
  return kind === 'throttling.stage' || kind === 'throttling.client' ? 'throttle' : null;
}

const TRACED_KINDS: ReadonlySet<string> = new Set([
  'error-budget',
  'latency',
  'timeout-budget',
  'throttling.stage',
  'throttling.client',
]);

/**
 * Pages of the AWS console that show what a finding is about; none needs a server of ours.
 *
 * @param title - The finding's, for the graph
 */
export function findingLinks(
  occurrence: Occurrence,
  inventory: readonly InventoryItem[],
  title: string,
): Link[] {
  const { kind, scope } = occurrence;
  const item = inventory.find(({ apiId, stage }) => apiId === scope.apiId && stage === scope.stage);
  return [
    ...link('Dashboard', findingGraphPage(occurrence, item, title)),
    ...link('These requests', requestsPage(occurrence, inventory)),
    ...link('X-Ray', TRACED_KINDS.has(kind) ? tracesPage(scope, item, traceCondition(occurrence)) : null),
  ];
}

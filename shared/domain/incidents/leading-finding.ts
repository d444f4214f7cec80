import type { Finding, FindingKind } from '#shared/domain/detection/finding.ts';

/** The finding that names the incident comes first. */
const PRIORITY: readonly FindingKind[] = [
  'headroom.exhausted',
  'burst.exhausted',
  'throttling.account',
  'noisy-neighbour',
  'headroom.low',
  'headroom.forecast',
  'quota.changed',
  'error-budget',
  'throttling.stage',
  'throttling.client',
  'timeout-budget',
  'latency',
  'logging.bodies',
  'blind.logs',
  'blind.metrics',
  'cloudwatch-alarm',
  'alerting.undeliverable',
  'alerting.held-back',
  'alerting.drill',
];

/** Of one kind: what goes on before what is over, then what is not about one stage only. */
function rankWithin({ status, scope }: Finding): number {
  return (status === 'open' ? 0 : 2) + (scope.stage === undefined ? 0 : 1);
}

/** Orders findings so that the one that names their incident comes first. */
export function byPriority(a: Finding, b: Finding): number {
  return PRIORITY.indexOf(a.kind) - PRIORITY.indexOf(b.kind) || rankWithin(a) - rankWithin(b);
}

import type { FindingKind, JudgedKind } from '#shared/domain/detection/finding.ts';

/** The compiler sees to it that none is forgotten. */
const JUDGED: Readonly<Record<JudgedKind, true>> = {
  'headroom.low': true,
  'headroom.exhausted': true,
  'headroom.forecast': true,
  'burst.exhausted': true,
  'quota.changed': true,
  'throttling.account': true,
  'throttling.stage': true,
  'throttling.client': true,
  'noisy-neighbour': true,
  'error-budget': true,
  latency: true,
  'timeout-budget': true,
  'logging.bodies': true,
  'blind.logs': true,
  'blind.metrics': true,
};

const OTHERS: Readonly<Record<Exclude<FindingKind, JudgedKind>, true>> = {
  'cloudwatch-alarm': true,
  'alerting.undeliverable': true,
  'alerting.held-back': true,
  'alerting.drill': true,
};

/** All kinds that evaluators judge. */
export const JUDGED_KINDS = Object.keys(JUDGED) as JudgedKind[];

/** All kinds of findings. */
export const FINDING_KINDS: readonly FindingKind[] = [
  ...JUDGED_KINDS,
  ...(Object.keys(OTHERS) as (keyof typeof OTHERS)[]),
];

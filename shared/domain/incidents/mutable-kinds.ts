import type { FindingKind } from '#shared/domain/detection/finding.ts';

/** All kinds that can be muted: what the alerting says about itself cannot. */
const KINDS: Readonly<Record<Exclude<FindingKind, `alerting.${string}`>, true>> = {
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
  'cloudwatch-alarm': true,
};

/** What the kind of a mute can be: the kinds of findings, and the families of those that have a dot. */
export const MUTABLE_KINDS: readonly string[] = [
  ...new Set(
    Object.keys(KINDS).flatMap((kind) => (kind.includes('.') ? [kind.split('.')[0] ?? '', kind] : [kind])),
  ),
].sort();

import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import type { Judgement } from '#shared/domain/detection/occurrence.ts';
import type { HeadroomMinute } from '#shared/domain/headroom/judging/headroom-minute.ts';
import { judgeForecast } from '#shared/domain/headroom/judging/judge-forecast.ts';
import { findCulpritOf, judgeNeighbours } from '#shared/domain/headroom/judging/judge-neighbours.ts';
import { judgeQuotaUse } from '#shared/domain/headroom/judging/judge-quota-use.ts';
import { judgeThrottling } from '#shared/domain/headroom/judging/judge-throttling.ts';

/** Everything that can be said of the shared throttle in one minute. */
export function judgeHeadroom(minute: HeadroomMinute): Judgement[] {
  const culprit = findCulpritOf(minute);
  return [
    ...judgeQuotaUse(minute),
    ...judgeForecast(minute),
    ...judgeThrottling(minute, culprit),
    ...judgeNeighbours(minute, culprit),
  ];
}

/** Kinds whose scopes are stages: in a minute without trouble, each stage is clean of them without being read. */
export const STAGE_HEADROOM_KINDS: readonly JudgedKind[] = [
  'throttling.stage',
  'throttling.client',
  'noisy-neighbour',
];

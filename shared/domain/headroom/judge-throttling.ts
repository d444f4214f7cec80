import type { Judgement } from '#shared/domain/detection/occurrence.ts';
import type { Culprit } from '#shared/domain/headroom/find-culprit.ts';
import type { HeadroomMinute, StageMinuteDemand } from '#shared/domain/headroom/headroom-minute.ts';
import {
  accountMeasures,
  isExhausted,
  isFarFromQuota,
  isNearQuota,
  MIN_REFUSED,
} from '#shared/domain/headroom/quota-use.ts';
import { stageKey } from '#shared/domain/inventory/stage.ts';

const MIN_REFUSED_RATIO = 0.01;

/** At most this many stages are kept by name in one occurrence. */
const MAX_NAMED_STAGES = 20;

/** Refusals per stage, the hardest hit first. */
function hurtStages(stages: readonly StageMinuteDemand[]): Record<string, number> {
  const hurt = stages.filter(({ throttled }) => throttled > 0).sort((a, b) => b.throttled - a.throttled);
  return Object.fromEntries(
    hurt.slice(0, MAX_NAMED_STAGES).flatMap(({ id, throttled, requests }) => [
      [`refused:${stageKey(id)}`, throttled],
      [`requests:${stageKey(id)}`, requests],
    ]),
  );
}

/** The mark by which the culprit is kept out of the list of those it hurts. */
function culpritMark(culprit: Culprit | null): Record<string, number> {
  return culprit === null ? {} : { [`culprit:${stageKey(culprit.id)}`]: 1 };
}

/** 429s while the account is at its quota are taken for the account's: access logs do not name the level. */
function judgeAccountThrottling(minute: HeadroomMinute, culprit: Culprit | null): Judgement {
  const { account } = minute;
  const breach = account.throttled >= MIN_REFUSED && (isExhausted(minute) || isNearQuota(minute));
  const clean = account.throttled < MIN_REFUSED || isFarFromQuota(minute);
  const measures = accountMeasures(minute);
  return {
    kind: 'throttling.account',
    scope: minute.accountScope,
    verdict: breach ? 'breach' : clean ? 'clean' : 'borderline',
    severity: 'critical',
    ...measures,
    sums: { ...measures.sums, ...culpritMark(culprit), ...hurtStages(minute.stages) },
    cause: 'throttle.account',
  };
}

function judgeStageThrottling(stage: StageMinuteDemand, accountIsNear: boolean): Judgement {
  const { requests, throttled, scope } = stage;
  const enough = throttled >= MIN_REFUSED && throttled >= MIN_REFUSED_RATIO * requests;
  return {
    kind: 'throttling.stage',
    scope,
    verdict: enough && !accountIsNear ? 'breach' : enough ? 'borderline' : 'clean',
    severity: 'warning',
    latest: { requests, refused: throttled },
    sums: { requests, refused: throttled },
    peaks: { refusedRatio: requests === 0 ? 0 : throttled / requests },
    cause: 'throttle.unknown-level',
  };
}

/** Who refused requests of the minute, and how many. */
export function judgeThrottling(minute: HeadroomMinute, culprit: Culprit | null): Judgement[] {
  const accountIsNear = isExhausted(minute) || isNearQuota(minute);
  return [
    judgeAccountThrottling(minute, culprit),
    ...minute.stages.map((stage) => judgeStageThrottling(stage, accountIsNear)),
  ];
}

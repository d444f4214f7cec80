import type { Scope, Severity } from '#shared/domain/detection/finding.ts';
import type { Judgement } from '#shared/domain/detection/occurrence.ts';
import { type Culprit, findCulprit, type StageDemand } from '#shared/domain/headroom/find-culprit.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/minute-headroom.ts';
import type { Quota } from '#shared/domain/headroom/quota.ts';
import { stageKey } from '#shared/domain/inventory/stage.ts';

/** One stage in the judged minute. */
export type StageMinuteDemand = StageDemand & {
  readonly scope: Scope;
  readonly requests: number;
  /** 429s that API Gateway made. */
  readonly throttled: number;
};

/** Everything the judgement of one minute rests on. */
export type HeadroomMinute = {
  readonly account: MinuteHeadroom;
  readonly stages: readonly StageMinuteDemand[];
  readonly quota: Quota;
  readonly accountScope: Scope;
};

/** Levels of the used share of the quota, and how far it must fall below them to count as clean. */
const LEVELS = { info: 0.6, warning: 0.8, critical: 0.95, exhausted: 1 } as const;
const HYSTERESIS = 0.05;

/** Refusals below this in a minute are noise: the throttle is best effort. */
const MIN_REFUSED = 3;
const MIN_REFUSED_RATIO = 0.01;

/** At most this many stages are kept by name in one occurrence. */
const MAX_NAMED_STAGES = 20;

/** A single busy second counts one level less than a whole minute: the burst bucket is there to take it. */
function severityOf({ usedRatio, peakUsedRatio }: MinuteHeadroom): Severity | null {
  if (usedRatio >= LEVELS.critical) return 'critical';
  if (usedRatio >= LEVELS.warning || peakUsedRatio >= LEVELS.critical) return 'warning';
  if (usedRatio >= LEVELS.info || peakUsedRatio >= LEVELS.warning) return 'info';
  return null;
}

function accountMeasures({ account, quota }: HeadroomMinute): Pick<Judgement, 'latest' | 'sums' | 'peaks'> {
  return {
    latest: {
      demandRps: account.demandRps,
      usedRatio: account.usedRatio,
      quotaRps: quota.rateRps,
    },
    sums: {
      requests: account.requests,
      refused: account.throttled,
      predictedThrottles: account.predictedThrottles,
      secondsAtZero: account.secondsAtZero,
    },
    peaks: {
      demandRps: account.demandRps,
      usedRatio: account.usedRatio,
      peakRps: account.peakRps,
      peakUsedRatio: account.peakUsedRatio,
    },
  };
}

function judgeLow(minute: HeadroomMinute): Judgement {
  const { account } = minute;
  const severity = severityOf(account);
  const clean =
    account.usedRatio < LEVELS.info - HYSTERESIS && account.peakUsedRatio < LEVELS.warning - HYSTERESIS;
  return {
    kind: 'headroom.low',
    scope: minute.accountScope,
    verdict: severity !== null ? 'breach' : clean ? 'clean' : 'borderline',
    severity: severity ?? 'info',
    ...accountMeasures(minute),
  };
}

function isExhausted({ account }: HeadroomMinute): boolean {
  return account.usedRatio >= LEVELS.exhausted || account.predictedThrottles >= 1;
}

function judgeExhausted(minute: HeadroomMinute): Judgement {
  const clean = !isExhausted(minute) && minute.account.usedRatio < LEVELS.exhausted - HYSTERESIS;
  return {
    kind: 'headroom.exhausted',
    scope: minute.accountScope,
    verdict: isExhausted(minute) ? 'breach' : clean ? 'clean' : 'borderline',
    severity: 'critical',
    ...accountMeasures(minute),
  };
}

function isNearQuota({ account }: HeadroomMinute): boolean {
  return severityOf(account) !== null && (account.usedRatio >= LEVELS.warning || account.peakUsedRatio >= 1);
}

/** So far from the quota that 429s must come from elsewhere, such as the limit of a stage. */
function isFarFromQuota({ account }: HeadroomMinute): boolean {
  return (
    account.usedRatio < LEVELS.warning - HYSTERESIS && account.peakUsedRatio < LEVELS.exhausted - HYSTERESIS
  );
}

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

function judgeCulprit(culprit: Culprit, stage: StageMinuteDemand): Judgement {
  const { nowRps, usualRps, growthShare } = culprit;
  return {
    kind: 'noisy-neighbour',
    scope: stage.scope,
    verdict: 'breach',
    severity: 'warning',
    latest: { nowRps, usualRps, growthShare },
    sums: { requests: stage.requests },
    peaks: { nowRps },
  };
}

/** A stage that is no culprit in this minute; it ends an earlier accusation. */
function judgeInnocent({ scope, nowRps, requests }: StageMinuteDemand): Judgement {
  return {
    kind: 'noisy-neighbour',
    scope,
    verdict: 'clean',
    severity: 'warning',
    latest: { nowRps },
    sums: { requests },
    peaks: { nowRps },
  };
}

function judgeNeighbours({ stages }: HeadroomMinute, culprit: Culprit | null): Judgement[] {
  return stages.map((stage) =>
    culprit !== null && stageKey(stage.id) === stageKey(culprit.id)
      ? judgeCulprit(culprit, stage)
      : judgeInnocent(stage),
  );
}

/** An API that is alone in its account takes nothing from anybody. */
function hasNeighbours({ stages }: HeadroomMinute): boolean {
  return stages.filter(({ nowRps }) => nowRps > 0).length > 1;
}

/** Everything that can be said of the shared throttle in one minute. */
export function judgeHeadroom(minute: HeadroomMinute): Judgement[] {
  const inTrouble = isExhausted(minute) || isNearQuota(minute);
  const culprit =
    inTrouble && hasNeighbours(minute) ? findCulprit(minute.stages, minute.quota.rateRps) : null;
  return [
    judgeLow(minute),
    judgeExhausted(minute),
    judgeAccountThrottling(minute, culprit),
    ...minute.stages.map((stage) => judgeStageThrottling(stage, inTrouble)),
    ...judgeNeighbours(minute, culprit),
  ];
}

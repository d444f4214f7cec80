import type { Judgement } from '#shared/domain/detection/occurrence.ts';
import { SECONDS_PER_MINUTE } from '#shared/domain/headroom/demand/minute-headroom.ts';
import { isShort } from '#shared/domain/headroom/demand/quota-use.ts';
import type { HeadroomMinute, StageMinuteDemand } from '#shared/domain/headroom/judging/headroom-minute.ts';
import { type Culprit, findCulprit } from '#shared/domain/headroom/neighbours/find-culprit.ts';
import { protectiveLimit } from '#shared/domain/headroom/neighbours/protective-limit.ts';
import { stageKey } from '#shared/domain/inventory/stage.ts';

/** Its share of the account now, and of what all stages usually ask for. */
function sharesOf(
  { account, stages }: HeadroomMinute,
  { nowRps, usualRps }: Culprit,
): Record<string, number> {
  const allUsualRps = stages.reduce((sum, stage) => sum + (stage.usualRps ?? 0), 0);
  return {
    nowShare: nowRps / Math.max(nowRps, account.demandRps),
    ...(allUsualRps > 0 && { usualShare: usualRps / allUsualRps }),
  };
}

/** What the culprit asked of the account second by second; of a stage without a log, the mean stands in for its seconds. */
function secondsOf({ culpritSeconds = [] }: HeadroomMinute, { nowRps }: Culprit): number[] {
  const logged = culpritSeconds.reduce((sum, requests) => sum + requests, 0);
  if (logged === 0) return Array<number>(SECONDS_PER_MINUTE).fill(nowRps);
  // What its usage plans refused never came as far as the limit.
  return culpritSeconds.map((requests) => (requests * nowRps * SECONDS_PER_MINUTE) / logged);
}

/**
 * What the others take, and the limit must leave to them. While the account is cut off and refusals are missing from the
 * logs, they ask for more than is seen: at least for what they usually ask for.
 */
function othersRps({ account, stages }: HeadroomMinute, { id, nowRps }: Culprit): number {
  const seenRps = Math.max(0, account.demandRps - nowRps);
  if (account.clippedSeconds === 0) return seenRps;
  const others = stages.filter((stage) => stageKey(stage.id) !== stageKey(id));
  return Math.max(
    seenRps,
    others.reduce((sum, { usualRps }) => sum + (usualRps ?? 0), 0),
  );
}

/** The limit that would have helped, as measures. */
function limitMeasures(minute: HeadroomMinute, culprit: Culprit): Record<string, number> {
  const { usualRps } = culprit;
  const limit = protectiveLimit(
    {
      usualRps,
      perSecond: secondsOf(minute, culprit),
      othersRps: othersRps(minute, culprit),
    },
    minute.quota,
  );
  return limit === null
    ? { hasNoLimit: 1 }
    : { limitRps: limit.rateRps, limitBurst: limit.burst, limitRefusedRps: limit.refusedRps };
}

function judgeCulprit(minute: HeadroomMinute, culprit: Culprit, stage: StageMinuteDemand): Judgement {
  const { nowRps, usualRps, growthShare } = culprit;
  return {
    kind: 'noisy-neighbour',
    scope: stage.scope,
    verdict: 'breach',
    severity: 'warning',
    latest: {
      nowRps,
      usualRps,
      growthShare,
      ...sharesOf(minute, culprit),
      ...limitMeasures(minute, culprit),
      ...(stage.isUnlogged && { isUnlogged: 1 }),
      ...(minute.account.clippedSeconds > 0 && { isClipped: 1 }),
    },
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

/** One judgement a stage: guilty, or not. */
export function judgeNeighbours(minute: HeadroomMinute, culprit: Culprit | null): Judgement[] {
  return minute.stages.map((stage) =>
    culprit !== null && stageKey(stage.id) === stageKey(culprit.id)
      ? judgeCulprit(minute, culprit, stage)
      : judgeInnocent(stage),
  );
}

/** An API that is alone in its account takes nothing from anybody. */
function hasNeighbours({ stages }: HeadroomMinute): boolean {
  return stages.filter(({ nowRps }) => nowRps > 0).length > 1;
}

/** Who takes the quota of the others, in a minute in which it is short; `null` for nobody in particular. */
export function findCulpritOf(minute: HeadroomMinute): Culprit | null {
  const { account, quota, stages } = minute;
  const canAccuse = isShort(account) && hasNeighbours(minute);
  return canAccuse ? findCulprit(stages, Math.min(account.demandRps, quota.rateRps)) : null;
}

import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import type { Judgement } from '#shared/domain/detection/occurrence.ts';
import {
  accountThrottled,
  isFarFromQuota,
  isShort,
  MIN_REFUSED,
} from '#shared/domain/headroom/demand/quota-use.ts';
import { accountMeasures } from '#shared/domain/headroom/judging/account-measures.ts';
import type { HeadroomMinute, StageMinuteDemand } from '#shared/domain/headroom/judging/headroom-minute.ts';
import type { Culprit } from '#shared/domain/headroom/neighbours/find-culprit.ts';
import { ofAccount, ofClients, ofStage } from '#shared/domain/headroom/throttling/throttle-layers.ts';
import { stageKey } from '#shared/domain/inventory/stage.ts';

/** Fewer of a stage's requests are not worth a word. */
const MIN_REFUSED_RATIO = 0.01;

/** From this share of its requests on, a client's limit is worth a message. */
const CLIENT_WARNING_RATIO = 0.1;

/** At most this many stages are kept by name in one occurrence. */
const MAX_NAMED_STAGES = 20;

/** Refusals of the account per stage, the hardest hit first. */
function hurtStages(stages: readonly StageMinuteDemand[]): Record<string, number> {
  const hurt = stages
    .map(({ id, layers, requests }) => ({ id, refused: ofAccount(layers), requests }))
    .filter(({ refused }) => refused >= 1)
    .sort((a, b) => b.refused - a.refused);
  return Object.fromEntries(
    hurt.slice(0, MAX_NAMED_STAGES).flatMap(({ id, refused, requests }) => [
      [`refused:${stageKey(id)}`, refused],
      [`requests:${stageKey(id)}`, requests],
    ]),
  );
}

/** The mark by which the culprit is kept out of the list of those it hurts. */
function culpritMark(culprit: Culprit | null): Record<string, number> {
  return culprit === null ? {} : { [`culprit:${stageKey(culprit.id)}`]: 1 };
}

/** How the account's 429s are known: named by a log, or by what the throttle must have done. */
function evidenceSums({ account, stages }: HeadroomMinute): Record<string, number> {
  const observed = stages.reduce((sum, { layers }) => sum + layers.accountObserved, 0);
  return { observed, inferred: Math.max(0, accountThrottled(account) - observed) };
}

/** The account's own 429s, or a demand that its throttle cuts off while the 429s are missing from the logs. */
function judgeAccountThrottling(minute: HeadroomMinute, culprit: Culprit | null): Judgement {
  const { account } = minute;
  const evidence = evidenceSums(minute);
  const refused = accountThrottled(account);
  const isNamed = (evidence['observed'] ?? 0) >= MIN_REFUSED;
  const breach = isNamed || account.clippedSeconds > 0 || (refused >= MIN_REFUSED && isShort(account));
  // Not far from the quota, 429s that nothing names may be the account's after all.
  const unnamed = minute.stages.reduce((sum, { layers }) => sum + layers.stageInferred, 0);
  const clean = refused < MIN_REFUSED && (isFarFromQuota(account) || refused + unnamed < MIN_REFUSED);
  const measures = accountMeasures(minute);
  return {
    kind: 'throttling.account',
    scope: minute.accountScope,
    verdict: breach ? 'breach' : clean ? 'clean' : 'borderline',
    severity: 'critical',
    ...measures,
    sums: { ...measures.sums, ...evidence, ...culpritMark(culprit), ...hurtStages(minute.stages) },
    cause: 'throttle.account',
  };
}

function isEnough(refused: number, requests: number): boolean {
  return refused >= MIN_REFUSED && refused >= MIN_REFUSED_RATIO * requests;
}

/** What the stage's own limits refused; 429s that are only inferred to be the account's may be the stage's. */
function judgeStageThrottling({ requests, layers, scope }: StageMinuteDemand): Judgement {
  const refused = ofStage(layers);
  const breach = isEnough(refused, requests);
  const mayBe = isEnough(refused + layers.accountInferred, requests);
  const cause: CauseSlug =
    layers.stageObserved > layers.stageInferred ? 'throttle.method' : 'throttle.unknown-level';
  return {
    kind: 'throttling.stage',
    scope,
    verdict: breach ? 'breach' : mayBe ? 'borderline' : 'clean',
    severity: 'warning',
    latest: { requests, refused },
    sums: { requests, refused, observed: layers.stageObserved },
    peaks: { refusedRatio: requests === 0 ? 0 : refused / requests },
    cause,
  };
}

/** What usage plans refused: the limits of single clients at work, which concern neither the account nor others. */
function judgeClientThrottling({ requests, layers, scope }: StageMinuteDemand): Judgement {
  const { usagePlanRate, usagePlanQuota } = layers;
  const refused = ofClients(layers);
  const refusedRatio = requests === 0 ? 0 : refused / requests;
  return {
    kind: 'throttling.client',
    scope,
    verdict: isEnough(refused, requests) ? 'breach' : 'clean',
    severity: refusedRatio >= CLIENT_WARNING_RATIO ? 'warning' : 'info',
    latest: { requests, refused },
    sums: { requests, refused, byRate: usagePlanRate, byQuota: usagePlanQuota },
    peaks: { refusedRatio },
    cause: usagePlanQuota > usagePlanRate ? 'throttle.quota' : 'throttle.usage-plan',
  };
}

/** Who refused requests of the minute, and how many. */
export function judgeThrottling(minute: HeadroomMinute, culprit: Culprit | null): Judgement[] {
  return [
    judgeAccountThrottling(minute, culprit),
    ...minute.stages.flatMap((stage) => [judgeStageThrottling(stage), judgeClientThrottling(stage)]),
  ];
}

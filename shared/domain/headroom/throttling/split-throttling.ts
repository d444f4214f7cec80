import type { BucketEvidence } from '#shared/domain/headroom/demand/bucket-evidence.ts';
import { bucketEvidenceUnder, evaluateUnder } from '#shared/domain/headroom/demand/evaluate-under.ts';
import { type AccountSeconds, SECONDS_PER_MINUTE } from '#shared/domain/headroom/demand/minute-headroom.ts';
import { isShort, MIN_REFUSED } from '#shared/domain/headroom/demand/quota-use.ts';
import { type QuotaStatus, quotaAt } from '#shared/domain/headroom/quota/quota-history.ts';
import { admitsLikeAThrottle } from '#shared/domain/headroom/throttling/admits-like-a-throttle.ts';
import {
  type AccountEvidence,
  inferLayers,
  type ObservedLayers,
  observeLayers,
  refusedEarlier,
  type StageRefusals,
  type ThrottleLayers,
} from '#shared/domain/headroom/throttling/throttle-layers.ts';

/** A stage with 429s in one minute. */
export type ThrottledStage = StageRefusals & {
  /** The key of the stage; `null` for the 429s of which no stage is known. */
  readonly key: string | null;
  /** Its 429s second by second; `null` where nobody has read them. */
  readonly perSecond: readonly number[] | null;
};

/** The stages with 429s of some minutes, by the start of the minute in epoch milliseconds. */
export type ThrottledMinutes = ReadonlyMap<number, readonly ThrottledStage[]>;

/** The account with its refusals told apart, and the layers of each minute's stages with 429s by the key of the stage. */
export type SplitThrottling = {
  readonly account: AccountSeconds;
  readonly layers: ReadonlyMap<number, ReadonlyMap<string, ThrottleLayers>>;
};

/** A stage's layers, as far as they are told, with the share of its 429s in each second. */
type Told = ObservedLayers & { readonly stage: ThrottledStage; readonly pattern: readonly number[] };

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** 429s of the minute that no known stage has: of a stage that is too new for the inventory. */
function unlisted(throttled: readonly number[], stages: readonly ThrottledStage[]): ThrottledStage {
  const rest = Math.max(0, sum(throttled) - sum(stages.map((stage) => stage.throttled)));
  return {
    key: null,
    requests: rest,
    throttled: rest,
    causes: new Map(),
    executionCauses: new Map(),
    executionUnknown: 0,
    limits: null,
    perSecond: null,
  };
}

/** How the 429s of a stage spread over the seconds: as its own series says, else as those of the account. */
function patternOf({ perSecond }: ThrottledStage, account: readonly number[]): readonly number[] {
  const counts = perSecond !== null && sum(perSecond) > 0 ? perSecond : account;
  const all = sum(counts);
  return all === 0 ? counts : counts.map((count) => count / all);
}

function shareOf(
  evidence: readonly BucketEvidence[],
  pattern: readonly number[],
  wanted: BucketEvidence,
): number {
  return Math.min(1, sum(pattern.filter((_, second) => evidence[second] === wanted)));
}

/** Takes the refusals of the layers before the account out of its demand, spread as each stage's 429s are. */
function subtract(account: AccountSeconds, minutes: ReadonlyMap<number, readonly Told[]>): AccountSeconds {
  const earlier = account.requests.map(() => 0);
  for (const [minuteMs, stages] of minutes) {
    const start = (minuteMs - account.startMs) / 1_000;
    for (const { layers, pattern } of stages) {
      const refused = refusedEarlier(layers);
      for (const [second, share] of pattern.entries()) {
        const at = start + second;
        earlier[at] = Math.min(account.throttled[at] ?? 0, (earlier[at] ?? 0) + refused * share);
      }
    }
  }
  return { ...account, refusedEarlier: earlier };
}

function observe(account: AccountSeconds, minutes: ThrottledMinutes): Map<number, Told[]> {
  const observed = new Map<number, Told[]>();
  for (const [minuteMs, stages] of minutes) {
    const start = (minuteMs - account.startMs) / 1_000;
    const throttled = account.throttled.slice(start, start + SECONDS_PER_MINUTE);
    observed.set(
      minuteMs,
      [...stages, unlisted(throttled, stages)].map((stage) => ({
        stage,
        pattern: patternOf(stage, throttled),
        ...observeLayers(stage),
      })),
    );
  }
  return observed;
}

const NOT_THE_ACCOUNT: AccountEvidence = { spareShare: 1, emptyShare: 0, isNearQuota: false };

/** Stages that are refused at the same time are refused by what they share, also where little gets through. */
const MIN_SHARING_STAGES = 2;

/** Whether what is left to tell may be the account's, by what it let through meanwhile. */
function mayBeAccount(
  account: AccountSeconds,
  quota: QuotaStatus,
  minuteMs: number,
  stages: readonly Told[],
): boolean {
  if (stages.filter(({ unknown }) => unknown >= MIN_REFUSED).length >= MIN_SHARING_STAGES) return true;
  const start = (minuteMs - account.startMs) / 1_000;
  const slice = (values: readonly number[]): readonly number[] =>
    values.slice(Math.max(0, start - 1), start + SECONDS_PER_MINUTE);
  const throttled = slice(account.throttled);
  const earlier = slice(account.refusedEarlier ?? []);
  const unloggedRps = account.unloggedRps?.[start / SECONDS_PER_MINUTE] ?? 0;
  const admitted = slice(account.requests).map(
    (requests, second) => requests - (throttled[second] ?? 0) + unloggedRps,
  );
  // Earlier refusals are spread as shares, so less than half a request is none.
  const refused = throttled.map((count, second) => Math.round(count - (earlier[second] ?? 0)));
  return admitsLikeAThrottle(admitted, refused, quotaAt(quota, minuteMs));
}

/** Tells what is left, by an account that is not charged with what is known to have been refused before it. */
function infer(
  account: AccountSeconds,
  quota: QuotaStatus,
  observed: ReadonlyMap<number, readonly Told[]>,
): Map<number, Told[]> {
  const bucket = bucketEvidenceUnder(quota, account);
  const short = new Set(
    evaluateUnder(quota, account)
      .filter(isShort)
      .map(({ minuteMs }) => minuteMs),
  );
  const told = new Map<number, Told[]>();
  for (const [minuteMs, stages] of observed) {
    const start = (minuteMs - account.startMs) / 1_000;
    const seconds = bucket.slice(start, start + SECONDS_PER_MINUTE);
    const isNearQuota = short.has(minuteMs);
    const isPossible = mayBeAccount(account, quota, minuteMs, stages);
    const inferred = stages.map((known) => {
      const spareShare = shareOf(seconds, known.pattern, 'spare');
      const emptyShare = shareOf(seconds, known.pattern, 'empty');
      const evidence = isPossible ? { spareShare, emptyShare, isNearQuota } : NOT_THE_ACCOUNT;
      const layers = inferLayers(known, known.stage, evidence);
      return { ...known, layers, unknown: 0 };
    });
    told.set(minuteMs, inferred);
  }
  return told;
}

function byKey(stages: readonly Told[]): Map<string, ThrottleLayers> {
  return new Map(stages.flatMap(({ stage, layers }) => (stage.key === null ? [] : [[stage.key, layers]])));
}

/**
 * Tells the layers of all 429s: first what the logs and the stages' own limits say; then, by a bucket that is not charged
 * with those, what the account throttle can have refused.
 *
 * @param minutes - Minutes of the account of which the stages are known
 */
export function splitThrottling(
  account: AccountSeconds,
  quota: QuotaStatus,
  minutes: ThrottledMinutes,
): SplitThrottling {
  if (minutes.size === 0) return { account, layers: new Map() };
  const observed = observe(account, minutes);
  const told = infer(subtract(account, observed), quota, observed);
  return {
    account: subtract(account, told),
    layers: new Map([...told].map(([minuteMs, stages]) => [minuteMs, byKey(stages)])),
  };
}

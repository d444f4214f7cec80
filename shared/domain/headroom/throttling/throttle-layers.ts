import type { CauseSlug } from '#shared/domain/causes/causes.ts';

/** A stage's 429s of one minute by the layer that made them; they add up to all that API Gateway made. */
export type ThrottleLayers = {
  /** The logs name the account throttle. */
  readonly accountObserved: number;
  /** The account throttle was at its end then, and nothing names another layer. */
  readonly accountInferred: number;
  /** The logs name the limit of the stage or the method. */
  readonly stageObserved: number;
  /** The stage was above its own limit, or the account throttle had tokens to spare. */
  readonly stageInferred: number;
  /** The logs name the rate of a usage plan. */
  readonly usagePlanRate: number;
  /** The logs name the quota of a usage plan. */
  readonly usagePlanQuota: number;
};

/** Of a stage without 429s. */
export const NO_THROTTLE: ThrottleLayers = {
  accountObserved: 0,
  accountInferred: 0,
  stageObserved: 0,
  stageInferred: 0,
  usagePlanRate: 0,
  usagePlanQuota: 0,
};

/** The causes that name a layer. */
const LAYER_BY_CAUSE = {
  'throttle.account': 'accountObserved',
  'throttle.method': 'stageObserved',
  'throttle.usage-plan': 'usagePlanRate',
  'throttle.quota': 'usagePlanQuota',
} as const satisfies Partial<Record<CauseSlug, keyof ThrottleLayers>>;

/** A cause that names a layer. */
export type LayerCause = keyof typeof LAYER_BY_CAUSE;

/** The closed list of causes that name a layer; what is read of a stage with 429s, besides `throttle.unknown-level`. */
export const LAYER_CAUSES = Object.keys(LAYER_BY_CAUSE) as LayerCause[];

/** Requests by cause; a cause without any is absent. */
export type LayerCounts = ReadonlyMap<LayerCause, number>;

/** What is counted of one stage in one minute. */
export type StageRefusals = {
  readonly requests: number;
  /** All 429s that API Gateway made. */
  readonly throttled: number;
  /** `ErrorCount` of the access log. */
  readonly causes: LayerCounts;
  /** `ExecutionCause`: the same requests as the execution log tells them. */
  readonly executionCauses: LayerCounts;
  /** Throttled requests of which the execution log does not name the layer either. */
  readonly executionUnknown: number;
  /** The stage's own limit, where it is known. */
  readonly limits: { readonly rateRps: number; readonly burst: number } | null;
};

/** What is certain, and what is left to tell by the state of the account throttle. */
export type ObservedLayers = { readonly layers: ThrottleLayers; readonly unknown: number };

function total(counts: LayerCounts): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

/** What the execution log names beyond the access log. Both see the same requests, so nothing is counted twice. */
function onlyInExecution({ causes, executionCauses }: StageRefusals): LayerCounts {
  return new Map(
    LAYER_CAUSES.map((cause) => [
      cause,
      Math.max(0, (executionCauses.get(cause) ?? 0) - (causes.get(cause) ?? 0)),
    ]),
  );
}

/** Requests are whole, also where they are shares of others. */
function layersOf(counts: LayerCounts, factor: number): ThrottleLayers {
  const layers: Record<keyof ThrottleLayers, number> = { ...NO_THROTTLE };
  for (const cause of LAYER_CAUSES)
    layers[LAYER_BY_CAUSE[cause]] = Math.round((counts.get(cause) ?? 0) * factor);

  return layers;
}

function addLayers(a: ThrottleLayers, b: ThrottleLayers): ThrottleLayers {
  return {
    accountObserved: a.accountObserved + b.accountObserved,
    accountInferred: a.accountInferred + b.accountInferred,
    stageObserved: a.stageObserved + b.stageObserved,
    stageInferred: a.stageInferred + b.stageInferred,
    usagePlanRate: a.usagePlanRate + b.usagePlanRate,
    usagePlanQuota: a.usagePlanQuota + b.usagePlanQuota,
  };
}

/** 429s of usage plans: their clients' own limits at work. */
export function ofClients({ usagePlanRate, usagePlanQuota }: ThrottleLayers): number {
  return usagePlanRate + usagePlanQuota;
}

/** 429s of the stage's or a method's own limit. */
export function ofStage({ stageObserved, stageInferred }: ThrottleLayers): number {
  return stageObserved + stageInferred;
}

/** 429s of the throttle that all APIs share. */
export function ofAccount({ accountObserved, accountInferred }: ThrottleLayers): number {
  return accountObserved + accountInferred;
}

/** 429s that never reached the account throttle: usage plans, then stage and method limits, are asked before it. */
export function refusedEarlier(layers: ThrottleLayers): number {
  return ofClients(layers) + ofStage(layers);
}

/**
 * Tells the layers that can be told without the account: by causes of the access log, by those of the execution log, and
 * by the stage's own limit.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html} for the order
 */
export function observeLayers(refusals: StageRefusals): ObservedLayers {
  const { throttled, requests, causes, executionUnknown, limits } = refusals;
  const named = total(causes);
  const logged = layersOf(causes, named > throttled ? throttled / named : 1);
  const unnamed = Math.max(0, throttled - named);

  const execution = onlyInExecution(refusals);
  const seen = total(execution);
  // Where the execution log names every 429 that it holds, it stands for those it misses as well.
  const factor = seen === 0 ? 0 : executionUnknown === 0 ? unnamed / seen : Math.min(1, unnamed / seen);
  const split = layersOf(execution, factor);
  const layers = addLayers(logged, split);
  const unknown = Math.max(0, unnamed - ofAccount(split) - refusedEarlier(split));

  if (limits === null) return { layers, unknown };
  const reachedLimit = requests - ofClients(layers) - layers.stageObserved;
  const aboveLimit = Math.max(0, Math.floor(reachedLimit - 60 * limits.rateRps - limits.burst));
  const stageInferred = Math.min(unknown, aboveLimit);
  return { layers: { ...layers, stageInferred }, unknown: unknown - stageInferred };
}

/** What the account throttle was like when a stage's 429s came. */
export type AccountEvidence = {
  /** Shares of the 429s in seconds in which the bucket had tokens to spare, or was empty; 0..1, together 1 at most. */
  readonly spareShare: number;
  readonly emptyShare: number;
  /** Whether the minute is so near to the quota that what is unclear may be the account's. */
  readonly isNearQuota: boolean;
};

/** So near to its own limit, a stage meets it in some seconds. */
const AT_LIMIT_RATIO = 0.9;

/** Tells what is left by the state of the account throttle: what it cannot have refused is the stage's. */
export function inferLayers(
  { layers, unknown }: ObservedLayers,
  { requests, limits }: Pick<StageRefusals, 'requests' | 'limits'>,
  { spareShare, emptyShare, isNearQuota }: AccountEvidence,
): ThrottleLayers {
  const isAtOwnLimit = limits !== null && requests >= AT_LIMIT_RATIO * 60 * limits.rateRps;
  const isUnclearAccount = isNearQuota && !isAtOwnLimit;
  const accountShare = isUnclearAccount ? 1 - spareShare : emptyShare;
  const account = Math.round(unknown * accountShare);
  return {
    ...layers,
    accountInferred: layers.accountInferred + account,
    stageInferred: layers.stageInferred + (unknown - account),
  };
}

import type { Quota } from '#shared/domain/headroom/quota/quota.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** One route of a simulated stage. */
export type SimulatedRoute = {
  readonly method: string;
  readonly path: string;
  /** Share of the stage's requests; the shares of a stage add up to 1. */
  readonly share: number;
  readonly medianMs: number;
};

/** One simulated stage. */
export type SimulatedStage = {
  readonly item: InventoryItem;
  /** Mean rate over a day. */
  readonly meanRps: number;
  readonly routes: readonly SimulatedRoute[];
};

/** Something that goes wrong. Times are milliseconds after the start of the scenario. */
export type Episode = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly apiName: string;
} & (
  | { readonly kind: 'surge'; readonly rps: number }
  | { readonly kind: 'function-errors'; readonly path: string; readonly ratio: number }
  | { readonly kind: 'timeouts'; readonly path: string; readonly ratio: number }
);

/** An account for a time: who calls what, and what goes wrong. */
export type Scenario = {
  readonly accountId: string;
  readonly region: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly quota: Quota;
  readonly stages: readonly SimulatedStage[];
  readonly episodes: readonly Episode[];
};

const HOUR_MS = 60 * 60_000;
const MINUTE_MS = 60_000;

type StageShape = {
  readonly apiId: string;
  readonly apiName: string;
  readonly apiType: 'REST' | 'HTTP';
  readonly stage: string;
  readonly quotaShare: number;
  readonly limits: { readonly rateRps: number; readonly burst: number } | null;
  readonly routes: readonly SimulatedRoute[];
};

const STAGES: readonly StageShape[] = [
  {
    apiId: 'a1shop0001',
    apiName: 'shop-api',
    apiType: 'REST',
    stage: 'prod',
    quotaShare: 0.008,
    limits: null,
    routes: [
      { method: 'GET', path: '/products', share: 0.5, medianMs: 45 },
      { method: 'GET', path: '/products/{id}', share: 0.35, medianMs: 30 },
      { method: 'POST', path: '/carts', share: 0.15, medianMs: 120 },
    ],
  },
  {
    apiId: 'b2pays0002',
    apiName: 'payments-api',
    apiType: 'REST',
    stage: 'prod',
    quotaShare: 0.004,
    limits: null,
    routes: [
      { method: 'POST', path: '/payments', share: 0.6, medianMs: 180 },
      { method: 'GET', path: '/payments/{id}', share: 0.4, medianMs: 40 },
    ],
  },
  {
    apiId: 'c3user0003',
    apiName: 'users-api',
    apiType: 'HTTP',
    stage: '$default',
    quotaShare: 0.004,
    limits: null,
    routes: [
      { method: 'GET', path: '/users/{id}', share: 0.8, medianMs: 25 },
      { method: 'PUT', path: '/users/{id}', share: 0.2, medianMs: 60 },
    ],
  },
  {
    apiId: 'd4rept0004',
    apiName: 'reports-api',
    apiType: 'REST',
    stage: 'prod',
    quotaShare: 0.004,
    limits: null,
    routes: [
      { method: 'GET', path: '/reports/{id}', share: 0.7, medianMs: 350 },
      { method: 'POST', path: '/reports', share: 0.3, medianMs: 220 },
    ],
  },
  {
    apiId: 'e5part0005',
    apiName: 'partner-api',
    apiType: 'REST',
    stage: 'v1',
    quotaShare: 0.001,
    limits: null,
    routes: [{ method: 'GET', path: '/export', share: 1, medianMs: 80 }],
  },
];

function toStage(shape: StageShape, quota: Quota): SimulatedStage {
  const { apiId, apiName, apiType, stage, limits, routes, quotaShare } = shape;
  return {
    item: {
      apiId,
      apiName,
      apiType,
      stage,
      logGroup: `/aws/api-gateway/${apiName}`,
      limits,
      integrationTimeoutMs: apiType === 'HTTP' ? 30_000 : 29_000,
      schemaVersion: 1,
    },
    meanRps: quotaShare * quota.rateRps,
    routes,
  };
}

/**
 * A day of an account with five APIs: in the morning one route's Lambda function fails, in the afternoon the
 * smallest API surges past the account's quota while the others are hurt, in the evening a backend gets so slow that
 * its requests time out.
 *
 * @param quota - All rates follow it
 * @param startMs - Midnight UTC of the day, epoch milliseconds
 */
export function threeIncidentsADay(quota: Quota, region: string, startMs: number): Scenario {
  const at = (hour: number, minute: number): number => hour * HOUR_MS + minute * MINUTE_MS;
  return {
    accountId: '123456789012',
    region,
    startMs,
    durationMs: 24 * HOUR_MS,
    quota,
    stages: STAGES.map((shape) => toStage(shape, quota)),
    episodes: [
      {
        kind: 'function-errors',
        apiName: 'payments-api',
        path: '/payments',
        ratio: 0.8,
        fromMs: at(9, 40),
        toMs: at(10, 5),
      },
      { kind: 'surge', apiName: 'partner-api', rps: 1.6 * quota.rateRps, fromMs: at(14, 2), toMs: at(14, 6) },
      {
        kind: 'timeouts',
        apiName: 'reports-api',
        path: '/reports/{id}',
        ratio: 0.7,
        fromMs: at(20, 10),
        toMs: at(20, 35),
      },
    ],
  };
}

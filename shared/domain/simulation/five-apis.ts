import type { Quota } from '#shared/domain/headroom/quota/quota.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import type {
  Scenario,
  Setting,
  SimulatedRoute,
  SimulatedStage,
} from '#shared/domain/simulation/scenario.ts';

/** Milliseconds, as times of episodes are told. */
export const MINUTE_MS = 60_000;

type StageShape = {
  readonly apiId: string;
  readonly apiName: string;
  readonly apiType: 'REST' | 'HTTP';
  readonly stage: string;
  readonly quotaShare: number;
  readonly routes: readonly SimulatedRoute[];
};

const STAGES: readonly StageShape[] = [
  {
    apiId: 'a1shop0001',
    apiName: 'shop-api',
    apiType: 'REST',
    stage: 'prod',
    quotaShare: 0.008,
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
    routes: [{ method: 'GET', path: '/export', share: 1, medianMs: 80 }],
  },
];

/** What a scenario gives one of the five APIs instead of what it usually has. */
type Difference = {
  /** Its mean rate as a share of the quota. */
  readonly quotaShare?: number;
  readonly usagePlan?: Quota;
  readonly executionLogLevel?: InventoryItem['executionLogLevel'];
};

/** By the name of the API. */
type Differences = Readonly<Partial<Record<string, Difference>>>;

function toStage(shape: StageShape, quota: Quota, difference: Difference = {}): SimulatedStage {
  const { apiId, apiName, apiType, stage, routes } = shape;
  const { quotaShare = shape.quotaShare, usagePlan, executionLogLevel } = difference;
  return {
    item: {
      apiId,
      apiName,
      apiType,
      stage,
      logGroup: `/aws/api-gateway/${apiName}`,
      limits: null,
      integrationTimeoutMs: apiType === 'HTTP' ? 30_000 : 29_000,
      schemaVersion: 1,
      ...(executionLogLevel !== undefined && { executionLogLevel }),
    },
    meanRps: quotaShare * quota.rateRps,
    routes,
    ...(usagePlan !== undefined && { usagePlan }),
  };
}

/** Five APIs of one account: shop, payments, users and reports, and the smallest, which partners use. */
export function fiveApis(quota: Quota, differences: Differences = {}): SimulatedStage[] {
  return STAGES.map((shape) => toStage(shape, quota, differences[shape.apiName]));
}

/** Noon: scenarios of an hour begin then. */
const NOON_MS = 12 * 60 * MINUTE_MS;

/** An hour of these APIs from noon, even and without any trouble. */
export function calmHour({ quota, region, dayMs }: Setting, differences: Differences = {}): Scenario {
  return {
    accountId: '123456789012',
    region,
    startMs: dayMs + NOON_MS,
    durationMs: 60 * MINUTE_MS,
    quota,
    stages: fiveApis(quota, differences),
    episodes: [],
    rhythm: 'even',
    logsAccountRefusals: true,
  };
}

/**
 * The same with 46 % of the quota in use, most of it by shop-api and 1 % by partner-api.
 *
 * @param partner - What else is so of partner-api
 */
export function halfUsedHour(setting: Setting, partner: Difference = {}): Scenario {
  return calmHour(setting, {
    'shop-api': { quotaShare: 0.3 },
    'payments-api': { quotaShare: 0.05 },
    'users-api': { quotaShare: 0.05 },
    'reports-api': { quotaShare: 0.05 },
    'partner-api': { quotaShare: 0.01, ...partner },
  });
}

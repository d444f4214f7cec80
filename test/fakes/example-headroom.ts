import type { ReadServiceCounts } from '#shared/application/ports.ts';
import { createSurveyHeadroom } from '#shared/application/survey-headroom.ts';
import type { HeadroomSurvey } from '#shared/domain/headroom/survey/headroom-survey.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { createAccount, NOON_MS } from '#test/fakes/replayed-account.ts';

const MINUTE_MS = 60_000;
const HISTORY_MINUTES = 100;

const QUOTA = { rateRps: 10_000, burst: 5_000 };

function item(apiId: string, apiName: string, differences: Partial<InventoryItem> = {}): InventoryItem {
  return {
    apiId,
    apiName,
    apiType: 'REST',
    stage: 'prod',
    logGroup: `/aws/api-gateway/${apiName}`,
    limits: null,
    integrationTimeoutMs: 29_000,
    schemaVersion: 1,
    ...differences,
  };
}

const ORDERS = item('a1b2c3d4e5', 'orders-api');
const USERS = item('b2c3d4e5f6', 'users-api', { limits: { rateRps: 2_000, burst: 1_000 } });
const PAYMENTS = item('c3d4e5f6a1', 'payments-api');
const INTERNAL = item('d4e5f6a1b2', 'internal-api', { stage: 'dev', logGroup: null });
const INVENTORY = [ORDERS, USERS, PAYMENTS, INTERNAL];

/** Requests per second of stages, so many minutes before the newest one. */
type Traffic = (
  minutesAgo: number,
) => readonly (readonly [stage: InventoryItem, rps: number, refused?: number])[];

/** What API Gateway itself counts of that traffic, of which it knows all. */
function countsOf(traffic: Traffic): ReadServiceCounts {
  const series = new Map<string, Map<number, number>>();
  for (let minutesAgo = HISTORY_MINUTES; minutesAgo >= 0; minutesAgo -= 1)
    for (const [{ apiName, stage }, rps] of traffic(minutesAgo)) {
      const key = `${apiName}/${stage}`;
      const own = series.get(key) ?? new Map<number, number>();
      series.set(key, own.set(NOON_MS - minutesAgo * MINUTE_MS, rps * 60));
    }
  return async (metrics, { fromMs, toMs }) =>
    metrics.map(({ dimensions }) => {
      const own = series.get(Object.values(dimensions).join('/')) ?? new Map<number, number>();
      return new Map([...own].filter(([ms]) => ms >= fromMs && ms < toMs));
    });
}

/** The last minute begins with ten seconds of half as many requests again. */
async function surveyTraffic(traffic: Traffic): Promise<HeadroomSurvey> {
  const { account, metrics, clock, addSecond, readableAfter } = createAccount(INVENTORY);
  for (let minutesAgo = HISTORY_MINUTES; minutesAgo >= 0; minutesAgo -= 1) {
    for (let second = 0; second < 60; second += 1) {
      const ms = NOON_MS - minutesAgo * MINUTE_MS + second * 1_000;
      const factor = second < 10 ? 1.5 : 0.9;
      for (const [stage, rps, refused = 0] of traffic(minutesAgo))
        if (stage.logGroup !== null) await addSecond(stage, ms, Math.round(rps * factor), refused);
    }
  }
  readableAfter(NOON_MS);
  return createSurveyHeadroom({
    account,
    readMetrics: metrics.readMetrics,
    readServiceCounts: countsOf(traffic),
    readQuota: async () => ({
      ...QUOTA,
      rateSource: 'get-account',
      burstSource: 'get-account',
      readings: { getAccount: QUOTA, serviceQuotas: QUOTA },
      changes: [],
    }),
    readInventory: async () => INVENTORY,
    now: () => new Date(clock.nowMs),
  })();
}

/** An account whose orders-api has grown for half an hour. */
export function climbingAccount(): Promise<HeadroomSurvey> {
  return surveyTraffic((minutesAgo) => [
    [ORDERS, 2_410 - Math.min(30, minutesAgo) * 55],
    [USERS, 1_130],
    [PAYMENTS, 640 + (minutesAgo % 7) * 5],
    [INTERNAL, 130],
  ]);
}

/** An account whose orders-api has taken the quota of the others for four minutes. */
export function exhaustedAccount(): Promise<HeadroomSurvey> {
  return surveyTraffic((minutesAgo) =>
    minutesAgo < 4
      ? [
          [ORDERS, 8_400, 120],
          [USERS, 1_130, 9],
          [PAYMENTS, 1_240, 22],
        ]
      : [
          [ORDERS, 900],
          [USERS, 1_130],
          [PAYMENTS, 1_240],
        ],
  );
}

import { describe, expect, it } from 'vitest';
import { createMemoryEvaluations } from '#shared/adapters/memory-evaluations.ts';
import { createAssessHeadroom } from '#shared/application/assess-headroom.ts';
import { createCheckHeadroom } from '#shared/application/check-headroom.ts';
import type { ReadMetrics } from '#shared/application/ports.ts';
import { createRunEvaluation } from '#shared/application/run-evaluation.ts';
import { createQuotaStatus } from '#test/fakes/quota-status.ts';
import { createAccount, inventoryOf, NOON_MS } from '#test/fakes/replayed-account.ts';

const MINUTE_MS = 60_000;
const API = { apiId: 'api', stage: 'prod' };

/** As CloudWatch documents it: a query by the second that begins more than 3 hours ago has no data at all. */
function createFixture(settleSeconds: number) {
  const { account, clock, metrics, addMinute } = createAccount(inventoryOf(API));
  const readMetrics: ReadMetrics = async (queries, range) => {
    const isTooOld = range.fromMs < clock.nowMs - 180 * MINUTE_MS;
    const series = await metrics.readMetrics(queries, range);
    return series.map((one, at) => (isTooOld && queries[at]?.periodSeconds === 1 ? new Map() : one));
  };
  const checkHeadroom = createCheckHeadroom({
    assessHeadroom: createAssessHeadroom({ account, readMetrics }),
    readQuota: async () => createQuotaStatus({ rateRps: 100, burst: 50 }),
    publishMetricData: metrics.publishMetricData,
    runEvaluation: createRunEvaluation({
      account,
      evaluations: createMemoryEvaluations(),
      readInventory: async () => inventoryOf(API),
      publishEvents: async () => {},
      now: () => new Date(clock.nowMs),
      settleSeconds,
    }),
  });
  return { clock, addMinute, checkHeadroom };
}

describe('checkHeadroom() after an outage of its own', () => {
  it.each([60, 600])(
    'checkHeadroom() judges the seconds that CloudWatch still has, where data settles for %i s',
    async (settleSeconds) => {
      const { clock, addMinute, checkHeadroom } = createFixture(settleSeconds);
      await addMinute(API, NOON_MS, 10);
      clock.nowMs = NOON_MS + MINUTE_MS + settleSeconds * 1_000;
      await checkHeadroom();
      for (let minute = 1; minute <= 300; minute += 1) await addMinute(API, NOON_MS + minute * MINUTE_MS, 10);
      // Two hours ago, for ten minutes, while nobody looked.
      for (let minute = 180; minute < 190; minute += 1)
        await addMinute(API, NOON_MS + minute * MINUTE_MS, 110);
      // As late within a minute as a run can be.
      clock.nowMs = NOON_MS + 301 * MINUTE_MS + settleSeconds * 1_000 + 59_999;

      const { outcome, minutes } = await checkHeadroom();

      expect(minutes[0]?.minuteMs).toBe(NOON_MS + (301 - 165) * MINUTE_MS);
      expect(minutes.length).toBe(165);
      expect(outcome.status === 'evaluated' && outcome.findings.map(({ kind }) => kind)).toContain(
        'headroom.exhausted',
      );
    },
  );
});

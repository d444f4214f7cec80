import { describe, expect, it } from 'vitest';
import type { DescribedStage } from '#shared/application/inventory-ports.ts';
import type { PlannedSubscription } from '#shared/application/plan-subscriptions.ts';
import type { TimeRange } from '#shared/application/ports.ts';
import { createSurveyLogging, type StageLogging } from '#shared/application/survey-logging.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';
import type { RequestMetric } from '#shared/domain/logging/request-metrics.ts';
import type { LeaveReason } from '#shared/domain/subscriptions/plan-subscription.ts';
import { describedStage } from '#test/fakes/watched-account.ts';

const ORDERS = { apiId: 'a1', apiName: 'orders-api', apiType: 'REST' } as const;
const CHAT = { apiId: 'w1', apiName: 'chat', apiType: 'WEBSOCKET' } as const;

const GOOD = { logGroup: '/logs/orders', format: RECOMMENDED_FORMATS.REST };
const BARE = '{"status":"$context.status"}';

function leftGroup(group: string, reason: LeaveReason): PlannedSubscription {
  return {
    group,
    filter: { name: 'gatewatch-prod-access', pattern: '', destinationArn: '' },
    decision: { action: 'leave', reason },
    otherFilters: [],
  };
}

type Asked = { metrics: readonly RequestMetric[]; range: TimeRange | null };

/** Surveys stages of which each metric counted 700 requests. */
async function survey(
  stages: readonly DescribedStage[],
  subscriptions: readonly PlannedSubscription[] = [],
): Promise<{ surveyed: StageLogging[]; asked: Asked }> {
  const asked: Asked = { metrics: [], range: null };
  const surveyLogging = createSurveyLogging({
    readRequestTotals: async (metrics, range) => {
      Object.assign(asked, { metrics, range });
      return metrics.map(() => 700);
    },
    now: () => new Date('2026-03-08T14:35:10Z'),
    reportStep: () => {},
  });
  return { surveyed: await surveyLogging(stages, subscriptions), asked };
}

async function surveyOne(
  differences: Partial<DescribedStage>,
  subscriptions: readonly PlannedSubscription[] = [],
) {
  const { surveyed } = await survey([describedStage(ORDERS, differences)], subscriptions);
  const [logging] = surveyed;
  if (logging === undefined) throw new Error('Nothing was surveyed');
  return logging;
}

describe('createSurveyLogging()', () => {
  it('surveyLogging() suggests nothing for a stage whose log has all', async () => {
    expect(await surveyOne(GOOD)).toMatchObject({
      accessLog: 'log-group',
      logGroupState: 'readable',
      format: { counted: 'all', missing: [] },
      change: null,
      costAfter: null,
      costNow: { requestsPerMonth: 3_000 },
    });
  });

  it('surveyLogging() suggests a log for a stage without one', async () => {
    expect(await surveyOne({})).toMatchObject({
      accessLog: 'none',
      logGroupState: null,
      format: null,
      change: {
        kind: 'start',
        logGroup: '/aws/api-gateway/orders-api-a1/prod',
        format: RECOMMENDED_FORMATS.REST,
      },
      costNow: null,
      costAfter: { requestsPerMonth: 3_000 },
    });
  });

  it('surveyLogging() suggests another format in the same log group', async () => {
    const logging = await surveyOne({ logGroup: '/logs/orders', format: BARE });

    expect(logging.change).toMatchObject({ kind: 'reformat', logGroup: '/logs/orders' });
    expect(logging.costAfter?.usdPerMonth).toBeGreaterThan(logging.costNow?.usdPerMonth ?? Number.NaN);
  });

  it('surveyLogging() leaves a log alone that goes to Firehose', async () => {
    expect(await surveyOne({ accessLogDestination: 'firehose', format: BARE })).toMatchObject({
      accessLog: 'firehose',
      format: null,
      change: null,
      costNow: null,
    });
  });

  it('surveyLogging() suggests another group where the class takes no filters, at the price of Standard', async () => {
    const logging = await surveyOne(GOOD, [leftGroup('/logs/orders', 'log-class')]);

    expect(logging.change).toMatchObject({ kind: 'move', logGroup: '/aws/api-gateway/orders-api-a1/prod' });
    expect(logging.costAfter?.usdPerMonth).toBeCloseTo(2 * (logging.costNow?.usdPerMonth ?? Number.NaN));
  });

  it('surveyLogging() takes no format without a destination for Firehose', async () => {
    expect(await surveyOne({ format: BARE })).toMatchObject({
      accessLog: 'none',
      change: { kind: 'start' },
    });
  });

  it('surveyLogging() suggests the log group that does not exist, and leaves a stage alone that is right', async () => {
    expect(await surveyOne(GOOD, [leftGroup('/logs/orders', 'no-group')])).toMatchObject({
      logGroupState: 'missing',
      format: {
        counted: 'none',
        problem: 'goes to a log group that does not exist: no request is counted',
        missing: [],
      },
      change: { kind: 'restore', logGroup: '/logs/orders', updatesStage: false },
      costNow: null,
      costAfter: { requestsPerMonth: 3_000 },
    });
  });

  it('surveyLogging() suggests group and format where both lack', async () => {
    const bare = { logGroup: '/logs/orders', format: BARE };

    expect(await surveyOne(bare, [leftGroup('/logs/orders', 'no-group')])).toMatchObject({
      change: { kind: 'restore', format: RECOMMENDED_FORMATS.REST, updatesStage: true },
    });
  });

  it('surveyLogging() suggests a log group once that several stages lack', async () => {
    const { surveyed } = await survey(
      [
        describedStage(ORDERS, GOOD),
        describedStage(ORDERS, { ...GOOD, stage: 'dev' }),
        describedStage(CHAT, { logGroup: '/logs/orders', format: BARE }),
      ],
      [leftGroup('/logs/orders', 'no-group')],
    );

    expect(surveyed.map(({ change }) => change?.kind ?? null)).toEqual(['restore', null, 'reformat']);
    expect(surveyed.map(({ format }) => format?.counted)).toEqual(['none', 'none', 'none']);
  });

  it('surveyLogging() suggests a change of a stage that quick create made as one', async () => {
    expect(await surveyOne({ apiGatewayManaged: true })).toMatchObject({
      change: { apiGatewayManaged: true, updatesStage: true },
    });
  });

  it('surveyLogging() counts whole hours of the last seven days', async () => {
    const { asked } = await survey([describedStage(ORDERS)]);

    expect(asked.range).toEqual({
      fromMs: Date.parse('2026-03-01T14:00:00Z'),
      toMs: Date.parse('2026-03-08T14:00:00Z'),
    });
  });

  it('surveyLogging() adds the metrics of a stage up, and gives each stage its own', async () => {
    const { surveyed } = await survey([describedStage(CHAT), describedStage(ORDERS)]);

    expect(surveyed.map(({ requests }) => requests)).toEqual([1_400, 700]);
  });

  it('surveyLogging() says that REST APIs of one name share a count', async () => {
    const twin = { ...ORDERS, apiId: 'a2' };
    const { surveyed } = await survey([
      describedStage(ORDERS),
      describedStage(twin),
      describedStage(ORDERS, { stage: 'dev' }),
    ]);

    expect(surveyed.map(({ sharesCount }) => sharesCount)).toEqual([true, true, false]);
  });

  it('surveyLogging() knows how many stages write to a group', async () => {
    const bare = { logGroup: '/logs/shared', format: BARE };
    const { surveyed } = await survey([describedStage(ORDERS, bare), describedStage(CHAT, bare)]);

    expect(surveyed[0]?.format?.missing[0]?.loss).toContain('2 stages');
  });
});

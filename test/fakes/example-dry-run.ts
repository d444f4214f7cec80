import type { DryRun } from '#cli/setup/report.ts';
import { type DeployedStack, destinationsOf, ownLogGroupPrefix } from '#cli/setup/stack.ts';
import type { Api, DescribedStage } from '#shared/application/inventory-ports.ts';
import { createListStages } from '#shared/application/list-stages.ts';
import { createPlanSubscriptions } from '#shared/application/plan-subscriptions.ts';
import { createSurveyLogging } from '#shared/application/survey-logging.ts';
import { printChanges } from '#shared/domain/logging/print-changes.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';
import { createLogGroupStore, createMemoryLogGroups } from '#test/fakes/log-group-store.ts';
import { DESTINATIONS, describedStage } from '#test/fakes/watched-account.ts';

const ORDERS: Api = { apiId: 'a1b2c3d4e5', apiName: 'orders-api', apiType: 'REST' };
const LEGACY: Api = { apiId: 'b2c3d4e5f6', apiName: 'legacy-api', apiType: 'REST' };
const USERS: Api = { apiId: 'c3d4e5f6a1', apiName: 'users-api', apiType: 'HTTP' };
const CHAT: Api = { apiId: 'd4e5f6a1b2', apiName: 'chat', apiType: 'WEBSOCKET' };

const STAGES: readonly DescribedStage[] = [
  describedStage(ORDERS, {
    logGroup: '/aws/api-gateway/orders',
    format: RECOMMENDED_FORMATS.REST,
    executionLogLevel: 'ERROR',
    tracing: true,
    limits: { rateRps: 2_000, burst: 1_000 },
  }),
  describedStage(LEGACY, {
    logGroup: '/aws/api-gateway/legacy',
    format:
      '$context.identity.sourceIp [$context.requestTime] "$context.httpMethod $context.resourcePath" $context.status',
    executionLogLevel: 'INFO',
    logsBodies: true,
  }),
  describedStage(USERS, {
    stage: '$default',
    logGroup: '/aws/vendedlogs/users',
    format:
      '{"requestId":"$context.requestId","requestTime":"$context.requestTime","status":"$context.status"}',
  }),
  describedStage(CHAT, { stage: 'live', executionLogLevel: 'ERROR' }),
];

const HOURLY: Readonly<Record<string, number>> = {
  'orders-api': 250_000,
  'legacy-api': 1_200,
  c3d4e5f6a1: 31_000,
  d4e5f6a1b2: 9_000,
};

/** What a dry run finds in an account with good and bad stages; `differences` are of the stack. */
export async function exampleDryRun(differences: Partial<DeployedStack> = {}): Promise<DryRun> {
  const stack = {
    status: 'deployed',
    name: 'gatewatch-prod',
    accountId: '123456789012',
    destinations: DESTINATIONS,
    subscribeMode: 'manual',
    inventoryTableName: 'inventory',
    ...differences,
  } as DeployedStack;
  const store = createLogGroupStore();
  store.create('/aws/api-gateway/orders');
  store.create('/aws/api-gateway/legacy');
  store.create('/aws/vendedlogs/users');
  store.create('API-Gateway-Execution-Logs_a1b2c3d4e5/prod');
  for (const name of ['datadog', 'splunk'])
    store.put('/aws/vendedlogs/users', { name, pattern: '', destinationArn: '' });
  const reportStep = (): void => {};
  const { apis, stages } = await createListStages({
    apiGateway: {
      listApis: async () => [ORDERS, LEGACY, USERS, CHAT],
      readStages: async ({ apiId }) => STAGES.filter((stage) => stage.apiId === apiId),
      readIntegrationTimeoutMs: async () => 29_000,
    },
    reportStep,
  })([]);
  const subscriptions = await createPlanSubscriptions({
    logGroups: createMemoryLogGroups(store),
    reportStep,
  })(stages, destinationsOf(stack), ownLogGroupPrefix(stack.name));
  const surveyed = await createSurveyLogging({
    readRequestTotals: async (metrics) =>
      metrics.map(
        ({ dimensions }) => (HOURLY[dimensions['ApiName'] ?? dimensions['ApiId'] ?? ''] ?? 0) * 168,
      ),
    now: () => new Date('2026-03-02T14:05:00Z'),
    reportStep,
  })(stages, subscriptions);
  const changes = surveyed.flatMap(({ change }) => (change === null ? [] : [change]));
  const text = printChanges(changes, 'cli', 'us-east-1');
  return {
    region: 'us-east-1',
    stack,
    given: [],
    apis: apis.length,
    stages: surveyed,
    subscriptions,
    changes: { language: 'cli', text },
  };
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiGateway } from '#shared/adapters/apigateway-api-gateway.ts';
import { createLogGroups } from '#shared/adapters/cloudwatch-logs-log-groups.ts';
import { createPaceCalls } from '#shared/adapters/pace-calls.ts';
import { createSubscribeLogGroups } from '#shared/application/subscribe-log-groups.ts';
import type { SubscriptionReport } from '#shared/application/subscription-report.ts';
import {
  type ApiGatewayContent,
  type ApiGatewayServer,
  startApiGateway,
} from '#test/fakes/apigateway-server.ts';
import { type CloudWatchLogsServer, startCloudWatchLogs } from '#test/fakes/cloudwatch-logs-server.ts';
import { createLogGroupStore } from '#test/fakes/log-group-store.ts';
import { createStoredInventory } from '#test/fakes/stored-inventory.ts';
import { DESTINATIONS, OWN_PREFIX } from '#test/fakes/watched-account.ts';

const APIS = 600;
/** Of a Lambda with 280 seconds, 20 of which are kept in reserve. */
const RUN_MS = 260_000;
const START_MS = Date.parse('2026-03-02T14:00:00Z');

function restApi(index: number) {
  const id = `api${String(index).padStart(4, '0')}`;
  const destinationArn = `arn:aws:logs:us-east-1:123456789012:log-group:/aws/apigateway/${id}`;
  const stages = [
    {
      stageName: 'prod',
      deploymentId: 'd1',
      accessLogSettings: { destinationArn, format: '$context.requestId' },
    },
  ];
  return { id, name: `service-${index}`, stages, resources: [] };
}

/** The most calls in any second of a list of times. */
function busiestSecond(timesMs: readonly number[]): number {
  return Math.max(
    ...timesMs.map((fromMs) => timesMs.filter((ms) => ms >= fromMs && ms < fromMs + 1_000).length),
  );
}

describe('subscribe-log-groups with 600 APIs, on the protocols of AWS and a clock of its own', () => {
  const content: ApiGatewayContent = {
    restApis: Array.from({ length: APIS }, (_, i) => restApi(i)),
    v2Apis: [],
  };
  const store = createLogGroupStore();
  const { inventory, crawls, items } = createStoredInventory();
  const apiGatewayMs: number[] = [];
  const logsMs: number[] = [];
  const reports: SubscriptionReport[] = [];
  let nowMs = START_MS;
  let apiGatewayServer: ApiGatewayServer;
  let logsServer: CloudWatchLogsServer;

  async function run(): Promise<SubscriptionReport> {
    const now = () => new Date(nowMs);
    const wait = async (milliseconds: number) => {
      nowMs += milliseconds;
    };
    // Everything anew, as in an execution environment that has just been started.
    const pace = createPaceCalls({ callsPerSecond: 2, now, wait });
    const paceLogs = createPaceCalls({ callsPerSecond: 4, now, wait });
    const { rest, v2 } = apiGatewayServer.createClients();
    const subscribeLogGroups = createSubscribeLogGroups({
      apiGateway: createApiGateway(pace(rest), pace(v2)),
      inventory,
      crawls,
      logGroups: createLogGroups(paceLogs(logsServer.createClient())),
      destinations: DESTINATIONS,
      ownLogGroupPrefix: OWN_PREFIX,
      mode: 'auto',
      now,
    });
    const startMs = nowMs;
    const report = await subscribeLogGroups(startMs + RUN_MS);
    expect(nowMs - startMs).toBeLessThan(RUN_MS + 5_000);
    nowMs = startMs + 300_000;
    return report;
  }

  beforeAll(async () => {
    for (const { id } of content.restApis) {
      store.create(`/aws/apigateway/${id}`);
      store.create(`API-Gateway-Execution-Logs_${id}/prod`);
    }
    apiGatewayServer = await startApiGateway(content, 500, () => apiGatewayMs.push(nowMs));
    const { accessLogsFunctionArn, executionLogsFunctionArn } = DESTINATIONS;
    const functions = [accessLogsFunctionArn, executionLogsFunctionArn];
    logsServer = await startCloudWatchLogs(store, functions, 50, () => logsMs.push(nowMs));
    do reports.push(await run());
    while (reports.at(-1)?.pending !== 0 && reports.length < 20);
  });

  afterAll(() => Promise.all([apiGatewayServer.stop(), logsServer.stop()]));

  it('knows and subscribes all of them after a few runs, each of which goes on where the last one stopped', () => {
    expect(reports.length).toBeGreaterThan(1);
    expect(reports.length).toBeLessThanOrEqual(4);
    expect(reports.reduce((sum, { apis }) => sum + apis, 0)).toBe(APIS);
    expect(items()).toHaveLength(APIS);
    expect([...store.groups.keys()].filter((name) => store.filterNames(name).length !== 1)).toEqual([]);
  });

  it('calls API Gateway twice a second at most, and CloudWatch Logs four times', () => {
    expect(apiGatewayMs.length).toBeGreaterThan(2 * APIS);
    expect(busiestSecond(apiGatewayMs)).toBeLessThanOrEqual(2);
    expect(logsMs.length).toBeGreaterThan(2 * APIS);
    expect(busiestSecond(logsMs)).toBeLessThanOrEqual(4);
  });

  it('writes nothing when it goes through all of them once more', async () => {
    const before = logsServer.requests.length;
    let visited = 0;
    while (visited < APIS) visited += (await run()).apis;

    const targets = logsServer.requests.slice(before).map(({ headers }) => String(headers['x-amz-target']));
    expect(targets.filter((target) => /Put|Delete/.test(target))).toEqual([]);
    expect(items()).toHaveLength(APIS);
  });
});

import type { Api, ApiGateway, DescribedStage } from '#shared/application/inventory-ports.ts';
import { createSubscribeLogGroups } from '#shared/application/subscribe-log-groups.ts';
import type { ApiType } from '#shared/domain/logs/access/request.ts';
import type { Destinations } from '#shared/domain/subscriptions/wanted-subscriptions.ts';
import { createLogGroupStore, createMemoryLogGroups } from '#test/fakes/log-group-store.ts';
import { createStoredInventory } from '#test/fakes/stored-inventory.ts';

export const DESTINATIONS: Destinations = {
  stackName: 'gatewatch-prod',
  accessLogsFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:gatewatch-prod-ingest-access-logs',
  executionLogsFunctionArn:
    'arn:aws:lambda:us-east-1:123456789012:function:gatewatch-prod-ingest-execution-logs',
  executionFilterPattern: '?"Execution failed" ?"Gateway response type:"',
};

export const OWN_PREFIX = '/aws/lambda/gatewatch-prod-';

/**
 * A stage of an API, with what matters to the test. Where WebSocket stages write execution logs is uncertain: the name is
 * that of REST stages, and a test may make either group.
 */
export function describedStage(api: Api, differences: Partial<DescribedStage> = {}): DescribedStage {
  const stage = differences.stage ?? 'prod';
  return {
    ...api,
    stage,
    logGroup: null,
    accessLogDestination: (differences.logGroup ?? null) === null ? 'none' : 'cloudwatch',
    format: null,
    executionLogGroup: api.apiType === 'HTTP' ? null : `API-Gateway-Execution-Logs_${api.apiId}/${stage}`,
    executionLogLevel: 'OFF',
    logsBodies: false,
    limits: null,
    deploymentId: 'deployment-1',
    tracing: false,
    tags: {},
    apiGatewayManaged: false,
    schemaVersion: 1,
    ...differences,
  };
}

/** One API of the account; a test changes it as its owner would. */
type OwnedApi = Api & { stages: DescribedStage[]; timeoutMs: number };

/**
 * An account in memory: APIs, log groups, and the product that watches them. Every call of the product to anything
 * outside is told to `onCall`, which may throw, and takes `callMs` of the clock.
 */
export function createWatchedAccount({ slots = 2, callMs = 0 } = {}) {
  const apis = new Map<string, OwnedApi>();
  const store = createLogGroupStore(slots);
  const calls: string[] = [];
  const account = { nowMs: Date.parse('2026-03-02T14:00:00Z'), onCall: (_call: string): void => {} };
  const hear = (call: string): void => {
    calls.push(call);
    account.nowMs += callMs;
    account.onCall(call);
  };
  const { inventory, crawls, items, documents } = createStoredInventory(hear);
  const apiGateway: ApiGateway = {
    listApis: async () => {
      hear('listApis');
      return [...apis.values()].map(({ apiId, apiName, apiType }) => ({ apiId, apiName, apiType }));
    },
    readStages: async ({ apiId }) => {
      hear(`readStages ${apiId}`);
      return apis.get(apiId)?.stages ?? [];
    },
    readIntegrationTimeoutMs: async ({ apiId }) => {
      hear(`readIntegrationTimeoutMs ${apiId}`);
      return apis.get(apiId)?.timeoutMs ?? 29_000;
    },
  };
  const own = (apiId: string, apiType: ApiType, stages: Partial<DescribedStage>[]): OwnedApi => {
    const api = { apiId, apiName: `${apiId}-api`, apiType };
    const owned = { ...api, timeoutMs: 29_000, stages: stages.map((stage) => describedStage(api, stage)) };
    apis.set(apiId, owned);
    return owned;
  };
  const run = (mode: 'auto' | 'manual' = 'auto', timeMs = 260_000) =>
    createSubscribeLogGroups({
      apiGateway,
      inventory,
      crawls,
      logGroups: createMemoryLogGroups(store, hear),
      destinations: DESTINATIONS,
      ownLogGroupPrefix: OWN_PREFIX,
      mode,
      now: () => new Date(account.nowMs),
    })(account.nowMs + timeMs);
  return Object.assign(account, { apis, store, calls, items, documents, own, run });
}

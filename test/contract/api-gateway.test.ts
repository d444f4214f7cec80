import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiGateway } from '#shared/adapters/apigateway-api-gateway.ts';
import type { Api, ApiGateway } from '#shared/application/inventory-ports.ts';
import {
  type ApiGatewayContent,
  type ApiGatewayServer,
  apiGatewayError,
  startApiGateway,
} from '#test/fakes/apigateway-server.ts';

const REST: Api = { apiId: 'a1b2c3d4e5', apiName: 'orders-api', apiType: 'REST' };
const HTTP: Api = { apiId: 'f6g7h8i9j0', apiName: 'users-api', apiType: 'HTTP' };
const WEBSOCKET: Api = { apiId: 'k1l2m3n4o5', apiName: 'chat-api', apiType: 'WEBSOCKET' };
const LOG_GROUP_ARN = 'arn:aws:logs:us-east-1:123456789012:log-group:';
const PAGE_SIZE = 2;

/** As https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html shows it. */
const REST_STAGE = {
  deploymentId: 'd1',
  stageName: 'prod',
  cacheClusterEnabled: false,
  cacheClusterStatus: 'NOT_AVAILABLE',
  methodSettings: {
    '*/*': {
      metricsEnabled: true,
      loggingLevel: 'ERROR',
      dataTraceEnabled: false,
      throttlingBurstLimit: 500,
      throttlingRateLimit: 1_000.5,
      cachingEnabled: false,
    },
  },
  accessLogSettings: {
    format: '$context.requestId',
    destinationArn: `${LOG_GROUP_ARN}/aws/apigateway/orders`,
  },
  tracingEnabled: true,
  tags: { team: 'orders' },
  createdDate: 1_700_000_000,
  lastUpdatedDate: 1_700_000_000,
};

const V2_STAGE = {
  stageName: '$default',
  autoDeploy: true,
  deploymentId: 'd2',
  accessLogSettings: { format: '$context.requestId', destinationArn: `${LOG_GROUP_ARN}users:*` },
  defaultRouteSettings: { detailedMetricsEnabled: true, throttlingBurstLimit: 50, throttlingRateLimit: 100 },
  routeSettings: {},
  stageVariables: {},
  tags: { team: 'users' },
  createdDate: '2026-01-01T00:00:00Z',
  lastUpdatedDate: '2026-01-01T00:00:00Z',
};

function method(httpMethod: string, timeoutInMillis?: number) {
  return { [httpMethod]: { httpMethod, methodIntegration: { type: 'AWS_PROXY', timeoutInMillis } } };
}

describe('apigateway-api-gateway', () => {
  let content: ApiGatewayContent;
  let server: ApiGatewayServer;
  let apiGateway: ApiGateway;

  beforeEach(async () => {
    content = { restApis: [], v2Apis: [] };
    server = await startApiGateway(content, PAGE_SIZE);
    const { rest, v2 } = server.createClients();
    apiGateway = createApiGateway(rest, v2);
  });

  afterEach(() => server.stop());

  const rest = (differences: Record<string, unknown>) => {
    content.restApis = [{ id: REST.apiId, stages: [{ ...REST_STAGE, ...differences }] }];
    return apiGateway.readStages(REST);
  };
  const v2 = (api: Api, differences: Record<string, unknown>) => {
    const protocolType = api.apiType === 'HTTP' ? 'HTTP' : 'WEBSOCKET';
    const stages = [{ ...V2_STAGE, ...differences }];
    content.v2Apis = [{ apiId: api.apiId, name: api.apiName, protocolType, stages }];
    return apiGateway.readStages(api);
  };

  it('listApis() returns none for an empty account', async () => {
    expect(await apiGateway.listApis()).toEqual([]);
  });

  it('listApis() returns the APIs of the three kinds, page by page', async () => {
    content.restApis = Array.from({ length: 5 }, (_, index) => ({
      id: `rest${index}`,
      name: 'r',
      stages: [],
    }));
    content.v2Apis = Array.from({ length: 5 }, (_, index) => ({
      apiId: `v2${index}`,
      name: 'v',
      protocolType: index % 2 === 0 ? 'HTTP' : 'WEBSOCKET',
      stages: [],
    }));

    const apis = await apiGateway.listApis();

    expect(apis).toHaveLength(10);
    expect(apis).toContainEqual({ apiId: 'rest4', apiName: 'r', apiType: 'REST' });
    expect(apis).toContainEqual({ apiId: 'v22', apiName: 'v', apiType: 'HTTP' });
    expect(apis).toContainEqual({ apiId: 'v23', apiName: 'v', apiType: 'WEBSOCKET' });
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/restapis?limit=500',
      '/restapis?limit=500&position=2',
      '/restapis?limit=500&position=4',
      '/v2/apis',
      '/v2/apis?nextToken=2',
      '/v2/apis?nextToken=4',
    ]);
  });

  it('listApis() calls an API by its id that has no name', async () => {
    content.restApis = [{ id: 'a1', stages: [] }];

    expect(await apiGateway.listApis()).toEqual([{ apiId: 'a1', apiName: 'a1', apiType: 'REST' }]);
  });

  it('listApis() throws when a later page cannot be read', async () => {
    server.answerOnce(() => ({ status: 200, body: JSON.stringify({ item: [{ id: '1' }], position: '2' }) }));
    server.answerOnce(() => apiGatewayError(429, 'TooManyRequestsException'));

    await expect(apiGateway.listApis()).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });

  it('readStages() describes a REST stage', async () => {
    expect(await rest({})).toEqual([
      {
        ...REST,
        stage: 'prod',
        logGroup: '/aws/apigateway/orders',
        accessLogDestination: 'cloudwatch',
        format: '$context.requestId',
        executionLogGroup: 'API-Gateway-Execution-Logs_a1b2c3d4e5/prod',
        executionLogLevel: 'ERROR',
        logsBodies: false,
        limits: { rateRps: 1_000.5, burst: 500 },
        deploymentId: 'd1',
        tracing: true,
        tags: { team: 'orders' },
        apiGatewayManaged: false,
        schemaVersion: 1,
      },
    ]);
  });

  it('readStages() describes a REST stage of which little is set', async () => {
    content.restApis = [{ id: REST.apiId, stages: [{ stageName: 'prod' }] }];

    expect(await apiGateway.readStages(REST)).toEqual([
      {
        ...REST,
        stage: 'prod',
        logGroup: null,
        accessLogDestination: 'none',
        format: null,
        executionLogGroup: 'API-Gateway-Execution-Logs_a1b2c3d4e5/prod',
        executionLogLevel: 'OFF',
        logsBodies: false,
        limits: null,
        deploymentId: null,
        tracing: false,
        tags: {},
        apiGatewayManaged: false,
        schemaVersion: 1,
      },
    ]);
  });

  it('readStages() describes a HTTP stage, which has no execution logs', async () => {
    expect(await v2(HTTP, {})).toEqual([
      {
        ...HTTP,
        stage: '$default',
        logGroup: 'users',
        accessLogDestination: 'cloudwatch',
        format: '$context.requestId',
        executionLogGroup: null,
        executionLogLevel: 'OFF',
        logsBodies: false,
        limits: { rateRps: 100, burst: 50 },
        deploymentId: 'd2',
        tracing: false,
        tags: { team: 'users' },
        apiGatewayManaged: false,
        schemaVersion: 1,
      },
    ]);
  });

  it('readStages() describes a WebSocket stage, with the highest level of any route', async () => {
    const stages = await v2(WEBSOCKET, {
      defaultRouteSettings: { loggingLevel: 'ERROR', dataTraceEnabled: false },
      routeSettings: { $connect: { loggingLevel: 'INFO', dataTraceEnabled: true } },
      accessLogSettings: undefined,
    });

    expect(stages).toMatchObject([
      {
        apiType: 'WEBSOCKET',
        logGroup: null,
        format: null,
        executionLogGroup: 'API-Gateway-Execution-Logs_k1l2m3n4o5/$default',
        executionLogLevel: 'INFO',
        logsBodies: true,
        limits: null,
      },
    ]);
  });

  it('readStages() reads all pages of the stages of a HTTP API', async () => {
    const stages = ['a', 'b', 'c', 'd', 'e'].map((stageName) => ({ stageName }));
    content.v2Apis = [{ apiId: HTTP.apiId, name: HTTP.apiName, protocolType: 'HTTP', stages }];

    const read = await apiGateway.readStages(HTTP);

    expect(read.map(({ stage }) => stage)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it.each([
    ['of all methods', { '*/*': { loggingLevel: 'INFO' }, '~1a/GET': { loggingLevel: 'ERROR' } }, 'INFO'],
    ['of one method', { '*/*': { loggingLevel: 'OFF' }, '~1a/GET': { loggingLevel: 'ERROR' } }, 'ERROR'],
    ['of none', { '*/*': { metricsEnabled: true } }, 'OFF'],
  ])('readStages() returns the highest level, here %s', async (_, methodSettings, executionLogLevel) => {
    expect(await rest({ methodSettings })).toMatchObject([{ executionLogLevel }]);
  });

  it('readStages() notices that one method logs bodies', async () => {
    expect(await rest({ methodSettings: { '~1a/GET': { dataTraceEnabled: true } } })).toMatchObject([
      { logsBodies: true, limits: null },
    ]);
  });

  it.each([
    [{ throttlingRateLimit: -1, throttlingBurstLimit: -1 }, null],
    [{ throttlingRateLimit: 100 }, null],
    [
      { throttlingRateLimit: 0, throttlingBurstLimit: 0 },
      { rateRps: 0, burst: 0 },
    ],
  ])('readStages() reads the limits %j as %j', async (settings, limits) => {
    expect(await rest({ methodSettings: { '*/*': settings } })).toMatchObject([{ limits }]);
  });

  it.each([
    ['a log group', `${LOG_GROUP_ARN}orders`, 'orders', 'cloudwatch'],
    ['a log group with a suffix', `${LOG_GROUP_ARN}orders:*`, 'orders', 'cloudwatch'],
    [
      'a log group in China',
      'arn:aws-cn:logs:cn-north-1:123456789012:log-group:orders',
      'orders',
      'cloudwatch',
    ],
    ['Firehose', 'arn:aws:firehose:us-east-1:1:deliverystream/amazon-apigateway-orders', null, 'firehose'],
    ['a format alone', undefined, null, 'none'],
  ])(
    'readStages() tells the destination of an access log: %s',
    async (_, destinationArn, logGroup, accessLogDestination) => {
      const format = '$context.requestId';

      expect(await rest({ accessLogSettings: { destinationArn, format } })).toMatchObject([
        { logGroup, accessLogDestination, format },
      ]);
    },
  );

  it('readStages() tells the stage that quick create made', async () => {
    expect(await v2(HTTP, { apiGatewayManaged: true })).toMatchObject([{ apiGatewayManaged: true }]);
  });

  it.each([REST, HTTP])(
    'readStages() returns none for an API that was deleted meanwhile: $apiType',
    async (api) => {
      expect(await apiGateway.readStages(api)).toEqual([]);
    },
  );

  it.each([REST, HTTP])('readStages() throws when it may not read: $apiType', async (api) => {
    server.answerOnce(() => apiGatewayError(403, 'AccessDeniedException', 'User is not authorized'));

    await expect(apiGateway.readStages(api)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('readIntegrationTimeoutMs() returns the longest of all resources of a REST API, page by page', async () => {
    const resources = [
      { id: '1', path: '/' },
      { id: '2', path: '/a', resourceMethods: { ...method('GET', 3_000), ...method('POST', 5_000) } },
      { id: '3', path: '/b', resourceMethods: { OPTIONS: { httpMethod: 'OPTIONS' } } },
      { id: '4', path: '/c', resourceMethods: method('GET', 7_000) },
      { id: '5', path: '/d', resourceMethods: method('GET', 50) },
    ];
    content.restApis = [{ id: REST.apiId, stages: [], resources }];

    expect(await apiGateway.readIntegrationTimeoutMs(REST)).toBe(7_000);
    expect(server.requests[0]?.path).toBe('/restapis/a1b2c3d4e5/resources?embed=methods&limit=500');
    expect(server.requests).toHaveLength(3);
  });

  it('readIntegrationTimeoutMs() takes what is not set as 29 seconds, and more if it was raised', async () => {
    const resources = [{ id: '1', resourceMethods: { ...method('GET'), ...method('POST', 1_000) } }];
    content.restApis = [{ id: REST.apiId, stages: [], resources }];
    expect(await apiGateway.readIntegrationTimeoutMs(REST)).toBe(29_000);

    resources.push({ id: '2', resourceMethods: { ...method('GET', 60_000), ...method('POST', 1) } });
    expect(await apiGateway.readIntegrationTimeoutMs(REST)).toBe(60_000);
  });

  it('readIntegrationTimeoutMs() returns the longest of all integrations of a HTTP API', async () => {
    const integrations = [1_000, 4_000, 2_000].map((timeoutInMillis) => ({ timeoutInMillis }));
    content.v2Apis = [
      { apiId: HTTP.apiId, name: 'users', protocolType: 'HTTP', stages: [], integrations },
      { apiId: WEBSOCKET.apiId, name: 'chat', protocolType: 'WEBSOCKET', stages: [], integrations: [{}] },
    ];

    expect(await apiGateway.readIntegrationTimeoutMs(HTTP)).toBe(4_000);
    expect(await apiGateway.readIntegrationTimeoutMs(WEBSOCKET)).toBe(29_000);
  });

  it.each([
    [REST, 29_000],
    [WEBSOCKET, 29_000],
    [HTTP, 30_000],
  ])('readIntegrationTimeoutMs() returns the default for an API that is gone: %j', async (api, timeoutMs) => {
    expect(await apiGateway.readIntegrationTimeoutMs(api)).toBe(timeoutMs);
  });

  it.each([REST, HTTP])('readIntegrationTimeoutMs() throws when it may not read: $apiType', async (api) => {
    server.answerOnce(() => apiGatewayError(403, 'AccessDeniedException'));

    await expect(apiGateway.readIntegrationTimeoutMs(api)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

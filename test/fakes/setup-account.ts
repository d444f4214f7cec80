import { type ApiGatewayContent, startApiGateway } from '#test/fakes/apigateway-server.ts';
import { jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import { answerCloudFormation } from '#test/fakes/cloudformation-server.ts';
import { startCloudWatchLogs } from '#test/fakes/cloudwatch-logs-server.ts';
import { type ReceivedRequest, type Reply, startHttpServer } from '#test/fakes/http-server.ts';
import { createLogGroupStore, type LogGroupStore } from '#test/fakes/log-group-store.ts';
import { answerRequestTotals, type HourlyRequests } from '#test/fakes/request-totals.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:gatewatch-prod-';

/** The outputs of a stack that is deployed. */
export const OUTPUTS = {
  IngestAccessLogsFunctionArn: `${FUNCTION}ingest-access-logs`,
  IngestExecutionLogsFunctionArn: `${FUNCTION}ingest-execution-logs`,
  InventoryTableName: 'gatewatch-prod-InventoryTable-1',
  SubscribeMode: 'manual',
} as const;

/** What there is in the account; a test may change it before a run. */
export type SetupAccount = {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly content: ApiGatewayContent;
  readonly store: LogGroupStore;
  readonly stacks: Map<string, Readonly<Record<string, string>>>;
  readonly hourly: Map<string, number>;
  /** Documents of the inventory table. */
  readonly inventory: unknown[];
  /** Calls that change something. */
  readonly changes: () => readonly string[];
  /** Looks at each request first; what it returns is the answer. */
  intercept: (request: ReceivedRequest) => Reply | null;
  readonly stop: () => Promise<void>;
};

async function forward({ method, path, headers, body }: ReceivedRequest, url: string): Promise<Reply> {
  const kept = ['content-type', 'x-amz-target'].flatMap((name) =>
    headers[name] === undefined ? [] : [[name, String(headers[name])]],
  );
  const response = await fetch(url + path, {
    method,
    headers: Object.fromEntries(kept),
    ...(method !== 'GET' && { body }),
  });
  const passed = ['content-type', 'x-amzn-errortype'].flatMap((name) => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return { status: response.status, headers: Object.fromEntries(passed), body: await response.text() };
}

function scan(inventory: readonly unknown[]): Reply {
  const Items = inventory.map((document, index) => ({
    key: { S: `item/${index}` },
    document: { S: JSON.stringify(document) },
  }));
  return jsonReply({ Items, Count: Items.length, ScannedCount: Items.length });
}

/** Starts what `gatewatch setup` talks to, behind one address. Whatever it does not know it refuses. */
export async function startSetupAccount(content: ApiGatewayContent): Promise<SetupAccount> {
  const store = createLogGroupStore();
  const functionArns = [OUTPUTS.IngestAccessLogsFunctionArn, OUTPUTS.IngestExecutionLogsFunctionArn];
  const gateway = await startApiGateway(content);
  const logs = await startCloudWatchLogs(store, functionArns);
  const inventory: unknown[] = [];
  const stacks = new Map<string, Readonly<Record<string, string>>>([['gatewatch-prod', OUTPUTS]]);
  const hourly: Map<string, number> & HourlyRequests = new Map();
  const server = await startHttpServer(async (request) => {
    const intercepted = account.intercept(request);
    if (intercepted !== null) return intercepted;
    if (request.method === 'GET') return forward(request, gateway.url);
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target.startsWith('Logs_20140328.')) return forward(request, logs.url);
    if (target === 'GraniteServiceVersion20100801.GetMetricData') return answerRequestTotals(hourly, request);
    if (target === 'DynamoDB_20120810.Scan') return scan(inventory);
    if (target === '') return answerCloudFormation(stacks, request);
    return jsonError(400, 'UnknownOperationException');
  });
  const account: SetupAccount = {
    url: server.url,
    content,
    store,
    stacks,
    hourly,
    inventory,
    changes: () =>
      server.requests
        .map(({ headers }) => String(headers['x-amz-target'] ?? '').replace(/^.*\./, ''))
        .filter((action) => /^(Put|Delete)/.test(action)),
    intercept: () => null,
    stop: async () => {
      await Promise.all([server.stop(), gateway.stop(), logs.stop()]);
    },
  };
  return account;
}

const ACCESS_GROUP = 'arn:aws:logs:us-east-1:123456789012:log-group:';

/** Almost the CLF of AWS, but in an order of its own. */
const OWN_FORMAT =
  '$context.requestId $context.identity.sourceIp [$context.requestTime] "$context.httpMethod $context.resourcePath" $context.status $context.responseLength';

const HTTP_TEMPLATE =
  '{ "requestId":"$context.requestId", "ip": "$context.identity.sourceIp", "requestTime":"$context.requestTime", "httpMethod":"$context.httpMethod","routeKey":"$context.routeKey", "status":"$context.status","protocol":"$context.protocol", "responseLength":"$context.responseLength", "extendedRequestId": "$context.extendedRequestId" }';

/**
 * An account with stages of all kinds, good and bad.
 *
 * @param restFormat - The format of the one that is logged as it should be
 */
export function mixedContent(restFormat: string): ApiGatewayContent {
  return {
    restApis: [
      {
        id: 'a1orders01',
        name: 'orders-api',
        stages: [
          {
            stageName: 'prod',
            accessLogSettings: {
              destinationArn: `${ACCESS_GROUP}/aws/api-gateway/orders`,
              format: restFormat,
            },
            methodSettings: {
              '*/*': { loggingLevel: 'ERROR', throttlingRateLimit: 2_000, throttlingBurstLimit: 1_000 },
            },
            tracingEnabled: true,
          },
          {
            stageName: 'dev',
            accessLogSettings: {
              destinationArn: `${ACCESS_GROUP}/aws/api-gateway/legacy`,
              format: OWN_FORMAT,
            },
            methodSettings: { '*/*': { loggingLevel: 'INFO', dataTraceEnabled: true } },
          },
        ],
      },
      {
        id: 'b2partner1',
        name: 'partner-gateway',
        stages: [
          {
            stageName: 'v1',
            accessLogSettings: {
              destinationArn:
                'arn:aws:firehose:us-east-1:123456789012:deliverystream/amazon-apigateway-partner',
              format: OWN_FORMAT,
            },
          },
        ],
      },
    ],
    v2Apis: [
      {
        apiId: 'c3users001',
        name: 'users-api',
        protocolType: 'HTTP',
        stages: [
          {
            stageName: '$default',
            accessLogSettings: {
              destinationArn: `${ACCESS_GROUP}/aws/vendedlogs/users`,
              format: HTTP_TEMPLATE,
            },
          },
        ],
      },
      {
        apiId: 'd4chat0001',
        name: 'chat',
        protocolType: 'WEBSOCKET',
        stages: [{ stageName: 'live', defaultRouteSettings: { loggingLevel: 'ERROR' } }],
      },
    ],
  };
}

/** The log groups and requests of {@link mixedContent}. */
export function fillMixedAccount({ store, hourly }: SetupAccount): void {
  store.create('/aws/api-gateway/orders');
  store.create('/aws/api-gateway/legacy', 'INFREQUENT_ACCESS');
  store.create('/aws/vendedlogs/users');
  store.create('API-Gateway-Execution-Logs_a1orders01/prod');
  store.put('/aws/vendedlogs/users', { name: 'datadog', pattern: '', destinationArn: 'arn:aws:lambda:1' });
  hourly.set('Count orders-api/prod', 250_000);
  hourly.set('Count orders-api/dev', 12);
  hourly.set('Count c3users001/$default', 31_000);
  hourly.set('ConnectCount d4chat0001/live', 40);
  hourly.set('MessageCount d4chat0001/live', 9_000);
}

import type { CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as v from 'valibot';
import { jsonError } from '#test/fakes/aws-protocol.ts';
import { createServices, type Delivered } from '#test/fakes/aws-services.ts';
import { startCloudWatch } from '#test/fakes/cloudwatch-server.ts';
import { startDynamoDb, type Tables } from '#test/fakes/dynamodb.ts';
import { type ReceivedRequest, type Reply, startHttpServer } from '#test/fakes/http-server.ts';
import { createSqsStandIn, type SqsStandIn } from '#test/fakes/sqs-server.ts';

/** One call as an IAM policy would see it: `dynamodb:Query` on `IncidentsTable/index/active`. */
export type AwsCall = { readonly action: string; readonly resource: string };

export type AwsServer = Delivered & {
  /** For `AWS_ENDPOINT_URL`; and, with the path `/services/…`, for a Slack webhook. */
  readonly url: string;
  readonly calls: readonly AwsCall[];
  readonly sqs: SqsStandIn;
  /** All requests as they came, those to Slack among them. */
  readonly requests: readonly ReceivedRequest[];
  readonly dynamoDb: DynamoDBClient;
  readonly createTable: (input: CreateTableCommandInput) => Promise<void>;
  /** Creates all tables, empty, under names of their own. */
  readonly createTables: () => Promise<Tables>;
  readonly cloudWatch: ReturnType<Awaited<ReturnType<typeof startCloudWatch>>['createClient']>;
  readonly stop: () => Promise<void>;
};

/** The IAM prefixes of the services that call an action in the header `X-Amz-Target`. */
const PREFIXES: Readonly<Record<string, string>> = {
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
  AWSEvents: 'events',
  DynamoDB_20120810: 'dynamodb',
  GraniteServiceVersion20100801: 'cloudwatch',
  ServiceQuotasV20190624: 'servicequotas',
};

const NamedSchema = v.object({
  TableName: v.optional(v.string()),
  IndexName: v.optional(v.string()),
  Namespace: v.optional(v.string()),
  QueueUrl: v.optional(v.string()),
  Name: v.optional(v.string()),
  Entries: v.optional(v.array(v.object({ EventBusName: v.string() }))),
});

function resourceOf(body: string): string {
  const { TableName, IndexName, Namespace, QueueUrl, Name, Entries } = v.parse(NamedSchema, JSON.parse(body));
  if (TableName !== undefined) return IndexName === undefined ? TableName : `${TableName}/index/${IndexName}`;
  return QueueUrl?.split('/').at(-1) ?? Namespace ?? Name ?? Entries?.[0]?.EventBusName ?? '*';
}

function callOf({ method, path, headers, body }: ReceivedRequest): AwsCall | null {
  if (method === 'GET' && path === '/account') return { action: 'apigateway:GET', resource: path };
  const target = String(headers['x-amz-target'] ?? '');
  const [service = '', action] = target.split('.');
  const prefix = PREFIXES[service];
  if (prefix !== undefined) return { action: `${prefix}:${action}`, resource: resourceOf(body) };
  const form = new URLSearchParams(body);
  const isSns = form.get('Version') === '2010-03-31';
  return isSns ? { action: `sns:${form.get('Action')}`, resource: form.get('TopicArn') ?? '*' } : null;
}

async function forward({ headers, body }: ReceivedRequest, url: string): Promise<Reply> {
  const kept = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target'].map((name) => [
    name,
    headers[name],
  ]);
  const response = await fetch(url, { method: 'POST', headers: Object.fromEntries(kept), body });
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, headers: { 'content-type': type }, body: await response.text() };
}

/**
 * Starts what Gatewatch uses of AWS, and Slack's webhook, behind one address. Whatever it does not know it refuses.
 *
 * @param parameters - The SecureStrings of Systems Manager by name
 */
export async function startAws(parameters: ReadonlyMap<string, string>): Promise<AwsServer> {
  const dynamoDb = await startDynamoDb();
  const cloudWatch = await startCloudWatch(() => new Date());
  const { answerAws, answerSlack, delivered } = createServices(parameters);
  const sqs = createSqsStandIn(() => Date.now());
  const calls: AwsCall[] = [];
  const server = await startHttpServer(async (request) => {
    if (request.path.startsWith('/services/')) return answerSlack(request);
    const call = callOf(request);
    if (call === null) return jsonError(400, 'UnknownOperationException');
    calls.push(call);
    if (call.action.startsWith('sqs:')) return sqs.answer(request);
    if (call.action.startsWith('dynamodb:')) return forward(request, dynamoDb.url);
    if (call.action.startsWith('cloudwatch:')) return forward(request, cloudWatch.url);
    return answerAws(call.action, request);
  });
  const client = cloudWatch.createClient();
  return {
    ...delivered,
    url: server.url,
    calls,
    sqs,
    requests: server.requests,
    dynamoDb: dynamoDb.client,
    createTable: dynamoDb.createTable,
    createTables: dynamoDb.createTables,
    cloudWatch: client,
    stop: async () => {
      client.destroy();
      await Promise.all([server.stop(), cloudWatch.stop(), dynamoDb.stop()]);
    },
  };
}

import type { RawRequest } from '#test/e2e/gateway/raw-request.ts';

/** One call as IAM sees it. */
export type AwsCall = {
  /** The application id of the user agent, which names the function; `null` for people and services. */
  readonly caller: string | null;
  /** Such as `dynamodb:PutItem`. */
  readonly action: string;
  /** The ARN that a policy would have to name; `*` where AWS knows no resource. */
  readonly resource: string;
  /** Condition keys that the call carries. */
  readonly context: Readonly<Record<string, string>>;
};

/** Where the emulator says it is. */
export const REGION = 'us-east-1';
export const ACCOUNT_ID = '000000000000';

/** IAM's names of services where they differ from those that requests are signed for. */
const IAM_PREFIXES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

type Body = Readonly<Record<string, unknown>>;

function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${resource}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function firstEntry({ Entries }: Body): Body {
  return Array.isArray(Entries) ? (Entries[0] as Body) : {};
}

/** The name or ARN of the function that is invoked; empty for any other call to Lambda. */
function functionOf(path: string): string {
  return decodeURIComponent(/^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(path)?.[1] ?? '');
}

/** The resource of a call by service; only of those that Gatewatch calls. */
const RESOURCES: Readonly<Record<string, (body: Body, path: string) => string>> = {
  apigateway: (_, path) => `arn:aws:apigateway:${REGION}::${path.replace(/^\/v2/, '').replace(/\?.*/, '')}`,
  cloudformation: ({ StackName }) => arn('cloudformation', `stack/${text(StackName)}/id`),
  cloudwatch: () => '*',
  dynamodb: ({ TableName, IndexName }) =>
    arn('dynamodb', `table/${text(TableName)}${IndexName === undefined ? '' : `/index/${text(IndexName)}`}`),
  events: (body) => arn('events', `event-bus/${text(firstEntry(body)['EventBusName'])}`),
  // The form with `:*` is the one that policies must match; a listing has no group.
  logs: ({ logGroupName }) => arn('logs', `log-group:${text(logGroupName)}:*`),
  lambda: (_, path) => arn('lambda', `function:${functionOf(path).split(':').at(-1)}`),
  servicequotas: () => '*',
  sns: ({ TopicArn }) => text(TopicArn),
  sqs: ({ QueueUrl }) => arn('sqs', text(QueueUrl).split('/').at(-1) ?? ''),
  ssm: ({ Name }) => arn('ssm', `parameter/${text(Name).replace(/^\//, '')}`),
};

function serviceOf({ headers }: RawRequest): string {
  const [, signedFor = ''] =
    /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  return IAM_PREFIXES[signedFor] ?? signedFor;
}

/** `app/…` in the user agent; characters that are not allowed there are replaced by the SDK. */
function callerOf({ headers }: RawRequest): string | null {
  return /\bapp\/([^\s]+)/.exec(headers['user-agent'] ?? '')?.[1] ?? null;
}

function bodyOf({ headers, body }: RawRequest): Body {
  if (body.length === 0) return {};
  const type = headers['content-type'] ?? '';
  if (type.includes('json')) return JSON.parse(body.toString('utf8')) as Body;
  if (type.includes('x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  return {};
}

function operationOf({ method, path, headers }: RawRequest, service: string, body: Body): string {
  if (service === 'lambda') return functionOf(path) === '' ? '' : 'InvokeFunction';
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.')[1] ?? '';
  // API Gateway's actions are the HTTP methods.
  return service === 'apigateway' ? method : text(body['Action']);
}

/** The partition key of an item that is read or written; a query of an index has another. */
function leadingKeyOf(body: Body): string {
  const item = (body['Key'] ?? body['Item'] ?? {}) as Readonly<Record<string, Body>>;
  return text(item['key']?.['S']);
}

function contextOf(operation: string, body: Body): AwsCall['context'] {
  if (operation === 'PutMetricData') return { 'cloudwatch:namespace': text(body['Namespace']) };
  if (/^(Get|Put|Update)Item$/.test(operation)) return { 'dynamodb:LeadingKeys': leadingKeyOf(body) };
  return {};
}

/**
 * Tells which call a request is, or `null` for one that is not signed for a service that Gatewatch uses.
 */
export function identifyCall(request: RawRequest): AwsCall | null {
  const service = serviceOf(request);
  const resourceOf = RESOURCES[service];
  if (resourceOf === undefined) return null;
  const body = bodyOf(request);
  const operation = operationOf(request, service, body);
  if (operation === '') return null;
  return {
    caller: callerOf(request),
    action: `${service}:${operation}`,
    resource: resourceOf(body, request.path),
    context: contextOf(operation, body),
  };
}

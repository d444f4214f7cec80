import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AwsCall, identifyCall } from '#test/e2e/gateway/aws-call.ts';
import { createFaults, type Faults } from '#test/e2e/gateway/faults.ts';
import { createLogSubscriptions, type LogSubscriptions } from '#test/e2e/gateway/log-subscriptions.ts';
import { allows } from '#test/e2e/gateway/permissions.ts';
import { type RawReply, type RawRequest, receiveRequest } from '#test/e2e/gateway/raw-request.ts';
import { createRolePermissions, type RolePermissions } from '#test/e2e/gateway/role-permissions.ts';
import { createUpstream, type Upstream } from '#test/e2e/gateway/upstream.ts';
import { accountReply } from '#test/fakes/apigateway-server.ts';
import {
  type CloudWatchManners,
  createCloudWatchAnswer,
  GOOD_MANNERS,
} from '#test/fakes/cloudwatch-server.ts';
import { type CloudWatchStore, createCloudWatchStore } from '#test/fakes/cloudwatch-store.ts';
import type { Answer, Reply } from '#test/fakes/http-server.ts';
import { answerServiceQuotas, type QuotaValues, THROTTLE_QUOTAS } from '#test/fakes/service-quotas.ts';

/** What AWS says of the account throttle, and may say otherwise later. */
export type ToldThrottle = {
  /** By GetAccount. */
  account: { readonly rateLimit: number; readonly burstLimit: number };
  /** By Service Quotas. */
  quotas: QuotaValues;
};

/** A call of a function as it went. */
export type RecordedCall = AwsCall & {
  /** When the answer went out, epoch milliseconds. */
  readonly answeredMs: number;
  /** What was sent. */
  readonly body: string;
  readonly wasDenied: boolean;
};

/** AWS, as the functions, the deployment and the tests see it. */
export type Gateway = {
  readonly url: string;
  readonly connect: (upstreamUrl: string) => void;
  readonly upstream: Upstream;
  /** Every call that names a function as its caller, in the order of the answers. */
  readonly calls: readonly RecordedCall[];
  /** What the gateway itself could not do; empty unless a test or the emulator is broken. */
  readonly failures: readonly string[];
  readonly faults: Faults;
  readonly cloudWatch: CloudWatchManners;
  /** The account's metrics, for those that only AWS may put. */
  readonly metrics: Pick<CloudWatchStore, 'put'>;
  readonly throttle: ToldThrottle;
  readonly logs: LogSubscriptions;
  readonly roles: RolePermissions;
  readonly stop: () => Promise<void>;
};

/** Of most Regions. */
const DEFAULT_THROTTLE: Readonly<ToldThrottle> = {
  account: { rateLimit: 10_000, burstLimit: 5_000 },
  quotas: THROTTLE_QUOTAS,
};

const METRIC_OPERATIONS = ['cloudwatch:PutMetricData', 'cloudwatch:GetMetricData'];

function toRaw(reply: Reply): RawReply {
  if (typeof reply === 'string') return 'drop';
  return { status: reply.status, headers: { ...reply.headers }, body: Buffer.from(reply.body ?? '') };
}

/** A denial in the words of the protocol that was spoken. */
function deny({ headers }: RawRequest, { caller, action, resource }: AwsCall): RawReply {
  const message = `${caller} is not authorized to perform: ${action} on resource: ${resource}`;
  if (String(headers['content-type']).includes('x-www-form-urlencoded')) {
    const error = `<Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>${message}</Message></Error>`;
    const body = `<ErrorResponse>${error}<RequestId>0</RequestId></ErrorResponse>`;
    return { status: 403, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) };
  }
  return {
    status: headers['x-amz-target'] === undefined ? 403 : 400,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': 'AccessDeniedException' },
    body: Buffer.from(JSON.stringify({ __type: 'AccessDeniedException', message })),
  };
}

function createAnswer(
  upstream: Upstream,
  logs: LogSubscriptions,
  answerMetrics: Answer,
  throttle: ToldThrottle,
) {
  return async (request: RawRequest, call: AwsCall | null): Promise<RawReply> => {
    if (call?.action.startsWith('servicequotas:')) {
      return toRaw(answerServiceQuotas({ ...request, body: request.body.toString('utf8') }, throttle.quotas));
    }
    if (call?.action === 'apigateway:GET' && call.resource.endsWith('::/account'))
      return toRaw(accountReply(throttle.account));
    if (call !== null && METRIC_OPERATIONS.includes(call.action)) {
      return toRaw(answerMetrics({ ...request, body: request.body.toString('utf8') }));
    }
    if (call?.action.startsWith('logs:')) {
      const operation = call.action.slice('logs:'.length);
      return (await logs.answer(operation, request)) ?? upstream.forward(request);
    }
    return upstream.forward(request);
  };
}

function send(reply: RawReply, request: IncomingMessage, response: ServerResponse): void {
  if (reply === 'silence') return;
  if (reply === 'drop') {
    request.socket.resetAndDestroy();
    return;
  }
  response.writeHead(reply.status, { ...reply.headers, 'content-length': String(reply.body.length) });
  response.end(reply.body);
}

/**
 * Starts the address that everybody calls instead of AWS. It enforces the roles of the functions, breaks what it is
 * told to break, answers what the emulator lacks, and passes the rest on.
 */
export async function startGateway(): Promise<Gateway> {
  let upstreamUrl = '';
  const upstream = createUpstream(() => upstreamUrl);
  const logs = createLogSubscriptions(upstream);
  const roles = createRolePermissions(upstream);
  const faults = createFaults();
  const cloudWatch = { ...GOOD_MANNERS };
  const metrics = createCloudWatchStore();
  const throttle = { ...DEFAULT_THROTTLE };
  const calls: RecordedCall[] = [];
  const failures: string[] = [];
  const answer = createAnswer(
    upstream,
    logs,
    createCloudWatchAnswer(() => new Date(), cloudWatch, metrics),
    throttle,
  );

  async function handle(request: RawRequest): Promise<RawReply> {
    const call = identifyCall(request);
    if (call === null) return answer(request, null);
    if (call.caller === null) return faults.around(call, () => answer(request, call));
    const permissions = await roles.of(call.caller);
    const wasDenied = !permissions.some((permission) => allows(permission, call));
    const reply = wasDenied ? deny(request, call) : await faults.around(call, () => answer(request, call));
    calls.push({ ...call, answeredMs: Date.now(), body: request.body.toString('utf8'), wasDenied });
    return reply;
  }

  const server = createServer((request, response) => {
    receiveRequest(request)
      .then(handle)
      .then((reply) => send(reply, request, response))
      .catch((error: unknown) => {
        // The emulator is away, or the gateway has a fault of its own: never an answer that looks like AWS's.
        const failure = `${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`;
        failures.push(failure);
        response.writeHead(502, { 'content-type': 'text/plain' });
        response.end(`test gateway: ${failure}`);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    connect: (url) => {
      upstreamUrl = url;
    },
    upstream,
    calls,
    failures,
    faults,
    cloudWatch,
    metrics,
    throttle,
    logs,
    roles,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

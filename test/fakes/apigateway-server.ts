import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { clientConfig } from '#test/fakes/aws-protocol.ts';
import { type HttpServer, type Reply, startHttpServer } from '#test/fakes/http-server.ts';

/** One API with all that the service tells about it, in the words of its own JSON. */
export type RestApi = {
  readonly id: string;
  readonly name?: string;
  readonly stages: readonly Record<string, unknown>[];
  readonly resources?: readonly Record<string, unknown>[];
};

/** An HTTP or WebSocket API, likewise. */
export type V2Api = {
  readonly apiId: string;
  readonly name: string;
  readonly protocolType: 'HTTP' | 'WEBSOCKET';
  readonly stages: readonly Record<string, unknown>[];
  readonly integrations?: readonly Record<string, unknown>[];
};

/** What there is; a test may change it while the server runs. */
export type ApiGatewayContent = {
  restApis: readonly RestApi[];
  v2Apis: readonly V2Api[];
  throttleSettings?: Record<string, unknown>;
};

function reply(body: unknown): Reply {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** An error as both services say it. */
export function apiGatewayError(status: number, code: string, message: string = code): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ message }),
  };
}

/**
 * The answer of GetAccount.
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/api/API_GetAccount.html}
 */
export function accountReply(throttleSettings: unknown = { burstLimit: 5_000, rateLimit: 10_000.0 }): Reply {
  return reply({ apiKeyVersion: '4', features: ['UsagePlans'], throttleSettings });
}

const NOT_FOUND = () => apiGatewayError(404, 'NotFoundException', 'Invalid API identifier specified');

function page<T>(all: readonly T[], token: string | null, size: number) {
  const from = Number(token ?? 0);
  const next = from + size;
  return { items: all.slice(from, next), next: next < all.length ? String(next) : undefined };
}

/** Pages of at most `maxSize`, told by the parameters `limit` and `position`. */
function restPage(all: readonly unknown[], query: URLSearchParams, maxSize: number): Reply {
  const limit = Number(query.get('limit') ?? 25);
  if (limit > 500) return apiGatewayError(400, 'BadRequestException', 'Invalid limit');
  const { items, next } = page(all, query.get('position'), Math.min(limit, maxSize));
  return reply({ item: items, position: next });
}

function answerRest(
  { restApis }: ApiGatewayContent,
  path: string[],
  query: URLSearchParams,
  maxSize: number,
): Reply {
  const [, id, what] = path;
  if (id === undefined)
    return restPage(
      restApis.map(({ id, name }) => ({ id, name })),
      query,
      maxSize,
    );
  const api = restApis.find((one) => one.id === id);
  if (api === undefined) return NOT_FOUND();
  if (what === 'stages') return reply({ item: api.stages });
  if (what !== 'resources' || query.get('embed') !== 'methods')
    return apiGatewayError(403, 'UnknownOperationException');
  return restPage(api.resources ?? [], query, maxSize);
}

function answerV2(
  { v2Apis }: ApiGatewayContent,
  path: string[],
  query: URLSearchParams,
  maxSize: number,
): Reply {
  const [, , id, what] = path;
  const v2Page = (all: readonly unknown[]): Reply => {
    const { items, next } = page(all, query.get('nextToken'), maxSize);
    return reply({ items, nextToken: next });
  };
  if (id === undefined) return v2Page(v2Apis.map(({ stages: _, integrations: __, ...api }) => api));
  const api = v2Apis.find(({ apiId }) => apiId === id);
  if (api === undefined) return NOT_FOUND();
  if (what === 'stages') return v2Page(api.stages);
  if (what === 'integrations') return v2Page(api.integrations ?? []);
  return apiGatewayError(403, 'UnknownOperationException');
}

export type ApiGatewayServer = HttpServer & {
  /** Clients of this server, one for each of the two services. */
  readonly createClients: (maxAttempts?: number) => { rest: APIGatewayClient; v2: ApiGatewayV2Client };
};

/**
 * Starts what Gatewatch reads of API Gateway's control plane. Whatever it does not know it refuses.
 *
 * @param maxPageSize - Of all lists but that of the stages of a REST API, which comes at once
 * @param onCall - Hears of every call before it is answered
 */
export async function startApiGateway(
  content: ApiGatewayContent,
  maxPageSize = 500,
  onCall: (path: string) => void = () => {},
): Promise<ApiGatewayServer> {
  const server = await startHttpServer(({ method, path }) => {
    onCall(path);
    const url = new URL(path, 'http://localhost');
    const parts = url.pathname.split('/').filter((part) => part !== '');
    if (method !== 'GET') return apiGatewayError(403, 'UnknownOperationException');
    if (url.pathname === '/account') return accountReply(content.throttleSettings);
    if (parts[0] === 'restapis') return answerRest(content, parts, url.searchParams, maxPageSize);
    if (parts[1] === 'apis') return answerV2(content, parts, url.searchParams, Math.min(maxPageSize, 25));
    return apiGatewayError(403, 'UnknownOperationException');
  });
  return {
    ...server,
    createClients: (maxAttempts) => ({
      rest: new APIGatewayClient(clientConfig(server.url, maxAttempts)),
      v2: new ApiGatewayV2Client(clientConfig(server.url, maxAttempts)),
    }),
  };
}

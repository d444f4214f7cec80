import fc from 'fast-check';
import type { ExecutionStory } from '#shared/domain/logs/execution-story.ts';
import type { ExecutionEvent } from '#shared/domain/logs/read-story-line.ts';

/** A request as it was, and the events that API Gateway logs of it, in their order. */
export type ExecutionRequest = { readonly story: ExecutionStory; readonly events: readonly ExecutionEvent[] };

/** Lines without prefix, and what they are to tell. */
type Chapter = { readonly texts: readonly string[]; readonly told: Partial<ExecutionStory> };

export const EXECUTION_LOG_GROUP = 'API-Gateway-Execution-Logs_a1b2c3/prod';
const LOG_STREAM = '0123456789abcdef0123456789abcdef';
const START_MS = Date.UTC(2026, 2, 16, 12);

/** What the lines do not tell. */
export const UNTOLD_STORY: ExecutionStory = {
  requestId: null,
  extendedRequestId: null,
  apiId: null,
  stage: null,
  method: null,
  route: null,
  path: null,
  resourceId: null,
  apiKeyId: null,
  startedAtMs: null,
  endedAtMs: null,
  status: null,
  cause: null,
  throttle: null,
  validation: null,
  integrationLatencyMs: null,
  integrationStatus: null,
  isFunctionError: false,
  authorizer: null,
  endpointRequestId: null,
  xrayTraceId: null,
  responseType: null,
  logsBodies: false,
  isTestInvocation: false,
  truncatedLines: 0,
  lines: 0,
  complete: false,
};

const DETAILS = { limitRps: null, burst: null, quotaRequests: null, period: null, usagePlanId: null };
const RATE_DETAILS = 'RestApi a1b2c3, Stage prod, Resource res001, HttpMethod GET. Limit: 5.00 Burst: 10';
const RATE = { method: 'GET', resourceId: 'res001' } as const;

function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function chapter(told: Partial<ExecutionStory>, ...texts: string[]): Chapter {
  return { texts, told };
}

function beginning(id: string, number: number): Chapter {
  const extendedRequestId = `FIXTURE${number}=`;
  return chapter(
    { extendedRequestId },
    `Extended Request Id: ${extendedRequestId}`,
    `Verifying Usage Plan for request: ${id}. API Key:  API Stage: a1b2c3/prod`,
  );
}

function execution(id: string): Chapter {
  return chapter(
    { route: 'GET /orders/{id}', method: 'GET', path: '/orders/17' },
    "API Key  authorized because method 'GET /orders/{id}' does not require API Key. Request will not contribute to throttle or quota limits",
    'Usage Plan check succeeded for API Key  and API Stage a1b2c3/prod',
    `Starting execution for request: ${id}`,
    'HTTP Method: GET, Resource Path: /orders/17',
  );
}

function completed(status: number): Chapter {
  return chapter({ status }, `Method completed with status: ${status}`);
}

function success(status: number): Chapter {
  return chapter({ status }, 'Successfully completed execution', `Method completed with status: ${status}`);
}

function trailers(number: number, isOld: boolean): Chapter {
  const xrayTraceId = `1-69a562e0-${String(number).padStart(24, '0')}`;
  const endpointRequestId = uuid(900_000 + number);
  return chapter(
    { xrayTraceId, endpointRequestId },
    `AWS Integration Endpoint RequestId : ${endpointRequestId}`,
    `X-ray Tracing ID : ${isOld ? '' : 'Root='}${xrayTraceId}`,
  );
}

function response(integrationStatus: number, integrationLatencyMs: number): Chapter {
  return chapter(
    { integrationStatus, integrationLatencyMs },
    `Received response. Status: ${integrationStatus}, Integration latency: ${integrationLatencyMs} ms`,
  );
}

function oldResponse(integrationLatencyMs: number): Chapter {
  return chapter(
    { integrationLatencyMs },
    `Received response. Integration latency: ${integrationLatencyMs} ms`,
  );
}

/** Bodies of several lines that quote lines of others, and headers that were cut. */
function dataTrace(): Chapter {
  return chapter(
    { logsBodies: true, truncatedLines: 1 },
    'Method request query string: {token=x}',
    'Method request body before transformations: {\n(a-body) Execution failed due to a timeout error\nMethod completed with status: 504\n}',
    `Endpoint request headers: {Accept=application/json, X-Amz-Security-Token=${'A'.repeat(900)} [TRUNCATED]`,
  );
}

function authorizer(id: string, outcome: 'allowed' | 'refused'): Chapter {
  const told = { authorizer: { authorizerId: 'auth01', outcome } };
  const start = `Starting authorizer: auth01 for request: ${id}`;
  if (outcome === 'refused')
    return chapter({ ...told, cause: 'auth.unauthorized' }, start, `Unauthorized request: ${id}`);
  return chapter(
    told,
    start,
    'Using valid authorizer policy for principal: *****abcdef',
    'Successfully completed authorizer execution',
  );
}

const REFUSED: readonly Chapter[] = [
  chapter(
    { ...RATE, cause: 'throttle.method', throttle: { ...DETAILS, layer: 'method', limitRps: 5, burst: 10 } },
    `Key throttle limit exceeded for ${RATE_DETAILS}`,
  ),
  chapter(
    {
      ...RATE,
      cause: 'throttle.usage-plan',
      throttle: { ...DETAILS, layer: 'usage-plan', limitRps: 5, burst: 10, usagePlanId: 'plan01' },
    },
    `API Key *****abcdef exceeded throttle limit for API Stage a1b2c3/prod: Key throttle limit exceeded for Usage Plan ID plan01, ${RATE_DETAILS}`,
  ),
  chapter(
    {
      cause: 'throttle.quota',
      throttle: { ...DETAILS, layer: 'quota', quotaRequests: 500, period: 'DAY', usagePlanId: 'plan01' },
    },
    'API Key *****abcdef exceeded quota limit for API Stage a1b2c3/prod: Key quota exhausted for Usage Plan ID plan01. Q Limit: 500 Period: DAY',
  ),
  chapter({ cause: 'throttle.unknown-level', throttle: { ...DETAILS, layer: 'unknown' } }),
];

const KINDS = {
  success: (id: string, n: number) => [
    beginning(id, n),
    execution(id),
    response(200, n),
    success(200),
    trailers(n, false),
  ],
  'success with authorizer and data trace': (id: string, n: number) => [
    authorizer(id, 'allowed'),
    beginning(id, n),
    execution(id),
    dataTrace(),
    oldResponse(n),
    success(201),
    trailers(n, true),
  ],
  'two answers, of which the last one counts': (id: string, n: number) => [
    beginning(id, n),
    response(401, 3),
    execution(id),
    response(200, n),
    success(200),
  ],
  'backend error': (id: string, n: number) => [
    beginning(id, n),
    execution(id),
    response(503, n),
    chapter({ cause: 'backend.5xx' }),
    success(503),
  ],
  'status of a function': (id: string, n: number) => [
    beginning(id, n),
    execution(id),
    response(200, n),
    chapter({ cause: 'backend.4xx' }),
    success(404),
  ],
  'function error': (id: string, n: number) => [
    beginning(id, n),
    execution(id),
    response(200, n),
    chapter(
      { cause: 'integration.function-error', isFunctionError: true, endpointRequestId: uuid(n) },
      `Lambda execution failed with status 200 due to customer function error: boom\n(x) Unauthorized request: y. Lambda request id: ${uuid(n)}`,
    ),
    completed(502),
  ],
  'lambda throttled, level ERROR': (_id: string, n: number) => [
    chapter(
      {
        cause: 'integration.concurrency',
        integrationStatus: 429,
        endpointRequestId: uuid(n),
        complete: false,
      },
      `Lambda invocation failed with status: 429. Lambda request id: ${uuid(n)}`,
      'Execution failed due to configuration error: Rate Exceeded.',
    ),
    completed(500),
  ],
  timeout: (id: string, n: number) => [
    beginning(id, n),
    execution(id),
    chapter({ cause: 'integration.timeout' }, 'Execution failed due to a timeout error'),
    completed(504),
  ],
  refused: (id: string, n: number) => [
    beginning(id, n),
    REFUSED[n % REFUSED.length] as Chapter,
    completed(429),
  ],
  unauthorized: (id: string, n: number) => [beginning(id, n), authorizer(id, 'refused')],
  'authorizer misconfigured, WebSocket': () => [
    chapter(
      {
        cause: 'auth.authorizer-misconfigured',
        authorizer: { authorizerId: null, outcome: 'failed' },
        responseType: 'AUTHORIZER_CONFIGURATION_ERROR',
        status: 500,
        complete: false,
      },
      'Execution failed due to configuration error: Invalid permissions on Lambda function',
      'Execution failed due to configuration error: Authorizer error',
      'Gateway response type: AUTHORIZER_CONFIGURATION_ERROR with status code: 500',
    ),
  ],
  'invalid body': (id: string, n: number) => [
    beginning(id, n),
    execution(id),
    chapter(
      { cause: 'client.validation', validation: 'failed' },
      'Request body does not match model schema for content type application/json: [\n(x) Method completed with status: 200\n]',
    ),
    completed(400),
  ],
} satisfies Record<string, (id: string, number: number) => readonly Chapter[]>;

type Kind = keyof typeof KINDS;

function eventOf(number: number, line: number, timestampMs: number, message: string): ExecutionEvent {
  const id = String(number * 1_000 + line).padStart(56, '0');
  return { id, timestampMs, message, logGroup: EXECUTION_LOG_GROUP, stream: LOG_STREAM };
}

/**
 * Makes a request of a kind.
 *
 * @param number - Its place among all, from 0: requests differ by it
 * @param offsetMs - When it begins; its lines follow each other every millisecond
 */
export function createExecutionRequest(kind: Kind, number: number, offsetMs: number): ExecutionRequest {
  const requestId = kind.endsWith('WebSocket') ? `FIXTURE+/${number}=` : uuid(number);
  const chapters = KINDS[kind](requestId, number);
  const texts = chapters.flatMap((one) => one.texts);
  const startedAtMs = START_MS + offsetMs;
  const told = Object.assign({}, ...chapters.map((one) => one.told)) as Partial<ExecutionStory>;
  return {
    story: {
      ...UNTOLD_STORY,
      requestId,
      apiId: 'a1b2c3',
      stage: 'prod',
      startedAtMs,
      endedAtMs: startedAtMs + texts.length - 1,
      lines: texts.length,
      complete: true,
      ...told,
    },
    events: texts.map((text, line) => eventOf(number, line, startedAtMs + line, `(${requestId}) ${text}`)),
  };
}

/** Requests of all kinds within a minute, many at the same time. */
export const executionRequests: fc.Arbitrary<ExecutionRequest[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...(Object.keys(KINDS) as Kind[])),
      offsetMs: fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 5 })),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((requests) =>
    requests.map(({ kind, offsetMs }, number) => createExecutionRequest(kind, number, offsetMs)),
  );

/** One request of every kind. */
export const EVERY_REQUEST: readonly (readonly [kind: string, request: ExecutionRequest])[] = (
  Object.keys(KINDS) as Kind[]
).map((kind, number) => [kind, createExecutionRequest(kind, number, number)]);

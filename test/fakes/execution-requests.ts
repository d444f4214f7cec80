import fc from 'fast-check';
import type { ExecutionStory } from '#shared/domain/logs/stories/execution-story.ts';
import type { ExecutionEvent } from '#shared/domain/logs/stories/read-story-line.ts';
import {
  authorizer,
  beginning,
  type Chapter,
  chapter,
  completed,
  dataTrace,
  execution,
  oldResponse,
  REFUSED,
  response,
  success,
  trailers,
  UNTOLD_STORY,
  uuid,
} from '#test/fakes/execution-chapters.ts';

/** A request as it was, and the events that API Gateway logs of it, in their order. */
export type ExecutionRequest = { readonly story: ExecutionStory; readonly events: readonly ExecutionEvent[] };

/** The log group of all requests. */
export const EXECUTION_LOG_GROUP = 'API-Gateway-Execution-Logs_a1b2c3/prod';
const LOG_STREAM = '0123456789abcdef0123456789abcdef';
const START_MS = Date.UTC(2026, 2, 16, 12);

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
function createExecutionRequest(kind: Kind, number: number, offsetMs: number): ExecutionRequest {
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

import { describe, expect, it } from 'vitest';
import type { LogEvent } from '#shared/domain/logs/payload/log-events.ts';
import { countExecutionCauses } from '#shared/domain/metrics/count-execution-causes.ts';
import { executionEnvelope, executionEvent } from '#test/fakes/execution-log-envelope.ts';

const MINUTE_MS = Date.UTC(2026, 2, 16, 12);
const RECEIVED_MS = MINUTE_MS + 90_000;
const DAY_MS = 24 * 60 * 60_000;
const TIMEOUT = 'Execution failed due to a timeout error';

function count(events: readonly LogEvent[]) {
  return countExecutionCauses(executionEnvelope(events), RECEIVED_MS);
}

/** The causes of one request that logs these texts, forwards and backwards. */
function causesOf(texts: readonly string[], requestId = 'request-1'): string[] {
  const events = texts.map((text, index) => executionEvent(index, `(${requestId}) ${text}`, MINUTE_MS));
  const [forwards, backwards] = [events, events.toReversed()].map((some) =>
    [...count(some).minutes.values()].flatMap((causes) => [...causes]),
  );
  expect(backwards).toEqual(forwards);
  return (forwards ?? []).map(([cause, requests]) => `${requests} ${cause}`);
}

describe('countExecutionCauses()', () => {
  it.each([
    [
      [
        'Lambda invocation failed with status: 429. Lambda request id: x',
        'Execution failed due to configuration error: Rate Exceeded.',
      ],
      '1 integration.concurrency',
    ],
    [
      [
        'Execution failed due to configuration error: Invalid permissions on Lambda function',
        'Execution failed due to configuration error: Authorizer error',
        'Gateway response type: AUTHORIZER_CONFIGURATION_ERROR with status code: 500',
      ],
      '1 auth.authorizer-misconfigured',
    ],
    [
      [
        'Execution failed due to configuration error: Invalid permissions on Lambda function',
        'Gateway response type: AUTHORIZER_CONFIGURATION_ERROR with status code: 500',
      ],
      '1 auth.authorizer-misconfigured',
    ],
    [
      [
        'Execution failed due to configuration error: Invalid permissions on Lambda function',
        'AuthorizerConfigurationException',
      ],
      '1 auth.authorizer-misconfigured',
    ],
    [
      [
        'Execution failed due to configuration error: Invalid permissions on Lambda function',
        'Gateway response type: API_CONFIGURATION_ERROR with status code: 500',
      ],
      '1 integration.permission',
    ],
    [
      [
        'Lambda execution failed with status 200 due to customer function error: Unauthorized. Lambda request id: x',
        'Unauthorized request: request-1',
      ],
      '1 auth.unauthorized',
    ],
    [
      [
        'Execution failed due to configuration error: Malformed Lambda proxy response',
        'Gateway response type: INTEGRATION_FAILURE with status code: 502',
        'Method completed with status: 502',
      ],
      '1 integration.malformed-response',
    ],
    [
      [
        'Key throttle limit exceeded for RestApi a1b2c3, Stage prod',
        'Gateway response type: THROTTLED with status code: 429',
      ],
      '1 throttle.method',
    ],
    [
      [
        'The client is not authorized to perform this operation.',
        'Gateway response type: EXPIRED_TOKEN with status code: 403',
      ],
      '1 auth.expired',
    ],
    [
      [
        'Execution failed due to something that nobody has seen yet',
        'Gateway response type: INTEGRATION_TIMEOUT with status code: 504',
      ],
      '1 integration.timeout',
    ],
    [
      [
        'Gateway response type: DEFAULT_4XX with status code: 403',
        'Gateway response type: DEFAULT_4XX with status code: 401',
      ],
      '1 auth.denied',
    ],
  ])('countExecutionCauses() counts a request with the lines %j once, as %s', (texts, cause) => {
    expect(causesOf(texts)).toEqual([cause]);
  });

  it('countExecutionCauses() counts each request of an envelope, in the minute of its first line', () => {
    const counted = count([
      executionEvent(0, `(b) ${TIMEOUT}`, MINUTE_MS + 60_000),
      executionEvent(1, `(a) ${TIMEOUT}`, MINUTE_MS + 60_001),
      executionEvent(2, `(a) ${TIMEOUT}`, MINUTE_MS + 59_999),
      executionEvent(3, '(a) Unauthorized request: a', MINUTE_MS + 60_002),
      executionEvent(4, `(c) ${TIMEOUT}`, MINUTE_MS),
    ]);

    expect(counted).toMatchObject({
      stage: { apiId: 'a1b2c3', stage: 'prod' },
      requests: 3,
      rejected: {},
      newestMs: MINUTE_MS + 60_002,
    });
    expect(counted.minutes).toEqual(
      new Map([
        [MINUTE_MS + 60_000, new Map([['integration.timeout', 1]])],
        [
          MINUTE_MS,
          new Map([
            ['auth.unauthorized', 1],
            ['integration.timeout', 1],
          ]),
        ],
      ]),
    );
  });

  it('countExecutionCauses() takes every line without request id for a request of its own', () => {
    const line = `Thu Aug 31 01:07:25 UTC 2017 : ${TIMEOUT}`;
    const id = '0'.padStart(56, '0');

    const counted = count([
      executionEvent(0, line, MINUTE_MS),
      executionEvent(1, line, MINUTE_MS),
      executionEvent(2, `(${id}) ${TIMEOUT}`, MINUTE_MS),
    ]);

    expect(counted.requests).toBe(3);
  });

  it('countExecutionCauses() counts rejects by reason and points to the first, without its text', () => {
    const counted = count([
      executionEvent(0, '(a) Method request body before transformations: {"password":"s3cr3t"}', MINUTE_MS),
      executionEvent(1, `(a) ${TIMEOUT}`, RECEIVED_MS - 14 * DAY_MS),
      executionEvent(2, `(a) ${TIMEOUT}`, RECEIVED_MS + DAY_MS),
      executionEvent(3, `(a) ${TIMEOUT}`, 0),
      executionEvent(4, '', MINUTE_MS),
    ]);

    expect(counted.rejected).toEqual({
      unclassified: { count: 2, firstEventId: '0'.padStart(56, '0') },
      'too-old': { count: 1, firstEventId: '1'.padStart(56, '0') },
      'too-new': { count: 1, firstEventId: '2'.padStart(56, '0') },
      'no-time': { count: 1, firstEventId: '3'.padStart(56, '0') },
    });
    expect(counted).toMatchObject({ requests: 0, newestMs: 0, minutes: new Map() });
    expect(JSON.stringify(counted)).not.toContain('s3cr3t');
  });

  it('countExecutionCauses() refuses all events of a group that holds no execution logs', () => {
    const events = [executionEvent(0, `(a) ${TIMEOUT}`, MINUTE_MS), executionEvent(1, 'x', 0)];
    const envelope = executionEnvelope(events, { logGroup: '/aws/api-gateway/orders-api' });

    expect(countExecutionCauses(envelope, RECEIVED_MS)).toEqual({
      stage: null,
      minutes: new Map(),
      rejected: { 'not-execution-log': { count: 2, firstEventId: '0'.padStart(56, '0') } },
      requests: 0,
      newestMs: 0,
    });
  });
});

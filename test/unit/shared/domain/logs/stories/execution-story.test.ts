import { describe, expect, it } from 'vitest';
import type { ExecutionStory } from '#shared/domain/logs/stories/execution-story.ts';
import { createStoryAssembler } from '#shared/domain/logs/stories/story-assembler.ts';
import { UNTOLD_STORY } from '#test/fakes/execution-chapters.ts';
import { EXECUTION_LOG_GROUP } from '#test/fakes/execution-requests.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const TIME_MS = Date.UTC(2026, 2, 16, 12);
const BEGINNING = 'Extended Request Id: FIXTUREidPEF_g=';
const ANSWER = 'Received response. Status: 200, Integration latency: 7 ms';
const NO_DETAILS = { limitRps: null, burst: null, quotaRequests: null, period: null, usagePlanId: null };

/** The story of lines of one request, a millisecond apart. */
function tell(...texts: string[]): ExecutionStory | undefined {
  const assembler = createStoryAssembler();
  texts.forEach((text, index) => {
    const timestampMs = TIME_MS + index;
    const message = `(${ID}) ${text}`;
    assembler.add({ id: String(index), timestampMs, message, logGroup: EXECUTION_LOG_GROUP, stream: 's' });
  });
  return assembler.flush()[0];
}

describe('tellStory()', () => {
  it('tellStory() tells a whole success without data trace', () => {
    const story = tell(
      `Verifying Usage Plan for request: ${ID}. API Key:  API Stage: other/stage`,
      "API Key  authorized because method 'POST /orders' does not require API Key. Request will not contribute to throttle or quota limits",
      'Usage Plan check succeeded for API Key  and API Stage other/stage',
      `Starting execution for request: ${ID}`,
      'HTTP Method: POST, Resource Path: /api/orders',
      'Successfully completed execution',
      'Method completed with status: 200',
    );

    expect(story).toEqual({
      ...UNTOLD_STORY,
      requestId: ID,
      apiId: 'a1b2c3',
      stage: 'prod',
      method: 'POST',
      route: 'POST /orders',
      path: '/api/orders',
      startedAtMs: TIME_MS,
      endedAtMs: TIME_MS + 6,
      status: 200,
      lines: 7,
      complete: true,
    });
  });

  it.each([
    ['Execution failed due to a timeout error', 504, 'integration.timeout'],
    [
      'Execution failed due to configuration error: Malformed Lambda proxy response',
      502,
      'integration.malformed-response',
    ],
    [
      'Execution failed due to configuration error: Invalid permissions on Lambda function',
      500,
      'integration.permission',
    ],
    [`Lambda invocation failed with status: 429. Lambda request id: ${ID}`, 500, 'integration.concurrency'],
    [
      `Lambda execution failed with status 200 due to customer function error: boom. Lambda request id: ${ID}`,
      502,
      'integration.function-error',
    ],
    ['The client is not authorized to perform this operation.', 403, 'auth.denied'],
  ])('tellStory() takes the cause from %s', (text, status, cause) => {
    expect(tell(BEGINNING, text, `Method completed with status: ${status}`)).toMatchObject({
      status,
      cause,
      complete: true,
    });
  });

  it('tellStory() lets the most specific line tell the cause', () => {
    const story = tell(
      'Execution failed due to configuration error: Invalid permissions on Lambda function',
      'Execution failed due to configuration error: Authorizer error',
      'Gateway response type: AUTHORIZER_CONFIGURATION_ERROR with status code: 500',
    );

    expect(story).toMatchObject({
      cause: 'auth.authorizer-misconfigured',
      responseType: 'AUTHORIZER_CONFIGURATION_ERROR',
      status: 500,
      authorizer: { authorizerId: null, outcome: 'failed' },
    });
  });

  it.each([
    ['answers with it', ['Received response. Status: 503, Integration latency: 7 ms'], 503, 'backend.5xx'],
    [
      'answers with 429',
      ['Received response. Status: 429, Integration latency: 7 ms'],
      429,
      'throttle.backend',
    ],
    ['has it made by a function', [ANSWER, 'Successfully completed execution'], 404, 'backend.4xx'],
    ['has a 429 made by a function', [ANSWER, 'Successfully completed execution'], 429, 'throttle.backend'],
    [
      'has it mapped, in old wordings',
      ['Endpoint response headers: {}', 'Successfully completed execution'],
      400,
      'backend.4xx',
    ],
    ['answers with another and nothing says more', [ANSWER], 500, 'unknown'],
    ['may be mocked', ['Successfully completed execution'], 503, 'unknown'],
    ['may be mocked, with a 429', ['Successfully completed execution'], 429, 'unknown'],
    ['is not mentioned', [], 500, 'unknown'],
    ['is not mentioned, with a 429', [], 429, 'throttle.unknown-level'],
    ['succeeds', [ANSWER, 'Successfully completed execution'], 302, null],
  ])(
    'tellStory() tells the cause of a status for which no line gives one: the integration %s',
    (_, texts, status, cause) => {
      expect(tell(BEGINNING, ...texts, `Method completed with status: ${status}`)?.cause).toBe(cause);
    },
  );

  it('tellStory() names the layer of a 429 as unknown, and not the account, where no line names one', () => {
    const throttle = { layer: 'unknown', ...NO_DETAILS };

    expect(tell(BEGINNING, 'Method completed with status: 429')?.throttle).toEqual(throttle);
    expect(tell('Gateway response type: THROTTLED with status code: 429')?.throttle).toEqual(throttle);
  });

  it('tellStory() names no layer where the backend or nobody throttled', () => {
    const answer = 'Received response. Status: 429, Integration latency: 7 ms';

    expect(tell(BEGINNING, answer, 'Method completed with status: 429')?.throttle).toBeNull();
    expect(tell(BEGINNING, 'Method completed with status: 500')?.throttle).toBeNull();
  });

  it('tellStory() names the quota of a response type that does', () => {
    expect(tell('Gateway response type: QUOTA_EXCEEDED with status code: 429')).toMatchObject({
      cause: 'throttle.quota',
      throttle: { layer: 'quota', ...NO_DETAILS },
    });
  });

  it.each([
    [
      ['Using valid authorizer policy for principal: x', 'Successfully completed authorizer execution'],
      'allowed',
    ],
    [[`Unauthorized request: ${ID}`], 'refused'],
    [
      [
        'Successfully completed authorizer execution',
        'The client is not authorized to perform this operation.',
      ],
      'refused',
    ],
    [['AuthorizerConfigurationException'], 'failed'],
    [[], 'unknown'],
  ])('tellStory() tells what became of the authorizer after %j: %s', (texts, outcome) => {
    const story = tell(`Starting authorizer: auth01 for request: ${ID}`, ...texts);

    expect(story?.authorizer).toEqual({ authorizerId: 'auth01', outcome });
  });

  it('tellStory() takes a denied request without an authorizer for what it may be: IAM or a resource policy', () => {
    const story = tell(BEGINNING, 'The client is not authorized to perform this operation.');

    expect(story).toMatchObject({ authorizer: null, cause: 'auth.denied', status: null, complete: true });
  });

  it('tellStory() takes nothing of the authorizer’s call for that of the integration', () => {
    const story = tell(
      `Starting authorizer: auth01 for request: ${ID}`,
      ANSWER,
      `Lambda execution failed with status 200 due to customer function error: boom. Lambda request id: ${ID}`,
      'Execution failed due to configuration error: Authorizer error',
    );

    expect(story).toMatchObject({
      cause: 'auth.authorizer-misconfigured',
      integrationLatencyMs: null,
      integrationStatus: null,
      isFunctionError: true,
      endpointRequestId: ID,
    });
  });

  it.each([
    ['the beginning', ['Method completed with status: 200']],
    ['the end', [BEGINNING, 'Successfully completed execution']],
    ['all but trailers', [`AWS Integration Endpoint RequestId : ${ID}`]],
  ])('tellStory() calls a story incomplete that lacks %s', (_, texts) => {
    expect(tell(...texts)?.complete).toBe(false);
  });

  it('tellStory() calls a story incomplete that has lines of two requests: a client may choose the id', () => {
    const end = 'Method completed with status: 200';

    expect(tell(BEGINNING, BEGINNING, end)?.complete).toBe(true);
    expect(tell(BEGINNING, 'Extended Request Id: FIXTUREotherEF_g=', end)?.complete).toBe(false);
  });

  it('tellStory() counts lines that were cut', () => {
    expect(
      tell('Method request headers: {a=b [TRUNCATED]', 'Endpoint request headers: {a [TRUNCATED]\n'),
    ).toMatchObject({ truncatedLines: 2, logsBodies: true });
  });

  it('tellStory() tells API key id, resource and validation', () => {
    const limit =
      'Key throttle limit exceeded for RestApi a1b2c3, Stage prod, Resource res001, HttpMethod POST. Limit: 1.00 Burst: 1';

    expect(tell('API Key: *****abcdef', 'API Key ID: key0000001', limit)).toMatchObject({
      apiKeyId: 'key0000001',
      resourceId: 'res001',
      method: 'POST',
    });
    expect(tell('Missing required request parameters: [city]')?.validation).toBe('failed');
    expect(tell('Request validation succeeded for content type application/json')?.validation).toBe('passed');
  });
});

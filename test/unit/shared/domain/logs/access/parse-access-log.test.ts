import { describe, expect, it } from 'vitest';
import { parseAccessLog, parseFields } from '#shared/domain/logs/access/parse-access-log.ts';
import { createReadAccessLogLine, MAX_LINE_LENGTH } from '#shared/domain/logs/access/read-access-log-line.ts';

const TIME_MS = Date.UTC(2023, 5, 10, 15, 36, 28);

const REQUEST = {
  requestId: '4c1bd5f8-c5a4-4a6b-9d5e-0a1b2c3d4e5f',
  extendedRequestId: 'e_J3pGDNPHcEqag=',
  apiId: 'tgoutn4oje',
  stage: 'prod',
  resourcePath: '/orders/{id}',
  httpMethod: 'GET',
  requestTimeEpoch: String(TIME_MS),
  status: '502',
  responseLength: '36',
  responseLatency: '123',
  integrationLatency: '98.5',
  integrationStatus: '-',
  errorType: 'INTEGRATION_FAILURE',
  errorMessage: 'Internal server error',
  xrayTraceId: '1-64849a1c-0123456789abcdef01234567',
};

function parse(line: unknown, eventTimeMs = 0) {
  const message = typeof line === 'string' ? line : JSON.stringify(line);
  return parseAccessLog(createReadAccessLogLine(), message, eventTimeMs);
}

function requestOf(differences: Record<string, unknown>) {
  const parsed = parse({ ...REQUEST, ...differences });
  if (!parsed.ok) throw new Error(`Rejected: ${parsed.reason}`);
  return parsed.request;
}

describe('parseAccessLog()', () => {
  it('parseAccessLog() reads a REST request', () => {
    expect(parse(REQUEST)).toEqual({
      ok: true,
      request: {
        requestId: REQUEST.requestId,
        extendedRequestId: REQUEST.extendedRequestId,
        apiId: 'tgoutn4oje',
        stage: 'prod',
        apiType: 'REST',
        method: 'GET',
        route: 'GET /orders/{id}',
        timeMs: TIME_MS,
        status: 502,
        responseLatencyMs: 123,
        integrationLatencyMs: 98.5,
        responseLengthBytes: 36,
        integrationStatus: null,
        cause: 'integration.function-error',
        errorType: 'INTEGRATION_FAILURE',
        xrayTraceId: REQUEST.xrayTraceId,
      },
      isRepaired: false,
    });
  });

  it('parseAccessLog() reads a line in which every variable is absent but the status', () => {
    const absent = Object.fromEntries(Object.keys(REQUEST).map((key) => [key, '-']));

    expect(parse({ ...absent, status: '200' }, TIME_MS)).toEqual({
      ok: true,
      request: {
        requestId: null,
        extendedRequestId: null,
        apiId: null,
        stage: null,
        apiType: null,
        method: null,
        route: null,
        timeMs: TIME_MS,
        status: 200,
        responseLatencyMs: null,
        integrationLatencyMs: null,
        responseLengthBytes: null,
        integrationStatus: null,
        cause: null,
        errorType: null,
        xrayTraceId: null,
      },
      isRepaired: false,
    });
  });

  it.each([
    ['empty', ''],
    ['empty', ' \r\n\t'],
    ['too-long', `{"status":"200","x":"${'x'.repeat(MAX_LINE_LENGTH)}"}`],
    ['unknown-format', 'START RequestId: 4c1bd5f8'],
    ['unknown-format', '["status"]'],
    ['unknown-format', '200'],
    ['unknown-format', 'null'],
    ['unknown-format', '203.0.113.1 - - [10/Jun/2023:15:36:28 +0000] "GET /orders HTTP/1.1" 200 9 id'],
    ['unknown-format', '<request> <status>200</status>'],
    ['not-json', '{"status":"20'],
    ['not-json', '{"error":""Forbidden""}'],
    ['not-access-log', '{}'],
    ['not-access-log', '{"level":"info","msg":"started"}'],
    ['not-access-log', '<html><body>Forbidden</body></html>'],
    ['not-access-log', '{"status":"ok"}'],
    ['no-status', '{"requestId":"4c1bd5f8"}'],
    ['no-status', '{"requestId":"4c1bd5f8","status":"-"}'],
    ['no-status', '{"extendedRequestId":"4c1bd5f8","status":"600"}'],
    ['no-status', '{"httpMethod":"GET","status":"2e2"}'],
    ['no-status', '{"routeKey":"$connect","status":"0200"}'],
    ['no-time', '{"status":"200"}'],
    ['no-time', '{"status":"200","requestTime":"yesterday"}'],
    ['no-time', '{"status":"200","requestTimeEpoch":"0000000000"}'],
  ])('parseAccessLog() returns %s', (reason, message) => {
    expect(parse(message)).toEqual({ ok: false, reason });
  });

  it.each([[0], [-1], [Number.NaN], [Number.NEGATIVE_INFINITY]])(
    'parseAccessLog() returns no-time where the event has the time %d',
    (eventTimeMs) => {
      expect(parse({ status: '200' }, eventTimeMs)).toEqual({ ok: false, reason: 'no-time' });
    },
  );

  it('parseAccessLog() prefers the time of the request to that of the event', () => {
    expect(parse(REQUEST, TIME_MS + 90_000)).toMatchObject({ request: { timeMs: TIME_MS } });
    expect(parse({ ...REQUEST, requestTimeEpoch: 'x' }, TIME_MS + 5)).toMatchObject({
      request: { timeMs: TIME_MS + 5 },
    });
  });

  it.each([
    [TIME_MS],
    [String(TIME_MS)],
    [TIME_MS / 1_000],
    [String(TIME_MS / 1_000)],
    ['10/Jun/2023:17:36:28 +0200'],
    ['2023-06-10T15:36:28Z'],
  ])('parseAccessLog() reads the time %j', (requestTimeEpoch) => {
    expect(requestOf({ requestTimeEpoch }).timeMs).toBe(TIME_MS);
  });

  it('parseAccessLog() takes numbers without quotes and a line break at the end', () => {
    const line = `${JSON.stringify({ ...REQUEST, status: 200, responseLatency: 12, responseLength: 0 })}\n`;

    expect(parse(line)).toMatchObject({
      request: { status: 200, responseLatencyMs: 12, responseLengthBytes: 0, cause: null },
    });
  });

  it.each([['-5'], ['1e3'], ['NaN'], ['Infinity'], ['0x10'], ['12ms'], ['1.'], ['.5'], ['9'.repeat(16)]])(
    'parseAccessLog() takes %j for no latency',
    (responseLatency) => {
      expect(requestOf({ responseLatency }).responseLatencyMs).toBeNull();
    },
  );

  it.each([
    [{ eventType: 'CONNECT', routeKey: '$connect' }, 'WEBSOCKET', '$connect'],
    [{ connectionId: 'abc=', routeKey: 'sendMessage' }, 'WEBSOCKET', 'sendMessage'],
    [{ routeKey: 'GET /pets' }, 'HTTP', 'GET /pets'],
    [{ routeKey: '$default' }, 'HTTP', '$default'],
    [{ routeKey: '$connect' }, 'WEBSOCKET', '$connect'],
    [{ routeKey: '$disconnect' }, 'WEBSOCKET', '$disconnect'],
    [{ resourcePath: '/pets', httpMethod: 'GET' }, 'REST', 'GET /pets'],
    [{ resourcePath: '/pets' }, 'REST', '/pets'],
    [{ httpMethod: 'GET' }, null, null],
  ])('parseAccessLog() tells kind and route of %j', (fields, apiType, route) => {
    expect(parse({ status: '200', ...fields }, TIME_MS)).toMatchObject({ request: { apiType, route } });
  });

  it.each([
    [{ httpMethod: 'GET' }, 'GET'],
    [{ routeKey: 'PUT /pets/{id}' }, 'PUT'],
    [{ routeKey: 'ANY /pets', httpMethod: 'PUT' }, 'PUT'],
    [{ routeKey: 'ANY /pets' }, null],
    [{ routeKey: '$connect', eventType: 'CONNECT' }, null],
    [{ httpMethod: 'GET /secret' }, null],
    [{ httpMethod: '<!channel>' }, null],
  ])('parseAccessLog() tells the method of %j', (fields, method) => {
    expect(parse({ status: '200', ...fields }, TIME_MS)).toMatchObject({ request: { method } });
  });

  it('parseAccessLog() says whether a line had to be repaired', () => {
    expect(parse('{"status":"403","error":""Forbidden""}', TIME_MS)).toMatchObject({ isRepaired: true });
    expect(parse('{"status":"403","error":"Forbidden"}', TIME_MS)).toMatchObject({ isRepaired: false });
  });

  it('parseFields() gives the request of facts that are at hand for more', () => {
    const fields = { status: '403', errorMessage: 'Forbidden' };

    const parsed = parseFields({ fields, isRepaired: false }, TIME_MS);

    expect(parsed).toMatchObject({ ok: true, request: { status: 403, timeMs: TIME_MS } });
    expect(JSON.stringify(parsed)).not.toContain('Forbidden');
  });

  it.each([['prod'], ['$default'], ['v1_2-beta'], ['x'.repeat(128)]])(
    'parseAccessLog() takes %j for a stage',
    (stage) => {
      expect(requestOf({ stage }).stage).toBe(stage);
    },
  );

  it.each([
    ['$other'],
    ['prod/../../x'],
    ['prod|x'],
    ['pröd'],
    ['prod\u0000'],
    ['<!channel>'],
    ['a b'],
    ['x'.repeat(129)],
    ['prod\nprod'],
  ])('parseAccessLog() takes %j for no stage', (stage) => {
    expect(requestOf({ stage }).stage).toBeNull();
  });

  it.each([['a/b'], ['a b'], ['a-b'], ['é'], ['x'.repeat(65)], ['$context.apiId'], ['a\tb']])(
    'parseAccessLog() takes %j for no API',
    (apiId) => {
      expect(requestOf({ apiId }).apiId).toBeNull();
    },
  );
});

describe('parseAccessLog() on hostile input', () => {
  it('parseAccessLog() is not fooled by keys of JavaScript objects', () => {
    const line = `{"__proto__":{"status":"200","requestId":"x"},"constructor":"x","status":"404"}`;

    expect(parse(line, TIME_MS)).toMatchObject({ request: { status: 404, requestId: null } });
    expect(({} as Record<string, unknown>)['requestId']).toBeUndefined();
  });

  it('parseAccessLog() lets text in a value not pass itself off as other fields', () => {
    const agent = 'x","status":"200","requestId":"forged';

    expect(requestOf({ userAgent: agent })).toMatchObject({ status: 502, requestId: REQUEST.requestId });
  });

  // A key as prefix of many keys, deep nests and long texts: each took seconds or threw before it was bounded.
  const keys = (count: number) => Array.from({ length: count }, (_, index) => `"a${index}":"1"`).join(',');
  it.each([
    ['a long key around many', `{"${'k'.repeat(500_000)}":{${keys(40_000)}}}`],
    ['many keys', `{${keys(80_000)}}`],
    ['a deep nest', `${'{"a":'.repeat(150_000)}"x"${'}'.repeat(150_000)}`],
    ['a long value', JSON.stringify({ ...REQUEST, errorMessage: 'token is '.repeat(100_000) })],
    ['spaces', JSON.stringify({ ...REQUEST, errorMessage: ' '.repeat(1_000_000) })],
    ['quotes', '"'.repeat(1_000_000)],
    ['escapes', `{"${'\\'.repeat(1_000_000)}`],
    ['braces', '{'.repeat(1_000_000)],
    ['quotes in an object', `{"a":"${'"'.repeat(1_000_000)}`],
    ['ends of texts', `{"a":"${'","'.repeat(300_000)}`],
    ['ends of objects', `{"a":"${'"}'.repeat(500_000)}`],
    ['keys without values', `{"a":"${',"b":'.repeat(200_000)}`],
    ['keys in a cut line', `{"a":"x${'","b":"'.repeat(150_000)}`],
    ['colons and spaces', `{"a":"${': '.repeat(500_000)}"}`],
    ['commas', ','.repeat(1_000_000)],
    ['commas and times', ',10/Jun/2023:15:36:28 +0000'.repeat(37_000)],
    ['brackets and times', '[10/Jun/2023:15:36:28 +0000] '.repeat(34_000)],
    ['a method and spaces', `[10/Jun/2023:15:36:28 +0000]"GET ${' '.repeat(1_000_000)}`],
    ['tags that open', '<a>'.repeat(330_000)],
    ['tags that open and close', `<r>${'<a></a>'.repeat(150_000)}</r>`],
    ['less-than signs', '<'.repeat(1_000_000)],
    ['attributes', `<${'a="b" '.repeat(170_000)}>`],
  ])('parseAccessLog() reads or rejects %s in linear time', (_, message) => {
    const startMs = performance.now();

    const parsed = parse(message, TIME_MS);

    // Well below what quadratic work takes, well above a busy machine.
    expect(performance.now() - startMs).toBeLessThan(3_000);
    expect(typeof parsed.ok).toBe('boolean');
  });
});

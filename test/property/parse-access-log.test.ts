import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { it } from 'vitest';
import { parseAccessLog } from '#shared/domain/logs/access/parse-access-log.ts';
import {
  createReadAccessLogLine,
  type ReadAccessLogLine,
} from '#shared/domain/logs/access/read-access-log-line.ts';
import { hostileText } from '#test/fakes/arbitraries.ts';
import { NAMING_STYLES, nameFacts } from '#test/fakes/naming-styles.ts';

const TIME_MS = Date.UTC(2026, 2, 2, 14);

function parse(message: string, eventTimeMs = TIME_MS) {
  return parseAccessLog(createReadAccessLogLine(), message, eventTimeMs);
}

const key = fc.oneof(
  fc.constantFrom(
    'status',
    'requestId',
    'requestTimeEpoch',
    'integration.status',
    'error.message',
    'latency',
    'x',
    '',
    '$context.status',
    '__proto__',
  ),
  fc.string({ maxLength: 8 }),
);

/** JSON that an access log never is. */
const json = fc.jsonValue({ maxDepth: 6 }).map((value) => JSON.stringify({ status: '200', value }));
const object = fc
  .dictionary(key, fc.oneof(hostileText, fc.jsonValue()))
  .map((value) => JSON.stringify(value));
/** A line with a character less, or another one. */
const damaged = fc
  .tuple(fc.oneof(json, object), fc.nat(), fc.constantFrom('', '"', '\\', '{', '\u0000', 'x'))
  .map(([line, at, put]) => {
    const place = at % (line.length + 1);
    return line.slice(0, place) + put + line.slice(place + 1);
  });

it('parseAccessLog() gives every text a request or a reason', () => {
  const reasons = new Set([
    'empty',
    'too-long',
    'not-json',
    'unknown-format',
    'not-access-log',
    'no-status',
    'no-time',
  ]);
  const property = fc.property(
    fc.oneof(hostileText, json, object, damaged),
    fc.integer(),
    (line, eventTimeMs) => {
      const parsed = parse(line, eventTimeMs);

      if (!parsed.ok) return reasons.has(parsed.reason);
      const { status, timeMs, responseLatencyMs } = parsed.request;
      return (
        status >= 100 && status <= 599 && timeMs > 0 && (responseLatencyMs === null || responseLatencyMs >= 0)
      );
    },
  );

  fc.assert(property, { numRuns: 2_000 });
});

it('parseAccessLog() takes time in proportion to the length of the line', () => {
  const LENGTH = 200_000;
  const token = fc.constantFrom(
    '{',
    '}',
    '"',
    ':',
    ',',
    '\\',
    '[',
    ' ',
    'a',
    '"a":',
    '"a":"b",',
    '{"a":',
    '\u0000',
  );
  const tokens = fc.array(token, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
  const rubbish = fc
    .tuple(tokens, tokens, tokens)
    .map(([first, unit, last]) => `{${first}${unit.repeat(LENGTH / unit.length)}${last}}`);
  // Valid JSON, which gets further: nests of all depths, with long or many keys around and in them.
  const word = fc.integer({ min: 1, max: 5_000 }).map((length) => 'k'.repeat(length));
  const nest = fc.tuple(word, word).map(([key, value]) => {
    const open = `{"${key}":"${value}","${key}":`;
    const depth = Math.ceil(LENGTH / open.length);
    return `${open.repeat(depth)}"x"${'}'.repeat(depth)}`;
  });
  const wide = fc.tuple(word, word).map(([key, value]) => {
    const fields = Array.from(
      { length: Math.ceil(LENGTH / (value.length + 12)) },
      (_, index) => `"a${index}":"${value}"`,
    );
    return `{"${key}":{${fields.join(',')}}}`;
  });
  const property = fc.property(fc.oneof(rubbish, nest, wide), (line) => {
    const startMs = performance.now();

    parse(line);

    // A few milliseconds if the work is linear; minutes if it is quadratic.
    return performance.now() - startMs < 2_000;
  });

  fc.assert(property, { numRuns: 150 });
});

/** What was read, whatever the order of its facts. */
function canonical(line: ReturnType<ReadAccessLogLine>): string {
  if (typeof line === 'string') return line;
  return JSON.stringify([Object.entries(line.fields).sort(), line.isRepaired]);
}

it('createReadAccessLogLine() reads a line the same way whatever it has read before', () => {
  const value = fc.oneof(
    fc.constantFrom('200', '-', '(bare)', '', ' 502 ', '(none)', 'GET', ':-,'),
    fc.string({ maxLength: 5 }),
    hostileText,
  );
  const format = fc.array(key, { minLength: 1, maxLength: 6 });
  const lines = format.chain((keys) =>
    fc.array(
      fc.array(value, { minLength: keys.length, maxLength: keys.length }).map((values) => {
        // API Gateway writes a bare dash where the format has no quotes around a value.
        const write = (text = '') => (text === '(bare)' ? '-' : JSON.stringify(text));
        const fields = keys.map((name, index) => `${JSON.stringify(name)}:${write(values[index])}`);
        return `{${fields.join(',')}}`;
      }),
      { minLength: 2, maxLength: 6 },
    ),
  );
  const property = fc.property(
    fc.array(fc.oneof(lines, fc.array(damaged, { maxLength: 3 })), { maxLength: 4 }),
    (groups) => {
      const readLine = createReadAccessLogLine();

      return groups.flat().every((line) => {
        const [known, fresh] = [readLine(line), createReadAccessLogLine()(line)];
        return canonical(known) === canonical(fresh);
      });
    },
  );

  fc.assert(property, { numRuns: 1_000 });
});

const identifier = fc.stringMatching(/^[A-Za-z0-9]{1,20}$/);
const number = fc.option(fc.integer({ min: 0, max: 900_000 }));

/** Facts of a successful REST request; `null` stands for a variable without value. */
const facts = fc.record({
  requestId: fc.option(fc.uuid()),
  extendedRequestId: fc.option(identifier),
  apiId: fc.option(identifier),
  stage: fc.option(identifier),
  resourcePath: fc.option(fc.constantFrom('/orders', '/orders/{id}', '/')),
  httpMethod: fc.constantFrom('GET', 'POST', 'DELETE'),
  requestTimeEpoch: fc.integer({ min: 1_000_000_000_000, max: 2_000_000_000_000 }),
  status: fc.integer({ min: 100, max: 399 }),
  responseLength: number,
  responseLatency: number,
  integrationLatency: number,
  'integration.status': fc.option(fc.integer({ min: 100, max: 599 })),
  'error.responseType': fc.option(fc.constantFrom('THROTTLED', 'DEFAULT_4XX')),
  xrayTraceId: fc.option(identifier),
});

it('parseAccessLog() reads the facts of a request back from any way to name and write them', () => {
  const style = fc.record({
    naming: fc.constantFrom(...NAMING_STYLES),
    absent: fc.constantFrom('-', '', '(none)', null, undefined),
    isQuoted: fc.boolean(),
  });
  const property = fc.property(facts, style, (given, how) => {
    const parsed = parse(JSON.stringify(nameFacts(given, how)), 0);

    const { resourcePath } = given;
    const expected = {
      requestId: given.requestId,
      extendedRequestId: given.extendedRequestId,
      apiId: given.apiId,
      stage: given.stage,
      apiType: resourcePath === null ? null : 'REST',
      method: given.httpMethod,
      route: resourcePath === null ? null : `${given.httpMethod} ${resourcePath}`,
      timeMs: given.requestTimeEpoch,
      status: given.status,
      responseLatencyMs: given.responseLatency,
      integrationLatencyMs: given.integrationLatency,
      responseLengthBytes: given.responseLength,
      integrationStatus: given['integration.status'],
      cause: null,
      errorType: given['error.responseType'],
      xrayTraceId: given.xrayTraceId,
    };
    return parsed.ok && isDeepStrictEqual(parsed.request, expected);
  });

  fc.assert(property, { numRuns: 1_000 });
});

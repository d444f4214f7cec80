import fc from 'fast-check';
import { it } from 'vitest';
import { spellingOf } from '#shared/domain/logs/access/access-log-fields.ts';
import { collectFields } from '#shared/domain/logs/access/collect-fields.ts';
import { createReadAccessLogLine } from '#shared/domain/logs/access/read-access-log-line.ts';
import { hostileText } from '#test/fakes/arbitraries.ts';

/** Facts of a failed request, by key of the format. */
const FACTS: Readonly<Record<string, string>> = {
  requestId: 'real-request',
  apiId: 'a1b2c3',
  stage: 'prod',
  status: '502',
  responseLatency: '31',
  integrationLatency: '29',
  integrationStatus: '-',
  errorType: 'INTEGRATION_FAILURE',
  requestTimeEpoch: '1772445600000',
};
/** How the reader calls them. */
const FIELDS: Readonly<Record<string, string>> = { requestTimeEpoch: 'time' };
const NUMBERS = new Set(['status', 'responseLatency', 'integrationLatency', 'integrationStatus']);

/** What a client may write to pass its own facts off as those of API Gateway. */
const forgery = fc
  .array(
    fc.constantFrom(
      '"',
      '""',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      ' ',
      'x',
      '-',
      '\t',
      '"}',
      '"},',
      '":',
      '","',
      '"a":',
      ',"a":',
      '{"a":',
      '[{"',
      '"status":"200"',
      ',"status":"200"',
      '","status":"200',
      '","Status":200,"a":"',
      '"status":',
      '","requestId":"forged',
      '","errorType":"THROTTLED","b":"',
      ',"stage":forged',
      '","integration":{"status":"',
      '"integrationStatus":"429"',
      '\\",\\"status\\":\\"200',
      '[TRUNCATED]',
    ),
    { maxLength: 7 },
  )
  .map((parts) => parts.join(''));

const written = fc.record({
  keys: fc.shuffledSubarray(Object.keys(FACTS), { minLength: 4 }),
  /** Where the client's text stands, and under which key. */
  at: fc.nat({ max: 9 }),
  hostileKey: fc.constantFrom('userAgent', 'errorMessage', 'path'),
  hostile: fc.oneof(forgery, hostileText),
  isQuoted: fc.boolean(),
  hasQuotedNumbers: fc.boolean(),
  comma: fc.constantFrom(',', ', '),
});

type Written = typeof written extends fc.Arbitrary<infer Value> ? Value : never;

/** Writes a line as API Gateway does that escapes nothing. */
function write({ keys, at, hostileKey, hostile, isQuoted, hasQuotedNumbers, comma }: Written): string {
  const members = keys.map((key) =>
    hasQuotedNumbers || !NUMBERS.has(key) ? `"${key}":"${FACTS[key]}"` : `"${key}":${FACTS[key]}`,
  );
  members.splice(at, 0, isQuoted ? `"${hostileKey}":"${hostile}"` : `"${hostileKey}":${hostile}`);
  return `{${members.join(comma)}}`;
}

/** Whether each fact of the format is what it really is, or absent. Facts that the format does not have are left out. */
function isTrue(line: string, keys: readonly string[]): boolean {
  const read = createReadAccessLogLine()(line);
  if (typeof read === 'string') return true;
  const fields: Readonly<Record<string, string>> = read.fields;
  return keys.every((key) => [undefined, FACTS[key]].includes(fields[FIELDS[key] ?? key]));
}

it('createReadAccessLogLine() takes no forged fact for one of the format, whatever a client writes', () => {
  const property = fc.property(written, (given) => isTrue(write(given), given.keys));

  fc.assert(property, { numRuns: 5_000 });
});

it('createReadAccessLogLine() takes no forged fact for one of the format where the line is cut', () => {
  const property = fc.property(
    written,
    fc.nat(),
    fc.constantFrom('', '[TRUNCATED]'),
    (given, place, mark) => {
      const line = write(given);
      const cut = line.slice(0, 1 + (place % line.length));
      // A client that knows where the line will be cut can make it end as a whole one does.
      fc.pre(mark !== '' || !cut.trimEnd().endsWith('}'));

      return isTrue(cut + mark, given.keys);
    },
  );

  fc.assert(property, { numRuns: 5_000 });
});

it('createReadAccessLogLine() repairs what it can: a text with quotes hides no fact beside it', () => {
  const text = fc.stringMatching(/^[A-Za-z0-9 .;()"'/\t-]{1,40}$/);
  const given = fc.record({ keys: fc.constant(Object.keys(FACTS)), at: fc.nat({ max: 9 }), hostile: text });
  const property = fc.property(given, ({ keys, at, hostile }) => {
    const style = { hostileKey: 'userAgent', isQuoted: true, hasQuotedNumbers: true, comma: ',' } as const;
    const read = createReadAccessLogLine()(write({ keys, at, hostile, ...style }));

    if (typeof read === 'string') return false;
    const fields: Readonly<Record<string, string>> = read.fields;
    return keys.every((key) => (fields[FIELDS[key] ?? key] ?? '-') === FACTS[key]);
  });

  fc.assert(property, { numRuns: 1_000 });
});

it('createReadAccessLogLine() reads valid JSON in which no key is twice as JSON', () => {
  const key = fc.oneof(fc.constantFrom(...Object.keys(FACTS), 'integration', 'error', ''), hostileText);
  const value = fc.oneof(hostileText, forgery, fc.jsonValue({ maxDepth: 6 }));
  const property = fc.property(fc.dictionary(key, value, { maxKeys: 6 }), (object) => {
    const { fields, isRepeated } = collectFields(JSON.parse(JSON.stringify(object)), spellingOf);
    fc.pre(!isRepeated);

    const read = createReadAccessLogLine()(JSON.stringify(object));

    if (typeof read === 'string') return false;
    return !read.isRepaired && JSON.stringify(read.fields) === JSON.stringify(fields);
  });

  fc.assert(property, { numRuns: 2_000 });
});

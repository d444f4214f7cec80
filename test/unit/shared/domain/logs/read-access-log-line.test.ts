import { describe, expect, it } from 'vitest';
import { readAccessLogFields } from '#shared/domain/logs/access-log-fields.ts';
import { createReadAccessLogLine, MAX_LINE_LENGTH } from '#shared/domain/logs/read-access-log-line.ts';

const FLAT = '{"requestId":"a1","status":"200","ip":"203.0.113.1","responseLatency":"12"}';
const NESTED =
  '{ "requestId": "a1", "status": "200", "integration": { "status": "-", "latency": "9" }, "error": {"message": "-"} }';

/** What a reader says that has seen the lines before, and what the JSON says. */
function readAfter(line: string, ...before: string[]) {
  const readLine = createReadAccessLogLine();
  for (const earlier of before) readLine(earlier);
  return { read: readLine(line), told: readAccessLogFields(JSON.parse(line)) };
}

describe('createReadAccessLogLine()', () => {
  it.each([
    ['', 'empty'],
    [' \n', 'empty'],
    ['x'.repeat(MAX_LINE_LENGTH + 1), 'too-long'],
    [`{"a":"${'x'.repeat(MAX_LINE_LENGTH)}"}`, 'too-long'],
    ['REPORT RequestId: a1', 'not-json'],
    ['{"status":"200"', 'not-json'],
    ['["200"]', 'not-json'],
  ])('createReadAccessLogLine() returns the reason for %.20j', (line, reason) => {
    expect(createReadAccessLogLine()(line)).toBe(reason);
  });

  it('createReadAccessLogLine() learns no format from a line that ends with a value without quotes', () => {
    const readLine = createReadAccessLogLine();
    readLine('{"status":"200","requestId":"-","requestId":-}');

    expect(readLine('{"status":"200","requestId":"x","requestId":-}')).toEqual({ status: '200' });
  });

  it('createReadAccessLogLine() reads a value without quotes that is absent, wherever it stands', () => {
    const line =
      '{"status":401,"responseLatency": - ,"integration":{"status":-,"latency":-},"errorMessage":"a:-,b"}';

    expect(createReadAccessLogLine()(line)).toEqual({ status: '401', errorMessage: expect.any(String) });
  });

  it('createReadAccessLogLine() reads a line of exactly the longest length', () => {
    const line = `{"status":"200","x":"${'x'.repeat(MAX_LINE_LENGTH - 23)}"}`;

    expect(line).toHaveLength(MAX_LINE_LENGTH);
    expect(createReadAccessLogLine()(line)).toEqual({ status: '200' });
  });

  it.each([
    ['flat', FLAT],
    ['nested', NESTED],
  ])('createReadAccessLogLine() reads later lines of a %s format as JSON would be', (_, first) => {
    const later = first.replace('200', '502').replace('a1', 'b2').replace('"-"', '"504"');

    const { read, told } = readAfter(later, first);

    expect(read).toEqual(told);
    expect(read).toMatchObject({ requestId: 'b2', status: '502' });
  });

  it.each([
    ['an escaped quote', FLAT.replace('203.0.113.1', '\\"status\\":\\"500\\"')],
    ['an escape at the end of a value', FLAT.replace('203.0.113.1', 'x\\\\')],
    ['an injected field', FLAT.replace('203.0.113.1', 'x","status":"500')],
    ['another order', '{"status":"500","requestId":"a1","ip":"203.0.113.1","responseLatency":"12"}'],
    ['a number without quotes', FLAT.replace('"12"', '12')],
    ['a missing field', '{"requestId":"a1","status":"500"}'],
    ['a further field', FLAT.replace('}', ',"errorType":"THROTTLED"}')],
    ['spaces around values', FLAT.replace('200', ' 500 ').replace('a1', ' ')],
    ['spaces between fields', FLAT.replaceAll(',', ', ')],
    ['absent values', FLAT.replace('200', '-').replace('a1', '(none)')],
  ])('createReadAccessLogLine() is not misled by %s after another line', (_, line) => {
    const { read, told } = readAfter(line, FLAT, FLAT);

    expect(read).toEqual(told);
  });

  it('createReadAccessLogLine() rejects an unescaped control character, whatever it read before', () => {
    const line = FLAT.replace('203.0.113.1', 'a\tb');
    const readLine = createReadAccessLogLine();

    const fresh = readLine(line);
    readLine(FLAT);

    expect(fresh).toBe('not-json');
    expect(readLine(line)).toBe('not-json');
  });

  it.each([
    [
      'a key that stands twice',
      '{"status":"200","x":"-","status":"200"}',
      '{"status":"500","x":"-","status":"-"}',
    ],
    ['two keys for one fact', '{"Status":"200","status":"200"}', '{"Status":"500","status":"404"}'],
    ['two spellings of a fact', '{"statusCode":"200","status":"200"}', '{"statusCode":"500","status":"404"}'],
    [
      'keys without a name around a key',
      '{"-":{"-":{"-":{"-":{"status":"-"}}}}}',
      '{"-":{"-":{"-":{"-":{"status":"500"}}}}}',
    ],
  ])('createReadAccessLogLine() reads a format with %s as JSON would be', (_, first, line) => {
    const { read, told } = readAfter(line, first);

    expect(read).toEqual(told);
  });

  it.each([
    ['{"status":403,"integrationLatency":-,"responseLatency":12}', { status: '403', responseLatency: '12' }],
    ['{"status": 403, "integrationLatency": - }', { status: '403' }],
    ['{"integration":{"status":-},"status":"403"}', { status: '403' }],
    ['{"status":-,"requestId":"a:-,b"}', { requestId: 'a:-,b' }],
    ['{"status":"200","requestId":"a:-,b"}', { status: '200', requestId: 'a:-,b' }],
  ])('createReadAccessLogLine() takes a dash without quotes for an absent value in %s', (line, expected) => {
    const readLine = createReadAccessLogLine();

    expect([readLine(line), readLine(line)]).toEqual([expected, expected]);
  });

  it.each([['{"status":-1-}'], ['{"status":--}'], ['{-:"200"}'], ['{"status":"200",-}']])(
    'createReadAccessLogLine() does not take %s for JSON for its dash',
    (line) => {
      expect(createReadAccessLogLine()(line)).toBe('not-json');
    },
  );

  it('createReadAccessLogLine() goes on after more formats than it keeps', () => {
    const readLine = createReadAccessLogLine();
    const formats = Array.from({ length: 20 }, (_, index) => `{"x${index}":"1","status":"200"}`);

    const first = formats.map(readLine);
    const second = formats.map((line) => readLine(line.replace('200', '404')));

    expect(first).toEqual(formats.map(() => ({ status: '200' })));
    expect(second).toEqual(formats.map(() => ({ status: '404' })));
  });

  it('createReadAccessLogLine() makes readers that know nothing of each other', () => {
    createReadAccessLogLine()(FLAT);

    expect(createReadAccessLogLine()(FLAT.replace('203.0.113.1', 'a\tb'))).toBe('not-json');
  });
});

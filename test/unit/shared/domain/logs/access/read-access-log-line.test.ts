import { describe, expect, it } from 'vitest';
import { spellingOf } from '#shared/domain/logs/access/access-log-fields.ts';
import { collectFields } from '#shared/domain/logs/access/collect-fields.ts';
import { createReadAccessLogLine, MAX_LINE_LENGTH } from '#shared/domain/logs/access/read-access-log-line.ts';

const FLAT = '{"requestId":"a1","status":"200","ip":"203.0.113.1","responseLatency":"12"}';
const NESTED =
  '{ "requestId": "a1", "status": "200", "integration": { "status": "-", "latency": "9" }, "error": {"message": "-"} }';

/** A line that needed no repair. */
function whole(fields: object) {
  return { fields, isRepaired: false };
}

function repaired(fields: object) {
  return { fields, isRepaired: true };
}

/** What a reader says that has seen the lines before, and what the JSON says. */
function readAfter(line: string, ...before: string[]) {
  const readLine = createReadAccessLogLine();
  for (const earlier of before) readLine(earlier);
  return { read: readLine(line), told: whole(collectFields(JSON.parse(line), spellingOf).fields) };
}

describe('createReadAccessLogLine()', () => {
  it.each([
    ['', 'empty'],
    [' \n', 'empty'],
    ['x'.repeat(MAX_LINE_LENGTH + 1), 'too-long'],
    [`{"a":"${'x'.repeat(MAX_LINE_LENGTH)}"}`, 'too-long'],
    ['REPORT RequestId: a1', 'unknown-format'],
    ['["200"]', 'unknown-format'],
    ['{"status":"20', 'not-json'],
    ['{"requestId":"a1"', 'not-json'],
    ['{"status":"200"}{"status":"200"}', 'not-json'],
  ])('createReadAccessLogLine() returns the reason for %.20j', (line, reason) => {
    expect(createReadAccessLogLine()(line)).toBe(reason);
  });

  it('createReadAccessLogLine() learns no format from a line that ends with a value without quotes', () => {
    const readLine = createReadAccessLogLine();
    readLine('{"status":"200","requestId":"-","requestId":-}');

    expect(readLine('{"status":"200","requestId":"x","requestId":-}')).toEqual(repaired({ status: '200' }));
  });

  it('createReadAccessLogLine() reads a value without quotes that is absent, wherever it stands', () => {
    const line =
      '{"status":401,"responseLatency": - ,"integration":{"status":-,"latency":-},"errorMessage":"a:-,b"}';

    expect(createReadAccessLogLine()(line)).toEqual(repaired({ status: '401', errorMessage: 'a:-,b' }));
  });

  it('createReadAccessLogLine() reads a line of exactly the longest length', () => {
    const line = `{"status":"200","x":"${'x'.repeat(MAX_LINE_LENGTH - 23)}"}`;

    expect(line).toHaveLength(MAX_LINE_LENGTH);
    expect(createReadAccessLogLine()(line)).toEqual(whole({ status: '200' }));
  });

  it.each([
    ['flat', FLAT],
    ['nested', NESTED],
  ])('createReadAccessLogLine() reads later lines of a %s format as JSON would be', (_, first) => {
    const later = first.replace('200', '502').replace('a1', 'b2').replace('"-"', '"504"');

    const { read, told } = readAfter(later, first);

    expect(read).toEqual(told);
    expect(read).toMatchObject({ fields: { requestId: 'b2', status: '502' } });
  });

  it.each([
    ['an escaped quote', FLAT.replace('203.0.113.1', '\\"status\\":\\"500\\"')],
    ['an escape at the end of a value', FLAT.replace('203.0.113.1', 'x\\\\')],
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

  it('createReadAccessLogLine() repairs an unescaped control character, whatever it read before', () => {
    const line = FLAT.replace('203.0.113.1', 'a\tb');
    const readLine = createReadAccessLogLine();

    const fresh = readLine(line);
    readLine(FLAT);

    expect(fresh).toEqual(repaired({ requestId: 'a1', status: '200', responseLatency: '12' }));
    expect(readLine(line)).toEqual(fresh);
  });

  it.each([
    [
      'a key that stands twice',
      '{"status":"200","x":"-","status":"200"}',
      '{"status":"500","x":"-","status":"500"}',
    ],
    ['two keys for one fact', '{"Status":"200","status":"200"}', '{"Status":"500","status":"500"}'],
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
    ['{"status":"200","requestId":"a:-,b"}', { status: '200', requestId: 'a:-,b' }],
  ])('createReadAccessLogLine() takes a dash without quotes for an absent value in %s', (line, expected) => {
    const readLine = createReadAccessLogLine();

    expect([readLine(line), readLine(line)]).toMatchObject([{ fields: expected }, { fields: expected }]);
  });

  it.each([
    ['{"status":-,"requestId":"a"}'],
    ['{"status":-1-}'],
    ['{"status":--}'],
    ['{-:"200"}'],
    ['{"status":"200",-}'],
  ])('createReadAccessLogLine() takes no status from %s', (line) => {
    expect(createReadAccessLogLine()(line)).toBe('not-json');
  });

  it('createReadAccessLogLine() goes on after more formats than it keeps', () => {
    const readLine = createReadAccessLogLine();
    const formats = Array.from({ length: 20 }, (_, index) => `{"x${index}":"1","status":"200"}`);

    const first = formats.map(readLine);
    const second = formats.map((line) => readLine(line.replace('200', '404')));

    expect(first).toEqual(formats.map(() => whole({ status: '200' })));
    expect(second).toEqual(formats.map(() => whole({ status: '404' })));
  });

  it('createReadAccessLogLine() makes readers that know nothing of each other', () => {
    createReadAccessLogLine()(FLAT);

    expect(createReadAccessLogLine()(FLAT.replace('203.0.113.1', 'a\tb'))).toMatchObject({
      isRepaired: true,
    });
  });

  it.each([
    ['under the same key', 'x","status":"500'],
    ['under a key that differs by case', 'x","Status":"500'],
    ['under the same key with a space', 'x","status" :"500'],
    ['behind an empty key', 'x","":"","status":"500'],
    ['behind a list', 'x","y":[{"status":"404"}],"status":"500'],
  ])(
    'createReadAccessLogLine() takes no status that stands twice %s, whatever it read before',
    (_, agent) => {
      const line = FLAT.replace('203.0.113.1', agent);
      const readLine = createReadAccessLogLine();
      readLine(FLAT);

      expect(JSON.parse(line)).toMatchObject({ requestId: 'a1' });
      expect([readLine(line), createReadAccessLogLine()(line)]).toEqual(['not-json', 'not-json']);
    },
  );

  it('createReadAccessLogLine() leaves out another fact that stands twice', () => {
    const line = FLAT.replace('203.0.113.1', 'x","requestId":"forged');

    expect(createReadAccessLogLine()(line)).toEqual(repaired({ status: '200', responseLatency: '12' }));
  });

  it.each([
    ['a text that looks like a key', FLAT.replace('203.0.113.1', '\\"status\\": \\"500\\"')],
    ['lists', FLAT.replace('"203.0.113.1"', '[{"status":"500"},["]"]]')],
    ['deeper objects than are read', FLAT.replace('"203.0.113.1"', '{"a":{"b":{"c":{"status":"500"}}}}')],
  ])('createReadAccessLogLine() reads %s as JSON, and no key twice', (_, line) => {
    const { read, told } = readAfter(line);

    expect(read).toEqual(told);
  });

  it('createReadAccessLogLine() reads the raw path only where it is asked for', () => {
    const lines = [FLAT, FLAT.replace('a1', 'b2')].map((line) => line.replace('ip', '$context.path'));

    const [kept, left] = [createReadAccessLogLine({ keepsPath: true }), createReadAccessLogLine()];

    expect(lines.map(kept)).toMatchObject([
      { fields: { path: '203.0.113.1' } },
      { fields: { path: '203.0.113.1' } },
    ]);
    expect(JSON.stringify(lines.map(left))).not.toContain('203.0.113.1');
  });
});

import { describe, expect, it } from 'vitest';
import { createExecutionLineJoiner } from '#shared/domain/logs/stories/join-execution-lines.ts';

const BODY = 'Method request body before transformations: {';
const END = 'Method completed with status: 200';

function join(...lines: string[]) {
  const joiner = createExecutionLineJoiner('a.log');
  const events = [...lines.map((line, index) => joiner.add(line, index + 1)), joiner.end()];
  return { events: events.filter((event) => event !== null), counts: joiner.counts };
}

const messages = (...lines: string[]): string[] => join(...lines).events.map(({ message }) => message);

describe('createExecutionLineJoiner()', () => {
  it('createExecutionLineJoiner() makes an event of a line, with file and line as its id', () => {
    const { events } = join(`(a) ${BODY}`, '}', `(a) ${END}`);

    expect(events).toEqual([
      { id: 'a.log:1', timestampMs: null, message: `(a) ${BODY}\n}`, logGroup: null, stream: 'a.log' },
      { id: 'a.log:3', timestampMs: null, message: `(a) ${END}`, logGroup: null, stream: 'a.log' },
    ]);
  });

  it('createExecutionLineJoiner() gives an event when the next one begins', () => {
    const joiner = createExecutionLineJoiner('a.log');

    expect(joiner.add(`(a) ${BODY}`, 1)).toBeNull();
    expect(joiner.add('}', 2)).toBeNull();
    expect(joiner.add(`(a) ${END}`, 3)?.id).toBe('a.log:1');
    expect(joiner.end()?.id).toBe('a.log:3');
    expect(joiner.end()).toBeNull();
  });

  it.each([
    [`2017-06-05T13:57:47.369Z (a) ${END}`, Date.UTC(2017, 5, 5, 13, 57, 47, 369)],
    [`2023-10-27T14:40:57.744+01:00 | (a) ${END}`, Date.UTC(2023, 9, 27, 13, 40, 57, 744)],
    [
      `2023-10-27T14:40:57.744000+00:00 0123456789abcdef0123456789abcdef (a) ${END}`,
      Date.UTC(2023, 9, 27, 14, 40, 57, 744),
    ],
    [`Thu Aug 31 01:07:25 UTC 2017 : ${END}`, Date.UTC(2017, 7, 31, 1, 7, 25)],
    [`Fri Sep 1 01:07:25 UTC 2017 : ${END}`, Date.UTC(2017, 8, 1, 1, 7, 25)],
    [`Thu Aug 31 01:07:25 PDT 2017 : ${END}`, null],
    [`Thu Foo 31 01:07:25 UTC 2017 : ${END}`, null],
    [`2017-99-05T13:57:47.369Z (a) ${END}`, null],
    [`(a) ${END}`, null],
  ])('createExecutionLineJoiner() takes the time of %s', (line, timestampMs) => {
    expect(join(line).events).toMatchObject([{ timestampMs }]);
  });

  it('createExecutionLineJoiner() joins a time that stands on a line of its own, as consoles copy it', () => {
    const { events } = join(
      '2026-01-10T11:04:45.964Z',
      `(a) ${END}`,
      '2026-01-10T11:04:45.966Z',
      `(b) ${BODY}`,
      '}',
    );

    expect(events).toMatchObject([
      { message: `2026-01-10T11:04:45.964Z\n(a) ${END}`, timestampMs: Date.UTC(2026, 0, 10, 11, 4, 45, 964) },
      { message: `2026-01-10T11:04:45.966Z\n(b) ${BODY}\n}` },
    ]);
  });

  it.each([
    ['(a) ', '(x)'],
    ['2026-01-10T11:04:45.964Z (a) ', '(other) '],
    ['2026-01-10T11:04:45.964Z (a) ', 'Thu Aug 31 01:07:25 UTC 2017 : '],
    ['Thu Aug 31 01:07:25 UTC 2017 : ', '(other) '],
    ['Thu Aug 31 01:07:25 UTC 2017 : ', '2026-01-10T11:04:45.964Z (other) '],
    ['(a) ', 'Thu Aug 31 01:07:25 UTC 2017 : '],
    ['(a) ', '(word) '],
    ['(a) ', ''],
  ])(
    'createExecutionLineJoiner() leaves a line that begins with %j and goes on with %j together',
    (prefix, quoted) => {
      const lines = [prefix + BODY, `${quoted}Execution failed due to a timeout error`, '}'];

      expect(messages(...lines, prefix + END)).toEqual([lines.join('\n'), prefix + END]);
    },
  );

  it.each([
    '00000000-0000-4000-8000-000000000001',
    'FIXTUREidPEF_g=',
    'UUID_REPLACED_INVALID_REQUEST_ID',
    'a',
  ])('createExecutionLineJoiner() takes a line with the id %s for an event, even after an open one', (id) => {
    expect(messages(`(a) ${BODY}`, `(${id}) ${END}`)).toEqual([`(a) ${BODY}`, `(${id}) ${END}`]);
  });

  it('createExecutionLineJoiner() takes a line without prefix for one of its own where the event before is over', () => {
    const line = 'API Key *****abcdef exceeded quota limit for API Stage a1b2c3/dev';

    expect(messages(`(a) ${END}`, line, 'x')).toEqual([`(a) ${END}`, line, 'x']);
  });

  it('createExecutionLineJoiner() reads files of two kinds that were put together', () => {
    const lines = [
      `2026-01-10T11:04:45.964Z (a) ${END}`,
      `(b) ${END}`,
      `Thu Aug 31 01:07:25 UTC 2017 : ${END}`,
    ];

    expect(messages(...lines)).toEqual(lines);
  });

  it('createExecutionLineJoiner() cuts an event that gets longer than one of API Gateway, and counts the rest', () => {
    const line = 'x'.repeat(3_000);

    const { events, counts } = join(`(a) ${BODY}`, line, line, 'y', `(a) ${END}`);

    expect(events.map(({ message }) => message)).toEqual([`(a) ${BODY}\n${line} [TRUNCATED]`, `(a) ${END}`]);
    expect(counts).toEqual({ continuations: 3, leftOut: 2 });
  });

  it('createExecutionLineJoiner() ends an event of such length where a line of another kind of file comes', () => {
    const long = `(a) Method request headers: {${'x'.repeat(5_000)}`;

    expect(messages(long, 'y', `2026-01-10T11:04:45.964Z (b) ${END}`)).toEqual([
      `${long} [TRUNCATED]`,
      `2026-01-10T11:04:45.964Z (b) ${END}`,
    ]);
  });

  it('createExecutionLineJoiner() makes nothing of an empty file', () => {
    expect(join().events).toEqual([]);
  });
});

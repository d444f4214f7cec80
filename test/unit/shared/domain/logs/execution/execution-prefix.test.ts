import { describe, expect, it } from 'vitest';
import { splitExecutionPrefix } from '#shared/domain/logs/execution/execution-prefix.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const NOTHING = { requestId: null, isoTime: null, testTime: null };

describe('splitExecutionPrefix()', () => {
  it.each([
    [`(${ID}) `, { requestId: ID }],
    ['(FIXTURErPEF_+/g=) ', { requestId: 'FIXTURErPEF_+/g=' }],
    [`2017-06-05T13:57:47.369Z (${ID}) `, { requestId: ID, isoTime: '2017-06-05T13:57:47.369Z' }],
    [`2025-02-25T21:20:22.085Z\n(${ID}) `, { requestId: ID, isoTime: '2025-02-25T21:20:22.085Z' }],
    [
      `2023-10-27T14:40:57.744000+00:00 0123456789abcdef0123456789abcdef (${ID}) `,
      { requestId: ID, isoTime: '2023-10-27T14:40:57.744000+00:00' },
    ],
    ['2016-10-01T10:55:36.315Z ', { isoTime: '2016-10-01T10:55:36.315Z' }],
    ['Thu Aug 31 01:07:25 UTC 2017 : ', { testTime: 'Thu Aug 31 01:07:25 UTC 2017' }],
    ['', {}],
  ])('splitExecutionPrefix() takes off %j', (prefix, expected) => {
    expect(splitExecutionPrefix(`${prefix}HTTP Method: GET`)).toEqual({
      ...NOTHING,
      ...expected,
      text: 'HTTP Method: GET',
    });
  });

  it.each(['2025-02-25T21:20:22.085Z', `(${ID})`])(
    'splitExecutionPrefix() leaves no text of %s alone',
    (line) => {
      expect(splitExecutionPrefix(line).text).toBe('');
    },
  );

  it.each([`(${ID})text`, '() text', 'a (b) text', '2025-02-25 (a) text'])(
    'splitExecutionPrefix() takes nothing off %s',
    (line) => {
      expect(splitExecutionPrefix(line)).toEqual({ ...NOTHING, text: line });
    },
  );

  it('splitExecutionPrefix() keeps the head of a long line only', () => {
    expect(splitExecutionPrefix(`(a) ${'x'.repeat(1_000_000)}`).text.length).toBe(2_044);
  });
});

import { describe, expect, it } from 'vitest';
import { createExecutionLineJoiner } from '#shared/domain/logs/stories/join-execution-lines.ts';
import { createStoryAssembler } from '#shared/domain/logs/stories/story-assembler.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const MEGABYTE = 1_000_000;

/** What may be repeated in a line of 1 MB. */
const UNITS = [
  '"',
  '{',
  '\\',
  '(',
  ') ',
  ' ',
  '*',
  'a',
  '1',
  ';',
  '=',
  '1-',
  '. Lambda request id: ',
  ' [TRUNCATED]',
  '\n',
  '\n(a) ',
];

const BEGINNINGS = [
  '',
  `(${ID}) `,
  '(',
  '2017-06-05T',
  'Thu Aug 31 ',
  `(${ID}) API Key `,
  `(${ID}) Verifying Usage Plan for request: `,
  `(${ID}) Verifying Usage Plan for request: ${ID}. API Key: `,
  `(${ID}) Usage Plan check succeeded for API Key `,
  `(${ID}) API Key * authorized because method 'GET /`,
  `(${ID}) API Key * exceeded throttle limit for API Stage `,
  `(${ID}) Key throttle limit exceeded for Usage Plan ID `,
  `(${ID}) X-ray Tracing ID : `,
  `(${ID}) HTTP Method: GET, Resource Path: /`,
  `(${ID}) Lambda execution failed with status 200 due to customer function error: `,
  `(${ID}) Method completed with status: 200`,
  `(${ID}) Method request headers: {`,
  `(${ID}) Gateway response type: `,
];

const LINES = BEGINNINGS.map(
  (beginning) => [beginning, UNITS.map((unit) => beginning + unit.repeat(MEGABYTE / unit.length))] as const,
);

describe('hostile lines of execution logs', () => {
  it.each(LINES)('createStoryAssembler() reads 1 MB after %j in linear time', (_, messages) => {
    const assembler = createStoryAssembler();
    const startMs = performance.now();

    for (let times = 0; times < 10; times += 1) {
      messages.forEach((message, index) => {
        assembler.add({ id: `${times}-${index}`, timestampMs: 1, message, logGroup: null, stream: 's' });
      });
    }

    expect(performance.now() - startMs).toBeLessThan(2_000);
    expect(() => assembler.flush()).not.toThrow();
  });

  it.each(['', '(a) ', '2017-06-05T13:57:47.369Z (a) ', 'Thu Aug 31 01:07:25 UTC 2017 : '])(
    'createExecutionLineJoiner() joins 100,000 lines after an open one that begins with %j in linear time',
    (prefix) => {
      const joiner = createExecutionLineJoiner('a.log');
      const startMs = performance.now();

      joiner.add('2020-01-01T00:00:00Z (a) Method request headers: {', 1);
      for (let line = 2; line < 100_000; line += 1) joiner.add(`${prefix}"{\\`, line);

      expect(performance.now() - startMs).toBeLessThan(5_000);
      expect(joiner.end()?.message.length).toBeLessThan(5_000);
    },
  );
});

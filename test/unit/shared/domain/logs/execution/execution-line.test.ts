import { describe, expect, it } from 'vitest';
import {
  EXECUTION_FILTER_PATTERN,
  parseExecutionLine,
} from '#shared/domain/logs/execution/execution-line.ts';
import { FAILURE_TEXTS, OTHER_TEXTS } from '#test/fakes/execution-log-lines.ts';
import { matchesFilterPattern } from '#test/fakes/filter-pattern.ts';

const REQUEST_ID = '00000000-0000-4000-8000-000000000001';
const TERMS = [...EXECUTION_FILTER_PATTERN.matchAll(/"([^"]+)"/g)].map(([, term = '']) => term);

/** A word of the term must be a word of the line, should CloudWatch compare by words and not by characters. */
function holdsWords(text: string, term: string): boolean {
  const start = text.indexOf(term);
  const around = [text[start - 1], text[start + term.length]];
  return start >= 0 && (/\W$/.test(term) || !around.some((character) => /\w/.test(character ?? '')));
}

describe('parseExecutionLine()', () => {
  it.each(FAILURE_TEXTS)('parseExecutionLine() reads %s', (text, cause) => {
    expect(parseExecutionLine(`(${REQUEST_ID}) ${text}`)).toMatchObject({ requestId: REQUEST_ID, cause });
  });

  it.each(OTHER_TEXTS)('parseExecutionLine() takes no cause from %s', (text) => {
    expect(parseExecutionLine(`(${REQUEST_ID}) ${text}`)).toBeNull();
  });

  it.each([
    [`(${REQUEST_ID}) `, REQUEST_ID],
    ['(FIXTUREoAMFpyA=) ', 'FIXTUREoAMFpyA='],
    ['(FIXTURErPEF_+/g=) ', 'FIXTURErPEF_+/g='],
    [`2017-06-05T13:57:47.369Z (${REQUEST_ID}) `, REQUEST_ID],
    [`2023-10-27T14:40:57.744+01:00 | (${REQUEST_ID}) `, REQUEST_ID],
    [`2022-04-23T18:37:47.070+09:00\t(${REQUEST_ID}) `, REQUEST_ID],
    [`2025-02-25T21:20:22.085Z\n(${REQUEST_ID}) `, REQUEST_ID],
    [`    (${REQUEST_ID}) `, REQUEST_ID],
    ['Thu Aug 31 01:07:25 UTC 2017 : ', null],
    ['2017-06-05T13:57:47Z ', null],
    ['', null],
  ])('parseExecutionLine() reads behind the prefix %j', (prefix, requestId) => {
    const line = parseExecutionLine(`${prefix}Execution failed due to a timeout error`);

    expect(line).toEqual({ requestId, cause: 'integration.timeout', rank: expect.any(Number) });
  });

  it('parseExecutionLine() reads a line that is cut or has line breaks', () => {
    const message = `(${REQUEST_ID}) Lambda execution failed with status 200 due to customer function error: a\nb`;

    expect(parseExecutionLine(`${message}${'x'.repeat(1_000)} [TRUNCATED]`)?.cause).toBe(
      'integration.function-error',
    );
  });

  it.each([
    `(${REQUEST_ID}) Method request body before transformations: Execution failed due to a timeout error`,
    `(${REQUEST_ID}) Endpoint response body before transformations: {\n(${REQUEST_ID}) Unauthorized request: x\n}`,
    `(${REQUEST_ID}) Method request headers: {a=\nKey throttle limit exceeded for RestApi x}`,
    `(${REQUEST_ID}) (other-id) Execution failed due to a timeout error`,
    `(${REQUEST_ID})Execution failed due to a timeout error`,
    `(${'x'.repeat(129)}) Execution failed due to a timeout error`,
    'Execution log for request test-request',
    'execution failed due to a timeout error',
    '() ',
    '',
  ])('parseExecutionLine() does not take %j for a line of API Gateway’s own', (message) => {
    expect(parseExecutionLine(message)).toBeNull();
  });

  it('parseExecutionLine() takes no cause from a gateway response that was made a success', () => {
    expect(parseExecutionLine('Gateway response type: DEFAULT_4XX with status code: 200')).toBeNull();
  });

  it('parseExecutionLine() gives away request id, cause and rank, and no text, key or body', () => {
    const secret = 's3cr3t-value';
    for (const [text] of FAILURE_TEXTS) {
      const line = parseExecutionLine(`(${REQUEST_ID}) ${text} {"password":"${secret}"} ${secret}`);

      expect(Object.keys(line ?? {}).sort()).toEqual(['cause', 'rank', 'requestId']);
      expect(JSON.stringify(line)).not.toMatch(/s3cr3t|abcdef/);
    }
  });

  it.each([
    ['blanks', ' '.repeat(1_000_000)],
    ['an open parenthesis', `(${'a'.repeat(1_000_000)}`],
    ['a key without end', `(${REQUEST_ID}) API Key ${'*'.repeat(1_000_000)}`],
    [
      'a host name without end',
      `Execution failed due to configuration error: Host name '${'a'.repeat(1_000_000)}`,
    ],
    ['a response type without end', `Gateway response type: ${'A'.repeat(1_000_000)}`],
    ['a time without end', `2017-06-05T${'1'.repeat(1_000_000)}`],
  ])('parseExecutionLine() reads %s in linear time', (_, message) => {
    const startMs = performance.now();

    for (let times = 0; times < 200; times += 1) parseExecutionLine(message);

    expect(performance.now() - startMs).toBeLessThan(500);
  });
});

describe('EXECUTION_FILTER_PATTERN', () => {
  it('EXECUTION_FILTER_PATTERN has the length that CloudWatch Logs takes, and optional phrases only', () => {
    expect(EXECUTION_FILTER_PATTERN.length).toBeLessThanOrEqual(1_024);
    expect(EXECUTION_FILTER_PATTERN).toMatch(/^\?"[^"\\?]+"( \?"[^"\\?]+")*$/);
    expect(new Set(TERMS).size).toBe(TERMS.length);
  });

  it.each(FAILURE_TEXTS)('EXECUTION_FILTER_PATTERN lets through %s', (text) => {
    const message = `(${REQUEST_ID}) ${text}`;

    expect(matchesFilterPattern(EXECUTION_FILTER_PATTERN, message)).toBe(true);
    expect(TERMS.some((term) => holdsWords(message, term))).toBe(true);
  });

  it.each(OTHER_TEXTS)('EXECUTION_FILTER_PATTERN keeps back %s', (text) => {
    expect(matchesFilterPattern(EXECUTION_FILTER_PATTERN, `(${REQUEST_ID}) ${text}`)).toBe(false);
  });

  it.each(TERMS)('EXECUTION_FILTER_PATTERN needs the term %s', (term) => {
    const others = TERMS.filter((other) => other !== term);

    const needing = FAILURE_TEXTS.filter(
      ([text]) => text.includes(term) && !others.some((other) => text.includes(other)),
    );

    expect(needing).not.toEqual([]);
  });
});

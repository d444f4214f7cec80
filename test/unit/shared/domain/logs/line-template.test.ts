import { describe, expect, it } from 'vitest';
import { learnTemplate, readByTemplate } from '#shared/domain/logs/line-template.ts';

const LINE = '{"requestId":"a1","userAgent":"curl","integration":{"status":"-"},"status":"200"}';

/** Reads a line by the format of another one; `undefined` where that is no format to read by. */
function read(line: string, learnedFrom = LINE) {
  const template = learnTemplate(learnedFrom);
  return template === null ? undefined : readByTemplate(template, line);
}

describe('learnTemplate()', () => {
  it.each([
    ['an escape', '{"a":"\\n"}'],
    ['an array', '{"a":["b"]}'],
    ['a number between texts', '{"a":1,"b":"c"}'],
    ['null between texts', '{"a":null,"b":"c"}'],
    ['two keys for one fact', '{"status":"200","STATUS":"200"}'],
    ['more text than a format has', `{"status":"200","x":"${'x'.repeat(17_000)}"}`],
  ])('learnTemplate() leaves a line with %s to JSON', (_, line) => {
    expect(learnTemplate(line)).toBeNull();
  });
});

describe('readByTemplate()', () => {
  it('readByTemplate() reads what differs between lines of a format', () => {
    const line = LINE.replace('a1', 'b2').replace('"-"', '"504"').replace('"200"', '"502"');

    expect(read(line)).toEqual({ requestId: 'b2', integrationStatus: '504', status: '502' });
    expect(read(LINE)).toEqual({ requestId: 'a1', status: '200' });
  });

  it.each([
    ['a prefix', LINE.slice(0, -1)],
    ['text behind it', `${LINE}x`],
    ['text before it', `x${LINE}`],
    ['another key', LINE.replace('requestId', 'requestID')],
    ['an escape', LINE.replace('curl', '\\u0041')],
    ['a quote in a value', LINE.replace('curl', 'cu"rl')],
    ['a control character', LINE.replace('curl', 'cu\u0000rl')],
    ['a field less', LINE.replace('"userAgent":"curl",', '')],
    ['nothing', ''],
  ])('readByTemplate() returns null for %s', (_, line) => {
    expect(read(line)).toBeNull();
  });

  it('readByTemplate() reads as deep as JSON is read', () => {
    const [four, five] = ['{"-":{"-":{"-":{"status":"200"}}}}', '{"-":{"-":{"-":{"-":{"status":"200"}}}}}'];

    expect(read(four.replace('200', '404'), four)).toEqual({ status: '404' });
    expect(read(five.replace('200', '404'), five)).toEqual({});
  });

  it('readByTemplate() takes the best of two spellings, and the other where that has no value', () => {
    const line = '{"message":"free text","error":{"message":"Forbidden"}}';

    expect(read(line, line)).toEqual({ errorMessage: 'Forbidden' });
    expect(read(line.replace('Forbidden', '-'), line)).toEqual({ errorMessage: 'free text' });
  });

  it('readByTemplate() takes characters of patterns in keys for what they are', () => {
    const line = '{"$context.status":"200","(a+)+$":"[b]"}';

    expect(read(line.replace('200', '404'), line)).toEqual({ status: '404' });
    expect(read(line.replace('$context.status', 'xcontextxstatus'), line)).toBeNull();
  });
});

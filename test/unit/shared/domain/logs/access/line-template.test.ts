import { describe, expect, it } from 'vitest';
import { factsOfFormat, fieldsOf } from '#shared/domain/logs/access/access-log-facts.ts';
import { learnTemplate, matchTemplate, type Quote } from '#shared/domain/logs/access/line-template.ts';
import { decodeText, packedText } from '#shared/domain/logs/payload/packed-text.ts';

const LINE = '{"requestId":"a1","userAgent":"curl","integration":{"status":"-"},"status":"200"}';

const QUOTES: Quote[] = ['"', '\\"'];

/** Reads a line, as it stands among other bytes, by the format of another one. */
function readIn(quote: Quote, line: string, learnedFrom: string) {
  const template = learnTemplate(learnedFrom, quote);
  if (template === null) return undefined;
  const [before, written] = ['before', quote === '"' ? line : JSON.stringify(line).slice(1, -1)];
  const text = packedText(Buffer.from(`${before}${written}after`));
  const facts = factsOfFormat(template, decodeText);
  facts.text = text;
  const end = before.length + Buffer.byteLength(written);
  if (!matchTemplate(template, text, before.length, end, facts.bounds)) return null;
  return fieldsOf(facts);
}

/** The same of both ways in which a line can stand in a text; `undefined` where there is no format to read by. */
function read(line: string, learnedFrom = LINE) {
  const [plain, escaped] = QUOTES.map((quote) => readIn(quote, line, learnedFrom));
  expect(escaped).toEqual(plain);
  return plain;
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
    expect(QUOTES.map((quote) => learnTemplate(line, quote))).toEqual([null, null]);
  });
});

describe('matchTemplate()', () => {
  it('matchTemplate() reads what differs between lines of a format', () => {
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
  ])('matchTemplate() is false for %s', (_, line) => {
    expect(read(line)).toBeNull();
  });

  it('matchTemplate() reads as deep as JSON is read', () => {
    const [four, five] = ['{"-":{"-":{"-":{"status":"200"}}}}', '{"-":{"-":{"-":{"-":{"status":"200"}}}}}'];

    expect(read(four.replace('200', '404'), four)).toEqual({ status: '404' });
    expect(read(five.replace('200', '404'), five)).toEqual({});
  });

  it('matchTemplate() takes the best of two spellings, and the other where that has no value', () => {
    const line = '{"message":"free text","error":{"message":"Forbidden"}}';

    expect(read(line, line)).toEqual({ errorMessage: 'Forbidden' });
    expect(read(line.replace('Forbidden', '-'), line)).toEqual({ errorMessage: 'free text' });
  });

  it('matchTemplate() takes characters of patterns in keys for what they are', () => {
    const line = '{"$context.status":"200","(a+)+$":"[b]"}';

    expect(read(line.replace('200', '404'), line)).toEqual({ status: '404' });
    expect(read(line.replace('$context.status', 'xcontextxstatus'), line)).toBeNull();
  });
});

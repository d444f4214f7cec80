import { describe, expect, it } from 'vitest';
import { cut, escapeMrkdwn, slackDate, toLine } from '#shared/domain/messages/mrkdwn.ts';

describe('toLine()', () => {
  it.each([
    ['a\nb\r\n*Next*', 'a b *Next*'],
    ['a\u0000\u001b[31mb', 'a [31mb'],
    ['abc\u202edcba\u2066x', 'abc dcba x'],
    ['x\ud83d', 'x\ufffd'],
    ['😀', '😀'],
    [`e${'\u0301'.repeat(50)}x`, `e${'\u0301'.repeat(4)}x`],
    ['  padded ', 'padded'],
    ['\u200b', ''],
  ])('toLine() of %j is %j', (text, expected) => {
    expect(toLine(text)).toBe(expected);
  });
});

describe('escapeMrkdwn()', () => {
  it.each([
    ['<!channel>', '&lt;!channel&gt;'],
    ['a & b', 'a &amp; b'],
    ['&lt;', '&amp;lt;'],
    ['a\n> b', 'a &gt; b'],
    ['plain', 'plain'],
  ])('escapeMrkdwn() of %j is %j', (text, expected) => {
    expect(escapeMrkdwn(text)).toBe(expected);
  });
});

describe('cut()', () => {
  it.each([
    ['abcd', 4, 'abcd'],
    ['abcde', 4, 'abc…'],
    ['ab😀x', 4, 'ab…'],
    ['ab&amp;', 5, 'ab…'],
    ['&lt;&lt;', 6, '&lt;…'],
  ])('cut() of %j to %i is %j', (text, max, expected) => {
    expect(cut(text, max)).toBe(expected);
  });
});

it('slackDate() is a date that has a text for clients that cannot show it', () => {
  expect(slackDate(1_772_460_180_999)).toBe(
    '<!date^1772460180^{date_short_pretty} {time_secs}|2026-03-02T14:03:00.999Z>',
  );
});

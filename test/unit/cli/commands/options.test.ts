import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  parseDuration,
  parseIsoTime,
  parseLogGroupName,
  parsePositive,
  parseRatio,
  parseSeed,
  parseTimeOrAgo,
} from '#cli/commands/options.ts';

describe('options', () => {
  it.each([
    ['2500', 2_500],
    ['0.5', 0.5],
    [' 5 ', 5],
    ['1e4', 10_000],
  ])('parsePositive() takes %j', (text, value) => {
    expect(parsePositive(text)).toBe(value);
  });

  it.each(['', ' ', '0', '-1', 'abc', '5rps', '1,000', 'Infinity', 'NaN', '1e999'])(
    'parsePositive() refuses %j',
    (text) => {
      expect(() => parsePositive(text)).toThrow(new InvalidArgumentError('Expected a number above 0.'));
    },
  );

  it.each([
    ['0', 0],
    ['007', 7],
    ['4294967295', 4_294_967_295],
  ])('parseSeed() takes %j', (text, value) => {
    expect(parseSeed(text)).toBe(value);
  });

  it.each(['', '-1', '1.5', '1e3', '0x10', ' 1', 'one', '1000000000000000'])(
    'parseSeed() refuses %j',
    (text) => {
      expect(() => parseSeed(text)).toThrow(new InvalidArgumentError('Expected a whole number.'));
    },
  );

  it('parseSeed() refuses a seed of more than 32 bits', () => {
    expect(() => parseSeed('4294967296')).toThrow('Expected a whole number up to 4294967295.');
  });

  it.each([
    ['0.999', 0.999],
    ['1e-9', 1e-9],
  ])('parseRatio() takes %j', (text, value) => {
    expect(parseRatio(text)).toBe(value);
  });

  it.each(['1', '99.9', '0', '-0.1', '', 'most'])('parseRatio() refuses %j', (text) => {
    expect(() => parseRatio(text)).toThrow(InvalidArgumentError);
  });

  it.each([
    ['2026-06-15', '2026-06-15T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-06-15T14:00', '2026-06-15T14:00:00.000Z'],
    ['2026-06-15 14:00', '2026-06-15T14:00:00.000Z'],
    ['2026-06-15T14:00:30', '2026-06-15T14:00:30.000Z'],
    ['2026-06-15T14:00:30.5Z', '2026-06-15T14:00:30.500Z'],
    ['2026-06-15T14:00+02:00', '2026-06-15T12:00:00.000Z'],
    ['2026-06-15T14:00:00-0530', '2026-06-15T19:30:00.000Z'],
    ['2026-06-15T23:30-01:00', '2026-06-16T00:30:00.000Z'],
  ])('parseIsoTime() takes %s, in UTC where it has no zone', (text, iso) => {
    expect(new Date(parseIsoTime(text)).toISOString()).toBe(iso);
  });

  it.each([
    '',
    'now',
    '1718452800000',
    '2026',
    '2026-06',
    '15.06.2026',
    '06/15/2026',
    '2026-06-15T',
    '2026-06-15T14',
    '2026-06-15T25:00',
    '2026-06-15T14:61',
    '2026-13-01',
    '2026-00-10',
    '2026-06-31',
    '2026-02-29',
    '2026-02-31T10:00Z',
    '2026-06-15T14:00 CEST',
    ' 2026-06-15',
  ])('parseIsoTime() refuses %j', (text) => {
    expect(() => parseIsoTime(text)).toThrow(
      new InvalidArgumentError('Expected an ISO 8601 time, such as 2026-06-15T14:00Z.'),
    );
  });

  it.each([
    ['0m', '2026-06-15T12:00:00.000Z'],
    ['90s', '2026-06-15T11:58:30.000Z'],
    ['15m', '2026-06-15T11:45:00.000Z'],
    ['1h', '2026-06-15T11:00:00.000Z'],
    ['7d', '2026-06-08T12:00:00.000Z'],
    ['2w', '2026-06-01T12:00:00.000Z'],
    ['99999w', '1970-01-01T00:00:00.000Z'],
    ['2026-06-15T14:00+02:00', '2026-06-15T12:00:00.000Z'],
  ])('parseTimeOrAgo() takes %s', (text, iso) => {
    const nowMs = Date.parse('2026-06-15T12:00:00Z');

    expect(new Date(parseTimeOrAgo(text, nowMs)).toISOString()).toBe(iso);
  });

  it.each(['', 'h', '1', '1 h', '-1h', '1.5h', '1H', '1y', '1h30m', '100000s', '2026-02-31', '1h '])(
    'parseTimeOrAgo() refuses %j',
    (text) => {
      expect(() => parseTimeOrAgo(text, 0)).toThrow(
        new InvalidArgumentError(
          'Expected an ISO 8601 time, such as 2026-06-15T14:00Z, or how long ago, such as 15m, 1h or 7d.',
        ),
      );
    },
  );

  it.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['1w', 604_800_000],
  ])('parseDuration() takes %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '0m', '2', '2 h', '-2h', '1.5h', '2y', '100000s', '2026-01-01'])(
    'parseDuration() refuses %j',
    (text) => {
      expect(() => parseDuration(text)).toThrow(
        new InvalidArgumentError('Expected a duration, such as 30m, 2h or 7d.'),
      );
    },
  );

  it('parseLogGroupName() adds a name to those before it', () => {
    expect(parseLogGroupName('API-Gateway-Execution-Logs_a1/default', ['/aws/a'])).toEqual([
      '/aws/a',
      'API-Gateway-Execution-Logs_a1/default',
    ]);
    expect(parseLogGroupName('x'.repeat(512))).toHaveLength(1);
  });

  it.each(['', 'two words', 'arn:aws:logs:us-east-1:123456789012:log-group:orders:*', 'x'.repeat(513)])(
    'parseLogGroupName() refuses %j',
    (text) => {
      expect(() => parseLogGroupName(text)).toThrow(
        new InvalidArgumentError('Expected the name of a log group, such as /aws/api-gateway/orders.'),
      );
    },
  );
});

import { afterEach, describe, expect, it } from 'vitest';
import { parseTime } from '#shared/domain/logs/access/parse-time.ts';

const TIME_MS = Date.UTC(2023, 5, 10, 15, 36, 28);

describe('parseTime()', () => {
  it.each([
    ['1686411388000', TIME_MS],
    ['1686411388123', TIME_MS + 123],
    ['1686411388', TIME_MS],
    ['1686411388.5', TIME_MS + 500],
    ['1686411388000.4', TIME_MS],
    // The border between the units: 1973 as milliseconds, 5138 as seconds.
    ['100000000000', 100_000_000_000],
    ['99999999999', 99_999_999_999_000],
    ['100000000', 100_000_000_000],
  ])('parseTime() reads the epoch %s', (text, expected) => {
    expect(parseTime(text)).toBe(expected);
  });

  it.each([
    ['10/Jun/2023:15:36:28 +0000'],
    ['[10/Jun/2023:15:36:28 +0000]'],
    ['10/jun/2023:15:36:28 +0000'],
    ['10/JUN/2023:15:36:28 -0000'],
    ['10/Jun/2023:21:06:28 +0530'],
    ['10/Jun/2023:08:36:28 -0700'],
    ['11/Jun/2023:00:36:28 +0900'],
    ['10/Jun/2023:05:36:28 -1000'],
  ])('parseTime() reads %s as CLF', (text) => {
    expect(parseTime(text)).toBe(TIME_MS);
  });

  it('parseTime() knows every month and a day of one digit', () => {
    const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

    const times = names.map((name) => parseTime(`1/${name}/2024:00:00:00 +0000`));

    expect(times).toEqual(names.map((_, month) => Date.UTC(2024, month, 1)));
  });

  it.each([
    ['2023-06-10T15:36:28Z', 0],
    ['2023-06-10t15:36:28z', 0],
    ['2023-06-10 15:36:28', 0],
    ['2023-06-10T15:36:28', 0],
    ['2023-06-10T15:36:28.250Z', 250],
    ['2023-06-10T15:36:28.250999999Z', 250],
    ['2023-06-10T17:36:28+02:00', 0],
    ['2023-06-10T17:36:28+0200', 0],
    ['2023-06-10 08:36:28 -0700', 0],
    ['2023-06-10T15:36Z', -28_000],
  ])('parseTime() reads %s as ISO 8601, without an offset in UTC', (text, offsetMs) => {
    expect(parseTime(text)).toBe(TIME_MS + offsetMs);
  });

  it.each([
    [''],
    ['-'],
    ['now'],
    ['NaN'],
    ['Infinity'],
    ['1e12'],
    ['0x18a5f2b3c00'],
    ['-1686411388000'],
    ['+1686411388000'],
    ['12345678'],
    ['16864113880000'],
    ['1686411388000 '],
    ['"1686411388000"'],
    ['10/Foo/2023:15:36:28 +0000'],
    ['32/Jun/2023:15:36:28 +0000'],
    ['00/Jun/2023:15:36:28 +0000'],
    ['10/Jun/2023:25:36:28 +0000'],
    ['10/Jun/2023:15:61:28 +0000'],
    ['10/Jun/2023:15:36:28 +9999'],
    ['10/Jun/2023:15:36:28'],
    ['10/Jun/23:15:36:28 +0000'],
    ['2023-06-10'],
    ['2023-13-10T15:36:28Z'],
    ['2023-06-10T25:36:28Z'],
    ['2023-06-10T15:36:28+99:99'],
    ['2023-06-10T15:36:28 UTC'],
    ['2023-06-10 15:36:28 (z)'],
    ['2023-06-10T15:36:28Z; DROP TABLE'],
    ['Sat, 10 Jun 2023 15:36:28 GMT'],
  ])('parseTime() takes %j for no time', (text) => {
    expect(parseTime(text)).toBeNull();
  });
});

describe('parseTime() on a machine in another zone', () => {
  const zone = process.env['TZ'];
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  it.each([
    ['2023-06-10 15:36:28', TIME_MS],
    ['2023-06-10T15:36:28', TIME_MS],
    ['10/Jun/2023:15:36:28 +0000', TIME_MS],
    ['2023-06-10 15:36:28 (z)', null],
  ])('parseTime() reads %j the same way', (text, expected) => {
    process.env['TZ'] = 'Asia/Tokyo';

    expect(new Date(TIME_MS).getHours()).toBe(0);
    expect(parseTime(text)).toBe(expected);
  });
});

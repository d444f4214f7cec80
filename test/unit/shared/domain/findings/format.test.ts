import { describe, expect, it } from 'vitest';
import {
  formatAmount,
  formatCount,
  formatDuration,
  formatMs,
  formatRatio,
  formatRps,
} from '#shared/domain/findings/format.ts';

describe('formatCount()', () => {
  it.each([
    [0, '0'],
    [1_204, '1,204'],
    [1_234_567.5, '1,234,568'],
  ])('formatCount() of %d is %s', (value, expected) => {
    expect(formatCount(value)).toBe(expected);
  });
});

describe('formatAmount()', () => {
  it.each([
    [0, '0 lines'],
    [1, '1 line'],
    [1_204, '1,204 lines'],
  ])('formatAmount() of %d is %s', (value, expected) => {
    expect(formatAmount(value, 'line')).toBe(expected);
  });
});

describe('formatRps()', () => {
  it.each([
    [0, '0'],
    [0.0166, '0.017'],
    [0.9, '0.9'],
    [1, '1'],
    [12.34, '12.3'],
    [99.94, '99.9'],
    [100, '100'],
    [123.4, '123'],
    [6_100, '6,100'],
  ])('formatRps() of %d is %s', (value, expected) => {
    expect(formatRps(value)).toBe(expected);
  });
});

describe('formatRatio()', () => {
  it.each([
    [0, '0 %'],
    [0.000_001, '< 0.1 %'],
    [0.0005, '0.1 %'],
    [0.041, '4.1 %'],
    [0.0994, '9.9 %'],
    [0.0996, '10 %'],
    [0.104, '10 %'],
    [0.5, '50 %'],
    [1, '100 %'],
    [1.024, '102 %'],
    [12, '1,200 %'],
  ])('formatRatio() of %d is %s', (ratio, expected) => {
    expect(formatRatio(ratio)).toBe(expected);
  });
});

describe('formatMs()', () => {
  it.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [999, '999 ms'],
    [1_000, '1 s'],
    [29_240, '29.2 s'],
  ])('formatMs() of %d is %s', (ms, expected) => {
    expect(formatMs(ms)).toBe(expected);
  });
});

describe('formatDuration()', () => {
  it.each([
    [0, '0 s'],
    [41, '41 s'],
    [89, '89 s'],
    [90, '2 min'],
    [420, '7 min'],
    [7_169, '119 min'],
    [7_170, '2 h'],
    [7_200, '2 h'],
    [7_500, '2 h 5 min'],
    [90_000, '25 h'],
  ])('formatDuration() of %d s is %s', (seconds, expected) => {
    expect(formatDuration(seconds)).toBe(expected);
  });
});

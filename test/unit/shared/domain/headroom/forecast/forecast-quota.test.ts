import { describe, expect, it } from 'vitest';
import type { MinuteDemand } from '#shared/domain/headroom/forecast/demand-trend.ts';
import { forecastFrom, forecastQuota } from '#shared/domain/headroom/forecast/forecast-quota.ts';

const MINUTE_MS = 60_000;
const END_MS = Date.UTC(2026, 5, 1, 12);
const QUOTA_RPS = 1_000;

/** A line up to `levelRps` at the end of the newest minute, without noise. */
function line(levelRps: number, slopeRpsPerMinute: number, minutes = 30): MinuteDemand[] {
  return Array.from({ length: minutes }, (_, before) => ({
    minuteMs: END_MS - (before + 1) * MINUTE_MS,
    demandRps: levelRps - slopeRpsPerMinute * (before + 0.5),
  }));
}

/** Minutes that are above and below their line in turns. */
function uneven(minutes: readonly MinuteDemand[], byRps: number): MinuteDemand[] {
  return minutes.map(({ minuteMs, demandRps }, index) => ({
    minuteMs,
    demandRps: demandRps + (index % 4 < 2 ? byRps : -byRps),
  }));
}

/** A series from `fromMinute` to `toMinute` around the newest minute's end, which is minute 0. */
function series(
  fromMinute: number,
  toMinute: number,
  rpsAt: (minute: number) => number,
): Map<number, number> {
  const values = new Map<number, number>();
  for (let minute = fromMinute; minute < toMinute; minute += 1) {
    values.set(END_MS + minute * MINUTE_MS, rpsAt(minute + 0.5));
  }
  return values;
}

/** Today climbs by 10 rps a minute and is at 600. A day that does the same on its own scale, and stops at a level. */
function dayLikeToday(topRps: number, scale = 1): Map<number, number> {
  return series(-30, 180, (minute) => scale * Math.min(topRps, 600 + 10 * minute));
}

const TODAY = line(600, 10);
const NOTHING = { today: new Map<number, number>(), days: [] };

describe('forecastQuota() by the trend', () => {
  it('forecastQuota() tells when a line reaches the quota', () => {
    const forecast = forecastQuota(TODAY, QUOTA_RPS);

    expect(forecast?.basis).toBe('trend');
    for (const name of ['minutesToQuota', 'earliestMinutes', 'latestMinutes'] as const) {
      expect(forecast?.[name]).toBeCloseTo(40);
    }
    expect(forecast?.slopeRpsPerMinute).toBeCloseTo(10);
  });

  it('forecastQuota() gives an interval that is wider the more uneven demand is', () => {
    const [calm, rough] = [5, 20].map((byRps) => forecastQuota(uneven(TODAY, byRps), QUOTA_RPS));

    const width = (of: typeof calm) => (of?.latestMinutes ?? 0) - (of?.earliestMinutes ?? 0);
    expect(width(calm)).toBeGreaterThan(1);
    expect(width(rough)).toBeGreaterThan(2 * width(calm));
  });

  it.each([
    ['flat demand', line(900, 0)],
    ['falling demand', line(900, -10)],
    ['demand that climbs within its own ups and downs', uneven(line(900, 2), 60)],
    ['a quota that is further away than three hours', line(600, 2)],
    ['demand at the quota', line(1_000, 10)],
    ['demand above the quota', line(1_100, 10)],
    ['demand below three tenths of the quota', line(299, 9)],
    ['fourteen minutes', line(600, 10, 14)],
    ['no minute', []],
  ])('forecastQuota() says nothing of %s', (_, minutes) => {
    expect(forecastQuota(minutes, QUOTA_RPS)).toBeNull();
  });

  it.each([
    ['fifteen minutes', line(600, 10, 15)],
    ['a quota just within three hours', line(600, 2.25)],
    ['demand just above three tenths of the quota', line(301, 9)],
    ['half an hour with gaps', line(600, 10).filter((_, index) => index % 2 === 0)],
  ])('forecastQuota() makes do with %s', (_, minutes) => {
    expect(forecastQuota(minutes, QUOTA_RPS)).not.toBeNull();
  });
});

describe('forecastFrom()', () => {
  it.each([
    [2.2, false],
    [2.4, true],
  ])('forecastFrom() wants a slope of 2.3 times its margin: of %d times %s', (margins, isForecast) => {
    const trend = {
      endMs: END_MS,
      slopeRpsPerMinute: 10,
      levelRps: 600,
      centreMinutes: -15,
      slopeMarginRps: 10 / margins,
      centreMarginRps: 1,
      minuteMarginRps: 1,
      hasBrokenOff: false,
    };

    expect(forecastFrom(trend, QUOTA_RPS, NOTHING) !== null).toBe(isForecast);
  });
});

describe('forecastQuota() by the hours before', () => {
  it.each([
    ['lower', () => 300, true],
    ['higher', () => 700, false],
    ['lower but for three odd minutes', (minute: number) => (minute > -33 ? 700 : 300), true],
    ['lower but for four minutes', (minute: number) => (minute > -34 ? 700 : 300), false],
  ])('forecastQuota() of demand that was %s before the half hour', (_, rpsAt, isForecast) => {
    const today = series(-180, -30, rpsAt);

    expect(forecastQuota(TODAY, QUOTA_RPS, { ...NOTHING, today }) !== null).toBe(isForecast);
  });
});

describe('forecastQuota() by earlier days', () => {
  const forecast = (...days: Map<number, number>[]) => forecastQuota(TODAY, QUOTA_RPS, { ...NOTHING, days });
  const reaching = dayLikeToday(5_000);
  const flattening = dayLikeToday(700);

  it('forecastQuota() is silent where most of the days that climbed alike flattened', () => {
    expect(forecast(flattening, flattening, flattening, flattening, flattening)).toBeNull();
    expect(forecast(flattening, flattening, reaching)).toBeNull();
  });

  it('forecastQuota() takes the time of the middle day into its interval', () => {
    const slower = series(-30, 180, (minute) => (minute < 0 ? 600 + 10 * minute : 600 + 5 * minute));

    const told = forecast(slower, slower, flattening, slower, reaching);

    expect(told?.basis).toBe('trend-and-earlier-days');
    expect(told?.minutesToQuota).toBeGreaterThan(55);
    expect(told?.minutesToQuota).toBeLessThan(65);
    expect(told?.earliestMinutes).toBeCloseTo(40);
    expect(told?.latestMinutes).toBeGreaterThan(75);
    expect(told?.latestMinutes).toBeLessThan(85);
  });

  it('forecastQuota() scales a day to today', () => {
    const busier = dayLikeToday(700, 3);

    expect(forecast(busier, busier, busier)).toBeNull();
    expect(forecast(...[2, 0.5, 0.2].map((scale) => dayLikeToday(5_000, scale)))?.basis).toBe(
      'trend-and-earlier-days',
    );
  });

  it.each([
    ['two days', [flattening, flattening]],
    ['days that were flat at this time', [1, 2, 3].map(() => series(-30, 180, () => 600))],
    ['days that fell', [1, 2, 3].map(() => series(-30, 180, (minute) => 600 - 10 * minute))],
    [
      'days that climbed a third as much',
      [1, 2, 3].map(() => series(-30, 180, (m) => 600 + 3 * Math.min(5, m))),
    ],
    ['days with a twentieth of the demand', [1, 2, 3].map(() => dayLikeToday(700, 0.05))],
    ['days without data', [1, 2, 3].map(() => new Map<number, number>())],
    ['days whose half hour is missing', [1, 2, 3].map(() => series(-10, 180, () => 600))],
    [
      'days of which little is known afterwards',
      [1, 2, 3].map(() => series(-30, 80, (m) => Math.min(700, 600 + 10 * m))),
    ],
  ])('forecastQuota() does not ask %s', (_, days) => {
    expect(forecast(...days)).toEqual(forecastQuota(TODAY, QUOTA_RPS));
  });

  it('forecastQuota() is silent where days and trend are too far apart', () => {
    const late = series(-30, 180, (minute) => (minute < 170 ? Math.min(650, 600 + 10 * minute) : 1_200));

    expect(forecast(late, late, late)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { advance, type Occurrence } from '#shared/domain/detection/occurrence.ts';
import type { DemandTrend } from '#shared/domain/headroom/forecast/demand-trend.ts';
import type { QuotaForecast } from '#shared/domain/headroom/forecast/forecast-quota.ts';
import { judgeForecast, settledForecast } from '#shared/domain/headroom/judging/judge-forecast.ts';
import { createHeadroomMinute } from '#test/fakes/headroom-minute.ts';

const MINUTE_MS = 60_000;

function forecastIn(minutesToQuota: number): QuotaForecast {
  return {
    slopeRpsPerMinute: 5,
    minutesToQuota,
    earliestMinutes: minutesToQuota * 0.8,
    latestMinutes: minutesToQuota * 1.3,
    basis: 'trend',
  };
}

function trendWith(slopeRpsPerMinute: number, slopeMarginRps = 1): DemandTrend {
  return {
    endMs: 0,
    slopeRpsPerMinute,
    slopeMarginRps,
    levelRps: 700,
    centreMinutes: -15,
    centreMarginRps: 1,
    minuteMarginRps: 1,
    hasBrokenOff: false,
  };
}

const CLIMBING = trendWith(5);

function judge(forecasts: (QuotaForecast | null)[], trend: DemandTrend | null = CLIMBING, usedRatio = 0.7) {
  return judgeForecast({ ...createHeadroomMinute(usedRatio), outlook: { trend, forecasts } });
}

const [now, before] = [forecastIn(40), forecastIn(41)];

describe('judgeForecast() once the climb is over', () => {
  it('judgeForecast() calls a minute clean whose climb has broken off, whatever was forecast before', () => {
    const broken = { ...CLIMBING, hasBrokenOff: true };

    expect(judge([before, before, before, before, null], broken)[0]?.verdict).toBe('clean');
    expect(judge([before, before, before, before, null])[0]?.verdict).toBe('borderline');
  });

  it('settledForecast() is silent where the quota is used up, as the finding is', () => {
    const outlook = { trend: CLIMBING, forecasts: [before, before, now, now, now] };

    expect(settledForecast(outlook, { usedRatio: 0.99 })).toBe(now);
    expect(settledForecast(outlook, { usedRatio: 1 })).toBeNull();
    expect(judge(outlook.forecasts, CLIMBING, 1)[0]?.verdict).toBe('clean');
  });
});

describe('judgeForecast()', () => {
  it.each([
    ['five forecasts', [before, before, before, before, now], 'breach'],
    ['three of five', [before, null, before, null, now], 'breach'],
    ['two of five', [null, null, null, before, now], 'borderline'],
    ['one of five', [null, null, null, null, now], 'borderline'],
    ['four, and none now', [before, before, before, before, null], 'borderline'],
    ['no forecast while demand climbs', [null, null, null, null, null], 'borderline'],
  ])('judgeForecast() finds %s a %s', (_, forecasts, verdict) => {
    expect(judge(forecasts)).toMatchObject([{ kind: 'headroom.forecast', verdict }]);
  });

  it.each([
    ['demand is flat', trendWith(0), 0.7],
    ['demand may as well be flat', trendWith(0.9), 0.7],
    ['demand falls', trendWith(-5), 0.7],
    ['the quota is reached', CLIMBING, 1],
  ])('judgeForecast() is clean where %s', (_, trend, usedRatio) => {
    expect(judge([now, now, now, now, null], trend, usedRatio)).toMatchObject([{ verdict: 'clean' }]);
  });

  it('judgeForecast() does not judge where too few minutes are known', () => {
    expect(judge([null, null, null, null, null], null)).toEqual([]);
  });

  it.each([
    [60, 'warning', 'warning'],
    [61, 'info', 'warning'],
    [90, 'info', 'warning'],
    [91, 'info', 'info'],
  ])('judgeForecast() of %i min is %s, and keeps %s open', (minutes, severity, keepsOpen) => {
    expect(judge(new Array(5).fill(forecastIn(minutes)))).toMatchObject([{ severity, keepsOpen }]);
  });

  it('judgeForecast() measures by the newest forecast, on the clock of the newest minute', () => {
    const [newest] = judge([before, now, null, null, null]);

    expect(newest?.latest).toEqual({
      demandRps: 700,
      usedRatio: 0.7,
      quotaRps: 1_000,
      slopeRpsPerMinute: 5,
      minutesToQuota: 37,
      earliestMinutes: 29,
      latestMinutes: 49,
      usesEarlierDays: 0,
    });
  });

  it('judgeForecast() warns once of a forecast that wobbles around an hour, and gives way to the quota itself', () => {
    const minutes = [70, 62, 58, 63, 59, 66, 57, 88, 55, 30, 10, 3];
    const climbing = minutes.map((left) => judge(new Array(5).fill(forecastIn(left))));
    const reached = Array.from({ length: 5 }, () => judge([now, now, now, now, null], CLIMBING, 1.1));
    const seen = new Map<number, Occurrence>();
    let open: readonly Occurrence[] = [];
    for (const [index, judgements] of [...climbing, ...reached].entries()) {
      open = advance(open, { minuteMs: index * MINUTE_MS, judgements });
      for (const occurrence of open) seen.set(occurrence.startedAtMs, occurrence);
    }

    expect([...seen.values()].map(({ severity, status }) => [severity, status])).toEqual([
      ['info', 'open'],
      ['warning', 'cleared'],
    ]);
  });
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplayReport } from '#cli/replay/report.ts';
import {
  clockOf,
  kindsOf,
  ofKind,
  playScenario,
  replayFolder,
  replayScenario,
  timesOf,
} from '#test/fakes/replayed-scenario.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';

const temp = makeTempFolder();
afterAll(temp.remove);

/** The minutes until the quota is reached, as the finding tells them. */
function forecastOf(report: ReplayReport): { minutes: number; earliest: number; latest: number } {
  const text = ofKind(report, 'headroom.forecast')[0]?.evidence[0]?.value ?? '';
  const [, minutes, earliest, latest] = /in (\d+) min \(80 %: (\d+) to (\d+)\)/.exec(text) ?? [];
  return { minutes: Number(minutes), earliest: Number(earliest), latest: Number(latest) };
}

describe('a smooth climb to the quota', () => {
  const { scenario, minutes } = playScenario('climb');
  const [climb] = scenario.episodes;
  const usualRps = scenario.stages.reduce((sum, { meanRps }) => sum + meanRps, 0);
  const shopRps = scenario.stages.find(({ item }) => item.apiName === 'shop-api')?.meanRps ?? 0;
  /** When the sum of all rates is the quota, in minutes from the start. */
  const reachedAt = (() => {
    if (climb?.kind !== 'climb') return Number.NaN;
    const share = (scenario.quota.rateRps - usualRps) / (climb.toRps - shopRps);
    return (climb.fromMs + share * (climb.toMs - climb.fromMs)) / 60_000;
  })();
  const reports = new Map<number, ReplayReport>();
  let report: ReplayReport;

  beforeAll(async () => {
    report = await replayScenario('climb', temp.path);
    for (const ahead of [15, 10, 5]) {
      const until = `2026-06-15T${clockOf(scenario, Math.floor(reachedAt) - ahead)}`;
      reports.set(ahead, await replayFolder('climb', join(temp.path, 'climb'), ['--until', until]));
    }
  });

  it('climb: the quota is reached at 12:50:30, and the requests of the minutes agree', () => {
    expect(reachedAt).toBeCloseTo(50.5);
    expect(minutes.filter(({ asked }) => asked / 60 >= scenario.quota.rateRps)[0]?.minute).toBe(50);
  });

  it.each([15, 10, 5])(
    'climb: %i minutes ahead, the time is within the interval, which is narrow',
    (ahead) => {
      const replayed = reports.get(ahead);
      const { minutes: told, earliest, latest } = forecastOf(replayed ?? report);
      const left = reachedAt - (Math.floor(reachedAt) - ahead);

      expect(earliest).toBeLessThanOrEqual(left);
      expect(latest).toBeGreaterThanOrEqual(left);
      expect(Math.abs(told - left)).toBeLessThan(2);
      expect(latest - earliest).toBeLessThan(ahead);
      expect(replayed && ofKind(replayed, 'headroom.forecast')[0]?.status).toBe('open');
    },
  );

  it('climb: before the quota is near, nothing says that it is used up', () => {
    const early = reports.get(10);

    expect(early && kindsOf(early).filter((kind) => /exhausted|throttling/.test(kind))).toEqual([]);
  });

  it('climb: the forecast ends when the quota is reached, and the finding that says so begins', () => {
    const [exhausted] = ofKind(report, 'headroom.exhausted');

    expect(exhausted?.startedAt.slice(11, 16)).toBe(clockOf(scenario, 50));
    expect(ofKind(report, 'headroom.forecast').map(({ lastBadAt }) => lastBadAt.slice(11, 16))).toEqual([
      clockOf(scenario, 50),
    ]);
  });

  it('climb: account throttling is found no earlier than the bucket refuses three requests', () => {
    const first = minutes.find(({ refused }) => refused >= 3)?.minute ?? 0;

    expect(ofKind(report, 'throttling.account')[0]?.startedAt.slice(11, 16)).toBe(clockOf(scenario, first));
    expect(report.incidents.map(({ story }) => story.kind)).toEqual(['account']);
  });
});

describe('a climb that breaks off', () => {
  const { scenario, minutes } = playScenario('climb-ends');
  const breakMinute = (scenario.episodes[0]?.toMs ?? 0) / 60_000;
  let report: ReplayReport;

  beforeAll(async () => {
    report = await replayScenario('climb-ends', temp.path);
  });

  it('climb-ends: the quota is never reached, and nothing is refused', () => {
    expect(minutes.every(({ asked }) => asked / 60 < 0.9 * scenario.quota.rateRps)).toBe(true);
    expect(minutes.every(({ refused }) => refused === 0)).toBe(true);
    expect(kindsOf(report).filter((kind) => /exhausted|throttling/.test(kind))).toEqual([]);
  });

  it('climb-ends: the forecast is there while it climbs, ends within five minutes after that, and does not return', () => {
    const forecasts = ofKind(report, 'headroom.forecast');
    const endedAt = Date.parse(forecasts[0]?.lastBadAt ?? '');
    const ranFor = (endedAt - scenario.startMs) / 60_000 - breakMinute;

    expect(forecasts.map(({ status }) => status)).toEqual(['cleared']);
    expect(Date.parse(forecasts[0]?.startedAt ?? '')).toBeLessThan(scenario.startMs + breakMinute * 60_000);
    expect(ranFor).toBeGreaterThanOrEqual(0);
    expect(ranFor).toBeLessThanOrEqual(5);
    expect(forecasts.map(timesOf)[0]).toMatch(/^12:3\d to 12:[34]\d$/);
  });
});

import { describe, expect, it } from 'vitest';
import { DAY } from '#shared/domain/simulation/scenarios/day.ts';

const DAY_MS = 24 * 60 * 60_000;
const START_MS = Date.UTC(2026, 2, 2);

describe('DAY', () => {
  const scenario = DAY.create({
    quota: { rateRps: 1_000, burst: 500 },
    region: 'eu-west-1',
    dayMs: START_MS,
  });

  it('DAY plays a day with three incidents that do not overlap', () => {
    expect(scenario).toMatchObject({ region: 'eu-west-1', startMs: START_MS, durationMs: DAY_MS });
    expect(scenario.episodes.map(({ kind }) => kind)).toEqual(['function-errors', 'surge', 'timeouts']);
    const ends = scenario.episodes.map(({ toMs }) => toMs);
    expect(
      scenario.episodes.every(({ fromMs, toMs }, index) => fromMs < toMs && fromMs > (ends[index - 1] ?? 0)),
    ).toBe(true);
  });

  it('DAY plays them in the morning, the afternoon and the evening', () => {
    const clock = (ms: number) => new Date(START_MS + ms).toISOString().slice(11, 16);

    expect(scenario.episodes.map(({ fromMs, toMs }) => `${clock(fromMs)}-${clock(toMs)}`)).toEqual([
      '09:40-10:05',
      '14:02-14:06',
      '20:10-20:35',
    ]);
  });

  it('DAY gives each kind of API its integration timeout', () => {
    const timeouts = scenario.stages.map(({ item }) => `${item.apiType} ${item.integrationTimeoutMs}`);

    expect(new Set(timeouts)).toEqual(new Set(['REST 29000', 'HTTP 30000']));
  });

  it('DAY surges above the quota, and stays far below it otherwise', () => {
    const surge = scenario.episodes.find((episode) => episode.kind === 'surge');
    const usual = scenario.stages.reduce((sum, { meanRps }) => sum + meanRps, 0);

    expect(surge?.kind === 'surge' && surge.rps).toBe(1_600);
    expect(usual).toBeCloseTo(21);
  });

  it('DAY scales with the quota', () => {
    const tenfold = DAY.create({
      quota: { rateRps: 10_000, burst: 5_000 },
      region: 'eu-west-1',
      dayMs: START_MS,
    });

    expect(tenfold.stages.map(({ meanRps }) => meanRps)).toEqual(
      scenario.stages.map(({ meanRps }) => meanRps * 10),
    );
    expect(tenfold.episodes).toEqual(
      scenario.episodes.map((episode) =>
        episode.kind === 'surge' ? { ...episode, rps: episode.rps * 10 } : episode,
      ),
    );
  });

  it('DAY names stages and routes that exist', () => {
    const shares = scenario.stages.map(({ routes }) => routes.reduce((sum, { share }) => sum + share, 0));
    const known = (apiName: string) => scenario.stages.find(({ item }) => item.apiName === apiName);

    expect(shares.every((share) => Math.abs(share - 1) < 1e-9)).toBe(true);
    for (const episode of scenario.episodes) {
      const stage = known(episode.apiName);
      expect(stage).toBeDefined();
      if ('path' in episode) expect(stage?.routes.map(({ path }) => path)).toContain(episode.path);
    }
    expect(new Set(scenario.stages.map(({ item }) => item.apiId)).size).toBe(scenario.stages.length);
  });
});

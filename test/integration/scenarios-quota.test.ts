import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplayReport } from '#cli/replay/report.ts';
import {
  clockOf,
  kindsOf,
  ofKind,
  playScenario,
  replayScenario,
  timesOf,
} from '#test/fakes/replayed-scenario.ts';
import { makeTempFolder } from '#test/fakes/temp-folder.ts';

const temp = makeTempFolder();
afterAll(temp.remove);

describe('a spike of three seconds', () => {
  const { scenario, minutes, requests } = playScenario('spike');
  const spiked = minutes.find(({ refused }) => refused > 0);
  let report: ReplayReport;

  beforeAll(async () => {
    report = await replayScenario('spike', temp.path);
  });

  it('spike: the minute uses 12 % of the quota, and no other minute refuses anything', () => {
    const asked = spiked?.asked ?? 0;

    expect(Math.round((100 * asked) / 60 / scenario.quota.rateRps)).toBe(12);
    expect(minutes.filter(({ refused }) => refused > 0)).toEqual([spiked]);
    expect(report.requests.total).toBe(requests.length);
  });

  it('spike: replay finds it in its minute, and says nothing of a rate that is used up', () => {
    const [found] = ofKind(report, 'burst.exhausted');

    expect(kindsOf(report)).toEqual([
      'burst.exhausted',
      'headroom.low',
      'noisy-neighbour',
      'throttling.account',
    ]);
    expect(found && timesOf(found)).toBe(
      `${clockOf(scenario, spiked?.minute ?? 0)} to ${clockOf(scenario, (spiked?.minute ?? 0) + 1)}`,
    );
    expect(found?.severity).toBe('critical');
    expect(report.headroom).toMatchObject({ peakAt: expect.stringMatching(/T12:30:2[0-2]/) });
    expect(report.headroom.utilisation).toBeGreaterThan(1.9);
  });

  it('spike: predicts the refusals of the real bucket, within its bound', () => {
    const minute = report.headroom.series.find(({ predictedThrottles }) => predictedThrottles > 0);
    const refused = spiked?.refused ?? 0;

    expect(refused).toBeGreaterThan(400);
    expect(minute?.predictedThrottles).toBeLessThanOrEqual(refused);
    expect(minute?.predictedThrottles).toBeGreaterThan(0.9 * refused);
    expect((minute?.predictedThrottles ?? 0) + (minute?.maxMissedThrottles ?? 0)).toBeGreaterThanOrEqual(
      refused,
    );
    expect(ofKind(report, 'throttling.account').map(({ value }) => value)).toEqual([refused]);
  });

  it('spike: blames the API that spiked, and counts it not among the hurt', () => {
    const hurt = ofKind(report, 'throttling.account')[0]?.evidence.find(({ label }) => label === 'Hurt');

    expect(ofKind(report, 'noisy-neighbour').map(({ scope }) => scope.apiName)).toEqual(['partner-api']);
    expect(hurt?.value).toContain('shop-api/prod');
    expect(hurt?.value).not.toContain('partner-api');
  });

  it('spike: is one incident with two messages', () => {
    expect(report.incidents.map(({ story, status }) => [story.kind, status])).toEqual([
      ['account', 'closed'],
    ]);
    expect(report.messages.map(({ announcement }) => announcement)).toEqual(['opened', 'closed']);
  });
});

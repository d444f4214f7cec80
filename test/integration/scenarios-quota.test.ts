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

describe('a surge of the smallest API', () => {
  const { scenario, minutes, requests } = playScenario('surge');
  const refusing = minutes.filter(({ refused }) => refused > 0).map(({ minute }) => minute);
  const refusedOf = (apiName: string): number =>
    requests.filter(({ stage, outcome }) => outcome === 'throttled' && stage.item.apiName === apiName).length;
  let report: ReplayReport;

  beforeAll(async () => {
    report = await replayScenario('surge', temp.path);
  });

  it('surge: all APIs are refused, in the minutes of the surge only', () => {
    expect(refusing).toEqual([20, 21, 22, 23, 24]);
    for (const { item } of scenario.stages) expect(refusedOf(item.apiName)).toBeGreaterThan(100);
  });

  it('surge: replay finds the used-up quota in exactly these minutes, and nothing else', () => {
    const times = `${clockOf(scenario, 20)} to ${clockOf(scenario, 25)}`;

    expect(report.findings.map((finding) => [finding.kind, timesOf(finding)]).sort()).toEqual([
      ['burst.exhausted', times],
      ['headroom.exhausted', times],
      ['headroom.low', times],
      ['noisy-neighbour', times],
      ['throttling.account', times],
    ]);
  });

  it('surge: blames the API that surged, not the biggest one, which is hurt', () => {
    const hurt = ofKind(report, 'throttling.account')[0]?.evidence.find(({ label }) => label === 'Hurt');

    expect(ofKind(report, 'noisy-neighbour').map(({ scope }) => scope.apiName)).toEqual(['partner-api']);
    expect(hurt?.value.split(' · ').map((part) => part.split('/')[0])).toEqual(
      ['shop-api', 'reports-api', 'users-api', 'payments-api'].sort((a, b) => refusedOf(b) - refusedOf(a)),
    );
    expect(hurt?.value).toContain(
      `shop-api/prod ≥ ${new Intl.NumberFormat('en-US').format(refusedOf('shop-api'))} refused`,
    );
  });

  it('surge: predicts the refusals of the real bucket, within 2 %', () => {
    const predicted = report.headroom.series.reduce((sum, minute) => sum + minute.predictedThrottles, 0);
    const refused = minutes.reduce((sum, minute) => sum + minute.refused, 0);

    expect(predicted).toBeLessThanOrEqual(refused);
    expect(predicted).toBeGreaterThan(0.98 * refused);
  });

  it('surge: names a limit that would have left the others what they ask for', () => {
    const limit = /Limit partner-api\/v1 to (\d+) rps/.exec(
      ofKind(report, 'noisy-neighbour')[0]?.nextStep ?? '',
    );
    const othersRps =
      requests.filter(({ stage, timeMs }) => {
        const minute = Math.floor((timeMs - scenario.startMs) / 60_000);
        return stage.item.apiName !== 'partner-api' && refusing.includes(minute);
      }).length / 300;

    expect(Number(limit?.[1]) + othersRps).toBeLessThan(0.9 * scenario.quota.rateRps);
    expect(Number(limit?.[1]) + othersRps).toBeGreaterThan(0.7 * scenario.quota.rateRps);
  });

  it('surge: is one incident', () => {
    expect(report.incidents.map(({ story, status }) => [story.kind, status])).toEqual([
      ['account', 'closed'],
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReplayReport } from '#cli/replay/report.ts';
import type { ScenarioName } from '#shared/domain/simulation/scenarios/scenarios.ts';
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

describe('an account that is capped while its 429s are dropped from the logs', () => {
  const { scenario, minutes, requests } = playScenario('capped');
  const refusing = minutes.filter(({ refused }) => refused > 0).map(({ minute }) => minute);
  const times = `${clockOf(scenario, 20)} to ${clockOf(scenario, 26)}`;
  let report: ReplayReport;

  beforeAll(async () => {
    report = await replayScenario('capped', temp.path);
  });

  it('capped: a third of the requests of six minutes is refused, and the log has no 429', () => {
    const during = minutes.filter(({ minute }) => refusing.includes(minute));
    const [asked, refused] = [
      during.reduce((sum, minute) => sum + minute.asked, 0),
      during.reduce((sum, minute) => sum + minute.refused, 0),
    ];

    expect(refusing).toEqual([20, 21, 22, 23, 24, 25]);
    expect(refused / asked).toBeCloseTo(1 / 3, 1);
    expect(report.requests.total).toBe(requests.length - refused);
    expect(report.requests.byStatus).not.toHaveProperty('429');
  });

  it('capped: replay finds the throttling in its minutes, and says that it is inferred and a lower bound', () => {
    const [throttling] = ofKind(report, 'throttling.account');

    expect(throttling && timesOf(throttling)).toBe(times);
    expect(throttling?.evidence.find(({ label }) => label === 'Known by')?.value).toMatch(
      /^inferred: demand flat at the quota .* refusals are probably not logged$/,
    );
    expect(report.messages[0]?.plainText).toMatch(/^Now +≥ 10\d rps of 100/m);
    expect(report.messages[0]?.plainText).not.toContain('tokens');
  });

  it('capped: blames the API that grew, though less of it is logged than it asks for', () => {
    expect(ofKind(report, 'noisy-neighbour').map(({ scope }) => scope.apiName)).toEqual(['partner-api']);
  });

  it('capped: names a limit that leaves the others what they usually ask for, not what is left to them', () => {
    const [, limit] =
      /Limit partner-api\/v1 to (\d+) rps/.exec(ofKind(report, 'noisy-neighbour')[0]?.nextStep ?? '') ?? [];
    const others = scenario.stages.filter(({ item }) => item.apiName !== 'partner-api');
    const usualRps = others.reduce((sum, { meanRps }) => sum + meanRps, 0);

    expect(Number(limit) + usualRps).toBeGreaterThan(0.7 * scenario.quota.rateRps);
    expect(Number(limit) + usualRps).toBeLessThan(0.9 * scenario.quota.rateRps);
  });

  it('capped: is one incident, and no other minute is taken for cut off', () => {
    const cut = report.headroom.series.flatMap(({ at, clippedSeconds }) =>
      clippedSeconds > 0 ? [at.slice(11, 16)] : [],
    );

    expect(report.incidents.map(({ story, status }) => [story.kind, status])).toEqual([
      ['account', 'closed'],
    ]);
    expect(cut).toEqual(refusing.map((minute) => clockOf(scenario, minute)));
  });
});

describe.each([
  ['usage-plan', 'throttling.client'],
  ['usage-plan-untold', 'throttling.stage'],
] as const satisfies [ScenarioName, string][])('429s of a usage plan: %s', (name, kind) => {
  const { scenario, minutes, requests } = playScenario(name);
  const overPlan = requests.filter(({ outcome }) => outcome === 'over-plan');
  let report: ReplayReport;

  beforeAll(async () => {
    report = await replayScenario(name, temp.path);
  });

  it(`${name}: the log has more requests than the quota, and the account throttle refuses none`, () => {
    const busiest = Math.max(...minutes.map(({ asked }) => asked));

    expect(minutes.every(({ refused }) => refused === 0)).toBe(true);
    expect(busiest / 60).toBeLessThan(0.6 * scenario.quota.rateRps);
    expect((busiest + overPlan.length / 6) / 60).toBeGreaterThan(1.3 * scenario.quota.rateRps);
    expect(report.requests.byStatus).toMatchObject({ 429: overPlan.length });
  });

  it(`${name}: replay says that the API refuses, in its minutes, and nothing of the account or a neighbour`, () => {
    const [found] = report.findings;

    expect(kindsOf(report)).toEqual([kind]);
    expect(found?.scope.apiName).toBe('partner-api');
    expect(found && timesOf(found)).toBe(`${clockOf(scenario, 20)} to ${clockOf(scenario, 26)}`);
    expect(found?.value).toBe(overPlan.length);
  });

  it(`${name}: the demand is what reached the account throttle`, () => {
    const series = report.headroom.series.map(({ demandRps }) => Math.round(demandRps * 60));

    expect(series).toEqual(minutes.map(({ asked }) => asked));
    expect(report.headroom.series.every(({ predictedThrottles }) => predictedThrottles === 0)).toBe(true);
  });

  it(`${name}: is one incident of the stage, which is no more than a warning`, () => {
    expect(report.incidents.map(({ story, severity }) => [story.kind, severity])).toEqual([
      ['stage', 'warning'],
    ]);
  });
});

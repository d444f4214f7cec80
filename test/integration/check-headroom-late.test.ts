import { beforeAll, describe, expect, it } from 'vitest';
import { type Delays, playDelayed } from '#test/fakes/delayed-account.ts';
import { playScenario } from '#test/fakes/replayed-scenario.ts';

const PROMPT: Delays = { lateMinutes: () => 0, runAfter: (_, run) => run() };

const twice: Delays['runAfter'] = async (_, run) => {
  await Promise.all([run(), run()]);
  await run();
};
const withGaps: Delays['runAfter'] = async (minute, run) => {
  if (minute % 5 !== 2) await run();
};

describe.each(['spike', 'surge', 'capped', 'usage-plan-untold'] as const)(
  'checkHeadroom() on the scenario %s',
  (name) => {
    const loaded = playScenario(name);
    // What the log does not have, ingest cannot count.
    const played = {
      ...loaded,
      requests: loaded.requests.filter(
        ({ outcome }) => loaded.scenario.logsAccountRefusals || outcome !== 'throttled',
      ),
    };
    let prompt: Awaited<ReturnType<typeof playDelayed>>;

    beforeAll(async () => {
      prompt = await playDelayed(played, PROMPT);
    });

    it(`${name}: prompt data makes findings, one closed incident, and six metrics for each minute`, () => {
      expect(prompt.findings.length).toBeGreaterThan(0);
      expect(prompt.findings.every(({ status }) => status === 'cleared')).toBe(true);
      expect(prompt.incidents.map(({ status }) => status)).toEqual(['closed']);
      expect(prompt.announced).toEqual(['opened', 'closed']);
      expect(Object.keys(prompt.metrics).length).toBe(6 * played.minutes.length);
    });

    it.each<[string, Delays]>([
      ['all data is three minutes late', { ...PROMPT, lateMinutes: () => 3 }],
      [
        'the biggest API is three minutes late',
        { ...PROMPT, lateMinutes: (api) => (api === 'shop-api' ? 3 : 0) },
      ],
      ['runs overlap and repeat', { ...PROMPT, runAfter: twice }],
      ['every fifth run is missed', { ...PROMPT, runAfter: withGaps }],
      ['all data is late, and runs overlap and repeat', { lateMinutes: () => 3, runAfter: twice }],
    ])(`${name}: metrics, findings and incident are in the end the same where %s`, async (_, delays) => {
      const { announced, ...late } = await playDelayed(played, delays);

      expect(late).toEqual({
        metrics: prompt.metrics,
        findings: prompt.findings,
        incidents: prompt.incidents,
      });
      expect(announced.at(0)).toBe('opened');
      expect(announced.at(-1)).toBe('closed');
    });

    // Without the API that asked for so much, its neighbours' 429s look like their own for three minutes.
    it.each<[string, Delays]>([
      ['is three minutes late', { ...PROMPT, lateMinutes: (api) => (api === 'partner-api' ? 3 : 0) }],
      [
        'is later than the others, and runs overlap and repeat',
        { lateMinutes: (api) => (api === 'partner-api' ? 3 : 1), runAfter: twice },
      ],
    ])(
      `${name}: what was said too early is taken back, or goes into the same incident, where the API that caused it %s`,
      async (_, delays) => {
        const late = await playDelayed(played, delays);
        const [incident] = prompt.incidents;
        const told = late.incidents.filter(({ status }) => status !== 'merged');

        expect(late.metrics).toEqual(prompt.metrics);
        expect(late.findings).toEqual(prompt.findings);
        expect(told).toEqual([
          { ...incident, findings: expect.arrayContaining([...(incident?.findings ?? [])]) },
        ]);
        const others = late.incidents.flatMap(({ findings }) => findings);
        const early = others.filter((finding) => !incident?.findings.includes(finding));
        expect(early.filter((finding) => !finding.startsWith('throttling.stage '))).toEqual([]);
        expect(late.announced.at(-1)).toBe('closed');
      },
    );
  },
);

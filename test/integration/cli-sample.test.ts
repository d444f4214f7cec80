import { beforeAll, describe, expect, it } from 'vitest';
import type { ReplayReport } from '#cli/replay/report.ts';
import { type CliRun, replayJson } from '#test/integration/run-cli.ts';

/** When what goes wrong in the sample goes wrong (shared/domain/simulation/scenario.ts). */
const EPISODES = {
  functionErrors: { from: '2026-06-15T09:40:00.000Z', to: '2026-06-15T10:05:00.000Z' },
  surge: { from: '2026-06-15T14:02:00.000Z', to: '2026-06-15T14:06:00.000Z' },
  timeouts: { from: '2026-06-15T20:10:00.000Z', to: '2026-06-15T20:35:00.000Z' },
};

/** Findings look back over five minutes, so they stay bad for as long after an episode. */
const LOOK_BACK_MS = 5 * 60_000;

const NEIGHBOURS = ['shop-api/prod', 'payments-api/prod', 'users-api/$default', 'reports-api/prod'];

type Finding = ReplayReport['findings'][number];

function evidenceOf(finding: Finding | undefined, label: string): string {
  return finding?.evidence.find((evidence) => evidence.label === label)?.value ?? '';
}

describe('gatewatch replay of the bundled sample', () => {
  let run: CliRun & { report: ReplayReport };

  beforeAll(async () => {
    run = await replayJson([]);
  });

  function findingsOf(kind: Finding['kind']): Finding[] {
    return run.report.findings.filter((finding) => finding.kind === kind);
  }

  it('replay without a file says on standard error that it replays a synthetic sample', () => {
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/^No file given: replaying the bundled sample, a synthetic day .*\n$/);
  });

  it('replay of the sample counts every line', () => {
    const { input, requests, range } = run.report;

    expect(input).toMatchObject({ linesRead: requests.total, rejected: {}, unreadable: [], outsideRange: 0 });
    expect(requests.unidentified).toBe(0);
    expect(Object.values(requests.byStatus).reduce((sum, count) => sum + count, 0)).toBe(requests.total);
    expect(range).toEqual({ from: '2026-06-15T00:00:00.000Z', to: '2026-06-16T00:00:00.000Z' });
  });

  it('replay of the sample ends with exactly its three incidents, each opened when it begins and closed', () => {
    const { incidents } = run.report;

    expect(incidents.map(({ openedAt, status, severity }) => ({ openedAt, status, severity }))).toEqual(
      Object.values(EPISODES).map(({ from }) => ({ openedAt: from, status: 'closed', severity: 'critical' })),
    );
    expect(incidents.map(({ scope, story }) => [story.kind, scope.apiName])).toEqual([
      ['stage', 'payments-api'],
      ['account', undefined],
      ['stage', 'reports-api'],
    ]);
    expect(incidents.map(({ findings }) => findings.map(({ kind }) => kind).sort())).toEqual([
      ['error-budget'],
      ['burst.exhausted', 'headroom.exhausted', 'headroom.low', 'noisy-neighbour', 'throttling.account'],
      ['error-budget', 'latency', 'timeout-budget'],
    ]);
  });

  it('replay of the sample finds nothing outside of the three episodes', () => {
    const episodes = Object.values(EPISODES);

    const elsewhere = run.report.findings.filter(({ startedAt, lastBadAt }) =>
      episodes.every(
        ({ from, to }) => startedAt < from || Date.parse(lastBadAt) > Date.parse(to) + LOOK_BACK_MS,
      ),
    );

    expect(elsewhere).toEqual([]);
    expect(run.report.findings.every(({ status }) => status === 'cleared')).toBe(true);
  });

  it('replay of the sample names the API that takes the quota of all, and nobody else', () => {
    const [finding, ...others] = findingsOf('noisy-neighbour');

    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      startedAt: EPISODES.surge.from,
      scope: { apiName: 'partner-api', stage: 'v1' },
    });
    expect(evidenceOf(finding, 'Caused by')).toMatch(
      /^partner-api\/v1 .* rps, usually .* of the account, usually .* · no stage limit$/,
    );
  });

  it('replay of the sample names the stages that the surge hurt, and not the one that caused it', () => {
    const messages = run.report.messages.filter(({ incidentId }) => incidentId.startsWith('account|'));

    expect(messages.map(({ announcement }) => announcement)).toEqual(['opened', 'closed']);
    for (const { plainText } of messages) {
      const [, hurt = ''] = /^Hurt +(.*)$/m.exec(plainText) ?? [];
      for (const stage of NEIGHBOURS) expect(hurt).toContain(`${stage} ≥ `);
      expect(hurt).not.toContain('partner-api');
      expect(plainText).toMatch(/^Caused by +partner-api\/v1 /m);
    }
  });

  it('replay of the sample sees the account past its quota at the second of the surge, and only there', () => {
    const { headroom } = run.report;
    const { from, to } = EPISODES.surge;

    expect(headroom).toMatchObject({ quotaRps: 20, quotaBurst: 10 });
    expect(headroom.utilisation).toBeGreaterThan(1.5);
    expect((headroom.peakAt ?? '') >= from && (headroom.peakAt ?? '') < to).toBe(true);
    const refusing = headroom.series.filter(({ throttled }) => throttled > 0).map(({ at }) => at);
    expect(refusing).toEqual(
      ['14:02', '14:03', '14:04', '14:05'].map((time) => `2026-06-15T${time}:00.000Z`),
    );
  });

  it('replay of the sample tells the cause of each episode', () => {
    const [functionErrors, timeouts, ...others] = findingsOf('error-budget');

    expect(others).toEqual([]);
    expect(functionErrors).toMatchObject({
      startedAt: EPISODES.functionErrors.from,
      cause: 'integration.function-error',
      title: 'payments-api/prod: Lambda function errors',
    });
    expect(timeouts).toMatchObject({
      startedAt: EPISODES.timeouts.from,
      cause: 'integration.timeout',
      title: 'reports-api/prod: integration timeouts (504)',
    });
  });

  it('replay of the sample says little: each incident once when it opens and once when it closes', () => {
    const { incidents, messages } = run.report;

    expect(messages.map(({ announcement, incidentId }) => [incidentId, announcement])).toEqual(
      incidents.flatMap(({ id }) => [
        [id, 'opened'],
        [id, 'closed'],
      ]),
    );
  });
});

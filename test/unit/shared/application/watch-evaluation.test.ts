import { describe, expect, it } from 'vitest';
import { createMemoryEvaluations } from '#shared/adapters/memory-evaluations.ts';
import { createMemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import { createCheckSources } from '#shared/application/check-sources.ts';
import { createDetectAnomalies } from '#shared/application/detect-anomalies.ts';
import type { BusEvent } from '#shared/application/ports.ts';
import { createRunEvaluation } from '#shared/application/run-evaluation.ts';
import {
  createWatchEvaluation,
  EVALUATORS,
  type EvaluatingFunction,
} from '#shared/application/watch-evaluation.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 5, 1, 14);
const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };

/** Two functions on one clock and one table; each evaluator of theirs only moves its watermark, while it may. */
function createFixture(settleSeconds = 60) {
  const clock = { nowMs: START_MS };
  const evaluations = createMemoryEvaluations();
  const findings: Finding[] = [];
  const now = () => new Date(clock.nowMs);
  const runEvaluation = createRunEvaluation({
    account: ACCOUNT,
    evaluations,
    readInventory: async () => [],
    publishEvents: async (events: readonly BusEvent[]) => {
      findings.push(...events.flatMap((event) => (event.type === 'findings' ? event.findings : [])));
    },
    now,
    settleSeconds,
  });
  const watchOf = (watcher: EvaluatingFunction) =>
    createWatchEvaluation(watcher, { account: ACCOUNT, evaluations, runEvaluation, now, settleSeconds });
  const watches = {
    'check-headroom': watchOf('check-headroom'),
    'detect-anomalies': watchOf('detect-anomalies'),
  };
  const runOne = async (own: EvaluatingFunction, rhythm: (typeof EVALUATORS)[EvaluatingFunction][number]) => {
    const isWatch = rhythm.name === `${own}/watch`;
    await (isWatch ? watches[own]() : runEvaluation({ ...rhythm, rereadMinutes: 0, judge: async () => [] }));
  };
  /** Lets minutes pass in which functions, or evaluators of them, are dead. */
  const run = async (minutes: number, ...dead: string[]): Promise<void> => {
    const living = (['check-headroom', 'detect-anomalies'] as const)
      .filter((own) => !dead.includes(own))
      .flatMap((own) => EVALUATORS[own].map((rhythm) => ({ own, rhythm })))
      .filter(({ own, rhythm }) => own === rhythm.name || !dead.includes(rhythm.name));
    for (let minute = 0; minute < minutes; minute += 1) {
      clock.nowMs += MINUTE_MS;
      for (const { own, rhythm } of living) await runOne(own, rhythm);
    }
  };
  const told = () => findings.map(({ status, severity, title }) => `${status} ${severity}: ${title}`);
  return { run, findings, told, evaluations, runEvaluation };
}

describe('watchEvaluation()', () => {
  it.each([60, 600])(
    'watchEvaluation() finds nothing while all get on, with %d s for data to settle',
    async (settle) => {
      const { run, findings } = createFixture(settle);

      await run(60);

      expect(findings).toEqual([]);
    },
  );

  it('watchEvaluation() names the one evaluator that stands still, since when, and closes by evidence', async () => {
    const { run, findings, told } = createFixture();
    await run(10);

    await run(10, 'detect-anomalies/errors');
    expect(findings).toEqual([]);
    await run(1, 'detect-anomalies/errors');
    expect(findings.map(({ severity }) => severity)).toEqual(['info']);
    await run(3, 'detect-anomalies/errors');
    expect(told().at(-1)).toBe('open warning: detect-anomalies/errors stands still since 14:09 UTC');
    expect(findings.at(-1)).toMatchObject({
      kind: 'blind.metrics',
      evaluator: 'check-headroom/watch',
      scope: { ...ACCOUNT, function: 'detect-anomalies' },
      startedAt: '2026-06-01T14:09:00.000Z',
      evidence: [
        { label: 'Stands still', value: 'detect-anomalies/errors since 14:09 UTC' },
        { label: 'Still runs' },
      ],
    });

    await run(10);
    expect(told().at(-1)).toMatch(/^cleared warning/);
  });

  it.each([
    ['check-headroom', 'detect-anomalies'],
    ['detect-anomalies', 'check-headroom'],
  ])('watchEvaluation() sees the death of %s from %s, and calls it critical', async (dead, alive) => {
    const { run, findings } = createFixture();
    await run(30);

    await run(25, dead);

    expect(findings.at(-1)).toMatchObject({
      severity: 'critical',
      status: 'open',
      evaluator: `${alive}/watch`,
      scope: { function: dead },
    });
  });

  it('watchEvaluation() blames nobody after both stood still', async () => {
    const { run, findings } = createFixture();
    await run(30);
    await run(60, 'check-headroom', 'detect-anomalies');

    await run(30);

    expect(findings).toEqual([]);
  });

  it('watchEvaluation() says nothing of evaluators that never ran', async () => {
    const { run, findings } = createFixture();

    await run(40, 'detect-anomalies');

    expect(findings).toEqual([]);
  });
});

describe('EVALUATORS', () => {
  it('EVALUATORS has the names and rhythms of what really runs', async () => {
    const ran: unknown[] = [];
    const metrics = createMemoryMetrics();
    const runEvaluation: Parameters<typeof createCheckSources>[0]['runEvaluation'] = async (evaluator) => {
      const { name, periodMinutes, minSettleSeconds } = evaluator;
      ran.push({ name, periodMinutes, ...(minSettleSeconds !== undefined && { minSettleSeconds }) });
      return { status: 'nothing-new' };
    };
    const { readMetrics } = metrics;
    const common = { account: ACCOUNT, readMetrics, runEvaluation };
    const watch = {
      ...common,
      evaluations: createMemoryEvaluations(),
      now: () => new Date(START_MS),
      settleSeconds: 60,
    };

    await createCheckSources({ ...common, readServiceCounts: async () => [] })();
    await createWatchEvaluation('check-headroom', watch)();
    await createDetectAnomalies({ ...common, availabilityTargetRatio: 0.999 })();
    await createWatchEvaluation('detect-anomalies', watch)();

    expect([{ name: 'check-headroom', periodMinutes: 1 }, ...ran]).toEqual([
      ...EVALUATORS['check-headroom'],
      ...EVALUATORS['detect-anomalies'],
    ]);
  });
});

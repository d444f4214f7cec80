import { describe, expect, it } from 'vitest';
import { createMemoryEvaluations } from '#shared/adapters/memory-evaluations.ts';
import type { BusEvent, TimeRange } from '#shared/application/ports.ts';
import {
  createRunEvaluation,
  type Evaluator,
  LATE_METRICS_MINUTES,
  mergeMinutes,
} from '#shared/application/run-evaluation.ts';
import type { JudgedMinute, Judgement } from '#shared/domain/detection/occurrence.ts';

const MINUTE_MS = 60_000;
const NOON_MS = Date.UTC(2026, 5, 1, 12);
const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };

function judgement(verdict: Judgement['verdict']): Judgement {
  return {
    kind: 'headroom.exhausted',
    scope: ACCOUNT,
    verdict,
    severity: 'critical',
    latest: {},
    sums: { n: 1 },
    peaks: {},
  };
}

/** An evaluator that finds a minute bad if the set holds it, at the time of the question. */
function createFixture() {
  const clock = { nowMs: NOON_MS };
  const bad = new Set<number>();
  const published: BusEvent[][] = [];
  const ranges: TimeRange[] = [];
  const evaluations = createMemoryEvaluations();
  const run = createRunEvaluation({
    account: ACCOUNT,
    evaluations,
    readInventory: async () => [],
    publishEvents: async (events) => {
      published.push([...events]);
    },
    now: () => new Date(clock.nowMs),
    settleSeconds: 60,
  });
  const evaluator: Evaluator = {
    name: 'test',
    periodMinutes: 1,
    rereadMinutes: LATE_METRICS_MINUTES,
    judge: async (range) => {
      ranges.push(range);
      const minutes: JudgedMinute[] = [];
      for (let minuteMs = range.fromMs; minuteMs < range.toMs; minuteMs += MINUTE_MS) {
        minutes.push({ minuteMs, judgements: [judgement(bad.has(minuteMs) ? 'breach' : 'clean')] });
      }
      return minutes;
    },
  };
  const runAt = (nowMs: number) => {
    clock.nowMs = nowMs;
    return run(evaluator);
  };
  return { bad, clock, published, ranges, evaluations, run, evaluator, runAt };
}

describe('runEvaluation()', () => {
  it('runEvaluation() judges up to the last settled minute and says how old that is', async () => {
    const { runAt, ranges, bad, published } = createFixture();
    bad.add(NOON_MS - 2 * MINUTE_MS);

    const outcome = await runAt(NOON_MS + 25_000);

    expect(ranges.at(-1)?.toMs).toBe(NOON_MS - MINUTE_MS);
    expect(outcome).toMatchObject({ status: 'evaluated', fresh: { toMs: NOON_MS - MINUTE_MS } });
    expect(published[0]?.[0]).toMatchObject({
      type: 'findings',
      findings: [{ status: 'open', dataDelaySeconds: 85, startedAt: '2026-06-01T11:58:00.000Z' }],
    });
  });

  it('runEvaluation() does nothing when the watermark is there already', async () => {
    const { runAt, published } = createFixture();

    await runAt(NOON_MS);
    const second = await runAt(NOON_MS + 20_000);

    expect(second.status).toBe('nothing-new');
    expect(published).toHaveLength(1);
  });

  it('runEvaluation() publishes nothing when an overlapping run was first', async () => {
    const { runAt, run, evaluator, published, clock } = createFixture();
    await runAt(NOON_MS);
    clock.nowMs = NOON_MS + MINUTE_MS;
    const overtaken: Evaluator = {
      ...evaluator,
      judge: async (...asked) => {
        await run(evaluator);
        return evaluator.judge(...asked);
      },
    };

    const outcome = await run(overtaken);

    expect(outcome.status).toBe('overtaken');
    expect(published).toHaveLength(2);
  });

  it('runEvaluation() repeats open findings in every run and lists them as held', async () => {
    const { runAt, bad, published } = createFixture();
    bad.add(NOON_MS);

    await runAt(NOON_MS + 2 * MINUTE_MS);
    await runAt(NOON_MS + 3 * MINUTE_MS);

    for (const events of published) {
      const [finding, completed] = events;
      expect(finding).toMatchObject({ type: 'findings', findings: [{ status: 'open' }] });
      expect(completed).toMatchObject({
        type: 'evaluation.completed',
        completed: { openFindingIds: [finding?.type === 'findings' ? finding.findings[0]?.id : ''] },
      });
    }
    expect(published).toHaveLength(2);
  });

  it('runEvaluation() clears after five clean minutes and repeats that until it leaves the window', async () => {
    const { runAt, bad, published } = createFixture();
    bad.add(NOON_MS);
    for (let minute = 2; minute <= 18; minute += 1) await runAt(NOON_MS + minute * MINUTE_MS);

    const statuses = published.map(([first]) =>
      first?.type === 'findings' ? first.findings[0]?.status : 'none',
    );

    expect(statuses.slice(0, 5)).toEqual(new Array(5).fill('open'));
    expect(statuses.slice(5, 10)).toEqual(new Array(5).fill('cleared'));
    expect(statuses.at(-1)).toBe('none');
  });

  it('runEvaluation() finds a bad minute whose data came nine minutes late', async () => {
    const { runAt, bad, published } = createFixture();
    for (let minute = 2; minute <= 10; minute += 1) await runAt(NOON_MS + minute * MINUTE_MS);
    bad.add(NOON_MS);

    await runAt(NOON_MS + 11 * MINUTE_MS);

    expect(published.at(-1)?.[0]).toMatchObject({
      type: 'findings',
      findings: [{ startedAt: '2026-06-01T12:00:00.000Z' }],
    });
  });

  it('runEvaluation() comes to the same end however many runs were missed', async () => {
    const every = createFixture();
    const some = createFixture();
    for (const minute of [0, 1, 2, 9, 10]) {
      every.bad.add(NOON_MS + minute * MINUTE_MS);
      some.bad.add(NOON_MS + minute * MINUTE_MS);
    }

    for (let minute = 1; minute <= 20; minute += 1) await every.runAt(NOON_MS + minute * MINUTE_MS);
    for (const minute of [1, 2, 7, 13, 20]) await some.runAt(NOON_MS + minute * MINUTE_MS);

    expect(some.published.at(-1)).toEqual(every.published.at(-1));
    expect(await some.evaluations.read('test')).toEqual(await every.evaluations.read('test'));
  });

  it('runEvaluation() looks back at most as far as CloudWatch keeps seconds', async () => {
    const { runAt, ranges } = createFixture();
    await runAt(NOON_MS);

    await runAt(NOON_MS + 24 * 60 * MINUTE_MS);

    const last = ranges.at(-1);
    expect((last?.toMs ?? 0) - (last?.fromMs ?? 0)).toBe(165 * MINUTE_MS);
  });
});

describe('runEvaluation() on what is final', () => {
  it('runEvaluation() hands each minute on as final once, when it leaves the window that is judged anew', async () => {
    const { runAt } = createFixture();
    const final: TimeRange[] = [];
    for (const minute of [0, 1, 2, 7, 30]) {
      const outcome = await runAt(NOON_MS + minute * MINUTE_MS);
      if (outcome.status === 'evaluated') final.push(outcome.final);
    }

    // The watermark of the first run is a minute before noon; what is ten minutes older is final.
    const startMs = NOON_MS - 11 * MINUTE_MS;
    expect(
      final.map(({ fromMs, toMs }) => [fromMs - startMs, toMs - startMs].map((ms) => ms / MINUTE_MS)),
    ).toEqual([
      [0, 0],
      [0, 1],
      [1, 2],
      [2, 7],
      [7, 30],
    ]);
  });

  it('runEvaluation() lets the number of known stages decide how often an evaluator looks', async () => {
    const { run, evaluator, clock } = createFixture();
    const asked: number[] = [];
    clock.nowMs = NOON_MS + 3 * MINUTE_MS;

    const outcome = await run({
      ...evaluator,
      periodMinutes: (stages) => {
        asked.push(stages);
        return 5;
      },
    });

    expect(asked).toEqual([0]);
    expect(outcome).toMatchObject({ status: 'evaluated', fresh: { toMs: NOON_MS } });
  });
});

describe('mergeMinutes()', () => {
  it('mergeMinutes() keeps what is clean elsewhere', () => {
    const a: JudgedMinute = { minuteMs: 0, judgements: [], cleanElsewhere: ['noisy-neighbour'] };
    const b: JudgedMinute = { minuteMs: 0, judgements: [judgement('breach')] };

    expect(mergeMinutes([[a], [b]])).toEqual([{ ...b, cleanElsewhere: ['noisy-neighbour'] }]);
  });

  it('mergeMinutes() puts judgements of one minute together', () => {
    const a = { minuteMs: 0, judgements: [judgement('clean')] };
    const b = { minuteMs: 0, judgements: [judgement('breach')] };
    const c = { minuteMs: MINUTE_MS, judgements: [judgement('clean')] };

    expect(mergeMinutes([[a], [b, c]])).toEqual([
      { minuteMs: 0, judgements: [...a.judgements, ...b.judgements] },
      c,
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import {
  ERROR_BUDGET_HISTORY_MINUTES,
  judgeErrorBudget,
  mayBurn,
} from '#shared/domain/detection/judge-error-budget.ts';
import { advance, type Occurrence } from '#shared/domain/detection/occurrence.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 2, 2);
const FIRST = ERROR_BUDGET_HISTORY_MINUTES;
const STAGE = { accountId: '123456789012', region: 'us-east-1', apiId: 'a1', stage: 'prod' };

/** Minutes of one kind, oldest first: how many, and requests and 5xx of each. */
type Phase = [minutes: number, requests: number, bad: number];

function fill(phases: readonly Phase[], of: (phase: Phase) => number): number[] {
  return phases.flatMap((phase) => Array<number>(phase[0]).fill(of(phase)));
}

/** Judges what follows six hours of history. */
function judge(phases: readonly Phase[], targetRatio = 0.999, history: Phase = [FIRST, 0, 0]) {
  const all: Phase[] = [history, ...phases];
  const errors = {
    scope: STAGE,
    startMs: START_MS,
    requests: fill(all, ([, requests]) => requests),
    serverErrors: fill(all, ([, , bad]) => bad),
  };
  return judgeErrorBudget(errors, FIRST, targetRatio);
}

function verdicts(...args: Parameters<typeof judge>): string[] {
  return judge(...args).map(({ judgements: [told] }) =>
    told?.verdict === 'breach' ? told.severity : String(told?.verdict),
  );
}

const BUSY: Phase = [FIRST, 1_000, 0];

describe('judgeErrorBudget() on little traffic', () => {
  it('judgeErrorBudget() pages when three of three requests fail at night', () => {
    expect(verdicts([[1, 3, 3]])).toEqual(['critical']);
  });

  it('judgeErrorBudget() pages on the third failure of one request a minute, since the first', () => {
    const judged = judge([[3, 1, 1]]);

    expect(judged.map(({ judgements: [told] }) => told?.verdict)).toEqual([
      'borderline',
      'borderline',
      'breach',
    ]);
    expect(judged[2]?.judgements[0]).toMatchObject({
      severity: 'critical',
      latest: { recentRatio: 1, recentBad: 3, recentRequests: 3 },
      since: { startedAtMs: START_MS + FIRST * MINUTE_MS, sums: { requests: 3, bad: 3 } },
    });
  });

  it('judgeErrorBudget() begins with the first failure of the last five minutes, not with an older one', () => {
    const judged = judge([
      [1, 1, 1],
      [4, 1, 0],
      [1, 3, 3],
    ]);

    expect(judged.at(-1)?.judgements[0]?.since).toEqual({
      startedAtMs: START_MS + (FIRST + 5) * MINUTE_MS,
      sums: { requests: 3, bad: 3 },
    });
  });

  it.each<[string, Phase[]]>([
    ['one failure', [[1, 1, 1]]],
    ['two failures', [[1, 2, 2]]],
    ['one failure of ten', [[1, 10, 1]]],
    [
      'two failures far apart',
      [
        [1, 1, 1],
        [30, 1, 0],
        [1, 1, 1],
      ],
    ],
  ])('judgeErrorBudget() does not page on %s', (_, phases) => {
    expect(verdicts(phases)).not.toContain('critical');
    expect(verdicts(phases)).not.toContain('warning');
  });

  it('judgeErrorBudget() does not take a ratio for more than few requests can show', () => {
    // 1.5 % is above the fast burn of 1.44 %, but 3 of 200 may as well be 0.5 %.
    expect(verdicts([[1, 200, 3]])).toEqual(['borderline']);
    expect(verdicts([[1, 400_000, 6_000]])).toEqual(['critical']);
  });

  it('judgeErrorBudget() warns of one request in ten that fails for half an hour', () => {
    const told = verdicts(
      Array.from({ length: 3 }, (): Phase[] => [
        [9, 1, 0],
        [1, 1, 1],
      ]).flat(),
    );

    expect(told.slice(0, -1)).not.toContain('warning');
    expect(told.at(-1)).toBe('warning');
  });

  it('judgeErrorBudget() says nothing about a minute without requests', () => {
    expect(judge([[5, 0, 0]])).toEqual([]);
    expect(
      judge([
        [1, 5, 0],
        [3, 0, 0],
        [1, 5, 0],
      ]).map(({ minuteMs }) => minuteMs),
    ).toEqual([START_MS + FIRST * MINUTE_MS, START_MS + (FIRST + 4) * MINUTE_MS]);
  });
});

describe('judgeErrorBudget() on busy stages', () => {
  it('judgeErrorBudget() finds a total outage in its first minute', () => {
    expect(verdicts([[1, 1_000, 1_000]], 0.999, BUSY)).toEqual(['critical']);
  });

  it('judgeErrorBudget() finds 10 % of failures when they used 2 % of the month’s budget', () => {
    // 14.4 times the budget of 0.1 % over an hour is 864 failures of 60,000 requests: nine minutes of 100.
    expect(verdicts([[9, 1_000, 100]], 0.999, BUSY)).toEqual([...Array(8).fill('borderline'), 'critical']);
  });

  it('judgeErrorBudget() finds a slow burn as a warning', () => {
    // 6 times the budget over six hours is 2,160 failures of 360,000 requests: 197 minutes of 11.
    const told = verdicts([[240, 1_000, 11]], 0.999, BUSY);

    expect(told.indexOf('warning')).toBe(196);
    expect(told.slice(196).every((verdict) => verdict === 'warning')).toBe(true);
    expect(told).not.toContain('critical');
  });

  it('judgeErrorBudget() does not go on about a slow burn that is over, although six hours stay high', () => {
    const told = verdicts(
      [
        [240, 1_000, 10],
        [10, 1_000, 0],
      ],
      0.999,
      BUSY,
    );

    expect(told.slice(-5)).toEqual(Array(5).fill('clean'));
  });

  it('judgeErrorBudget() leaves failures within the budget alone', () => {
    expect(new Set(verdicts([[120, 10_000, 9]], 0.999, [FIRST, 10_000, 9]))).toEqual(new Set(['clean']));
  });

  it.each([
    [0.999, 'critical'],
    [0.99, 'critical'],
    [0.95, 'borderline'],
  ])('judgeErrorBudget() judges 30 % of failures against a target of %d', (targetRatio, expected) => {
    expect(verdicts([[60, 1_000, 300]], targetRatio).at(-1)).toBe(expected);
  });

  it('judgeErrorBudget() is clean five minutes after the last failure, and so closes after the hold', () => {
    const judged = judge(
      [
        [10, 1_000, 500],
        [10, 1_000, 0],
      ],
      0.999,
      BUSY,
    );

    const occurrences = judged.reduce<readonly Occurrence[]>(advance, []);

    expect(judged.slice(10).map(({ judgements: [told] }) => told?.verdict)).toEqual([
      ...Array(4).fill('breach'),
      ...Array(6).fill('clean'),
    ]);
    expect(judged.slice(0, -2).reduce<readonly Occurrence[]>(advance, [])).toMatchObject([
      { status: 'open' },
    ]);
    expect(judged.slice(0, -1).reduce<readonly Occurrence[]>(advance, [])).toMatchObject([
      { status: 'cleared', severity: 'critical', startedAtMs: START_MS + FIRST * MINUTE_MS },
    ]);
    expect(occurrences).toEqual([]);
  });

  it('judgeErrorBudget() counts every failure of an outage once', () => {
    const judged = judge(
      [
        [3, 1_000, 0],
        [10, 1_000, 500],
        [4, 1_000, 0],
      ],
      0.999,
      BUSY,
    );

    const [outage] = judged.reduce<readonly Occurrence[]>(advance, []);

    expect(outage?.startedAtMs).toBe(START_MS + (FIRST + 3) * MINUTE_MS);
    expect(outage?.sums['bad']).toBe(5_000);
  });
});

describe('judgeErrorBudget() and its arguments', () => {
  it('judgeErrorBudget() judges from the index on, each minute once', () => {
    const judged = judge([[3, 10, 0]]);

    expect(judged.map(({ minuteMs }) => minuteMs)).toEqual(
      [0, 1, 2].map((index) => START_MS + (FIRST + index) * MINUTE_MS),
    );
    expect(judged.every(({ judgements }) => judgements.length === 1)).toBe(true);
  });

  it('judgeErrorBudget() works without any history', () => {
    const errors = { scope: STAGE, startMs: START_MS, requests: [3, 3], serverErrors: [3, 0] };

    expect(judgeErrorBudget(errors, 0, 0.999).map(({ judgements: [told] }) => told?.verdict)).toEqual([
      'breach',
      'breach',
    ]);
    expect(judgeErrorBudget(errors, 2, 0.999)).toEqual([]);
  });
});

describe('mayBurn()', () => {
  /** One error in each of the last minutes. */
  function errors(minutes: number, calmAfter = 0): number[] {
    return [...Array(FIRST - minutes).fill(0), ...Array(minutes).fill(1), ...Array(calmAfter).fill(0)];
  }

  it.each([
    ['three errors in the half hour before it', 3, 27, true],
    ['two errors', 2, 1, false],
    ['three errors, of which one is half an hour old', 3, 28, false],
  ])('mayBurn() looks for a minute with %s', (_, bad, calmAfter, expected) => {
    // Only the last minute is judged.
    expect(mayBurn(errors(bad, calmAfter), FIRST + calmAfter - 1)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import { judgeLatency, LATENCY_HISTORY_MINUTES } from '#shared/domain/detection/judge-latency.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 2, 2);
const FIRST = LATENCY_HISTORY_MINUTES;
const STAGE = { accountId: '123456789012', region: 'us-east-1', apiId: 'a1', stage: 'prod' };

type Given = {
  /** p99 of the judged minutes, after a history of `usualMs`. */
  readonly p99Ms: readonly (number | null)[];
  readonly usualMs?: number | null;
  readonly integrationP99Ms?: readonly (number | null)[];
  readonly requests?: number;
  readonly timeoutMs?: number;
};

function judge({ p99Ms, usualMs = 200, integrationP99Ms, requests = 100, timeoutMs = 29_000 }: Given) {
  const history = Array<number | null>(FIRST).fill(usualMs);
  const minutes = FIRST + p99Ms.length;
  return judgeLatency(
    {
      scope: STAGE,
      startMs: START_MS,
      requests: Array<number>(minutes).fill(requests),
      p99Ms: [...history, ...p99Ms],
      integrationP99Ms: [...Array<null>(FIRST).fill(null), ...(integrationP99Ms ?? p99Ms.map(() => null))],
      integrationTimeoutMs: timeoutMs,
    },
    FIRST,
  );
}

function verdicts(kind: JudgedKind, given: Given): (string | undefined)[] {
  return judge(given).map(({ judgements }) => judgements.find((told) => told.kind === kind)?.verdict);
}

describe('judgeLatency() on latency', () => {
  it('judgeLatency() finds a stage slow in three of five minutes', () => {
    expect(verdicts('latency', { p99Ms: [200, 2_000, 200, 2_000, 2_000, 200, 200, 200, 200, 200] })).toEqual([
      'clean',
      'borderline',
      'borderline',
      'borderline',
      'breach',
      'breach',
      'borderline',
      'borderline',
      'borderline',
      'clean',
    ]);
  });

  it('judgeLatency() tells the minute, what is usual and the peak', () => {
    expect(judge({ p99Ms: [2_000, 3_000, 2_500] }).at(-1)).toEqual({
      minuteMs: START_MS + (FIRST + 2) * MINUTE_MS,
      judgements: [
        {
          kind: 'latency',
          scope: STAGE,
          verdict: 'breach',
          severity: 'warning',
          latest: { p99Ms: 2_500, usualMs: 200 },
          sums: { requests: 100 },
          peaks: { p99Ms: 2_500 },
          isQuiet: false,
        },
      ],
    });
  });

  it.each([
    ['three times its own, but below a second', 100, 1_000, 'clean'],
    ['above a second and three times its own', 100, 1_001, 'breach'],
    ['exactly three times its own', 2_000, 6_000, 'clean'],
    ['more than three times its own', 2_000, 6_001, 'breach'],
    ['slow as ever', 20_000, 25_000, 'clean'],
  ])('judgeLatency() finds a stage that is %s (%i ms, now %i ms) %s', (_, usualMs, nowMs, expected) => {
    expect(verdicts('latency', { usualMs, p99Ms: [nowMs, nowMs, nowMs] }).at(-1)).toBe(expected);
  });

  it('judgeLatency() tells a minute that is bad only for those before it', () => {
    const judged = judge({ p99Ms: [2_000, 3_000, 2_500, 200, 200] });

    expect(judged.map(({ judgements: [told] }) => told?.isQuiet)).toEqual([false, false, false, true, true]);
  });

  it('judgeLatency() does not judge what it knows no usual latency of', () => {
    expect(judge({ usualMs: null, p99Ms: [9_000, 9_000, 9_000] })).toEqual([]);
  });

  it('judgeLatency() needs ten known minutes, and leaves the newest five out', () => {
    const p99Ms = [...Array<number>(10).fill(200), ...Array<number>(6).fill(5_000)];

    expect(judge({ usualMs: null, p99Ms })).toMatchObject([
      {
        minuteMs: START_MS + (FIRST + 15) * MINUTE_MS,
        judgements: [{ kind: 'latency', verdict: 'borderline', latest: { usualMs: 200 } }],
      },
    ]);
  });

  it.each([
    [4, []],
    [5, ['borderline', 'borderline', 'breach']],
  ])('judgeLatency() judges a stage with %i requests a minute: %j', (requests, expected) => {
    expect(verdicts('latency', { requests, p99Ms: [9_000, 9_000, 9_000] })).toEqual(expected);
  });

  it('judgeLatency() says nothing about a minute without latency, and forgets none before it', () => {
    const judged = judge({ p99Ms: [9_000, null, 9_000, null, 9_000] });

    expect(judged.map(({ minuteMs }) => (minuteMs - START_MS) / MINUTE_MS - FIRST)).toEqual([0, 2, 4]);
    expect(judged.at(-1)?.judgements[0]?.verdict).toBe('breach');
  });

  it('judgeLatency() measures against what was usual before the trouble, while that lasts', () => {
    const trouble = Array<number>(30).fill(3_000);

    const told = judge({ p99Ms: trouble });

    expect(told.slice(2).every(({ judgements: [first] }) => first?.verdict === 'breach')).toBe(true);
    expect(told.at(-1)?.judgements[0]?.latest['usualMs']).toBe(200);
  });
});

describe('judgeLatency() on timeout-budget', () => {
  const none = [null, null, null, null, null];

  it.each([
    [29_000, 23_199, 'clean'],
    [29_000, 23_200, 'breach'],
    [30_000, 23_999, 'clean'],
    [30_000, 24_000, 'breach'],
    [5_000, 4_000, 'breach'],
  ])(
    'judgeLatency() judges against a timeout of %i ms an integration p99 of %i ms: %s',
    (timeoutMs, p99, expected) => {
      expect(
        verdicts('timeout-budget', {
          p99Ms: [null, null, null],
          integrationP99Ms: [p99, p99, p99],
          timeoutMs,
        }).at(-1),
      ).toBe(expected);
    },
  );

  it('judgeLatency() finds the timeout near in three of five minutes, without any usual latency', () => {
    const judged = judge({ usualMs: null, p99Ms: none, integrationP99Ms: [29_000, 50, 29_000, 50, 29_000] });

    expect(judged.map(({ judgements: [told] }) => told?.verdict)).toEqual([
      ...Array(4).fill('borderline'),
      'breach',
    ]);
    expect(judged.at(-1)?.judgements).toEqual([
      {
        kind: 'timeout-budget',
        scope: STAGE,
        verdict: 'breach',
        severity: 'warning',
        latest: { p99Ms: 29_000, timeoutMs: 29_000 },
        sums: { requests: 100 },
        peaks: { p99Ms: 29_000 },
        isQuiet: false,
      },
    ]);
  });

  it.each([
    [4, 0],
    [5, 3],
  ])(
    'judgeLatency() judges the timeout of a stage with %i requests a minute in %i minutes',
    (requests, minutes) => {
      const slow = [29_000, 29_000, 29_000];

      expect(judge({ p99Ms: [null, null, null], integrationP99Ms: slow, requests })).toHaveLength(minutes);
    },
  );

  it('judgeLatency() judges both where both are known', () => {
    const [first] = judge({ p99Ms: [100], integrationP99Ms: [90] });

    expect(first?.judgements.map(({ kind, verdict }) => [kind, verdict])).toEqual([
      ['latency', 'clean'],
      ['timeout-budget', 'clean'],
    ]);
  });
});

describe('judgeLatency() and its arguments', () => {
  it('judgeLatency() needs an hour, what lies between it and now, and the minutes that vote', () => {
    expect(LATENCY_HISTORY_MINUTES).toBe(60 + 5 + 5);
  });

  it('judgeLatency() works without any history', () => {
    const latency = {
      scope: STAGE,
      startMs: START_MS,
      requests: [100],
      p99Ms: [100],
      integrationP99Ms: [29_000],
      integrationTimeoutMs: 29_000,
    };

    expect(judgeLatency(latency, 0).map(({ judgements }) => judgements.map(({ kind }) => kind))).toEqual([
      ['timeout-budget'],
    ]);
    expect(judgeLatency(latency, 1)).toEqual([]);
  });
});

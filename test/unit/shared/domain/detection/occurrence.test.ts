import { describe, expect, it } from 'vitest';
import {
  advance,
  HOLD_MINUTES,
  type JudgedMinute,
  type Judgement,
  type Occurrence,
} from '#shared/domain/detection/occurrence.ts';

const START_MS = Date.UTC(2026, 2, 2, 14);
const MINUTE_MS = 60_000;
const STAGE = { accountId: '123456789012', region: 'us-east-1', apiId: 'a1', stage: 'prod' };

function judgement(differences: Partial<Judgement> = {}): Judgement {
  return {
    kind: 'error-budget',
    scope: STAGE,
    verdict: 'breach',
    severity: 'warning',
    latest: { ratio: 0.1 },
    sums: { bad: 2, requests: 20 },
    peaks: { ratio: 0.1 },
    ...differences,
  };
}

const clean = () => judgement({ verdict: 'clean' });
const borderline = () => judgement({ verdict: 'borderline' });

/** Carries nothing over one judgement a minute; `null` for a minute that nobody could judge. */
function play(
  judgements: readonly (Judgement | null)[],
  start: readonly Occurrence[] = [],
): readonly Occurrence[] {
  return judgements.reduce<readonly Occurrence[]>((occurrences, told, index) => {
    const minute: JudgedMinute = {
      minuteMs: START_MS + index * MINUTE_MS,
      judgements: told === null ? [] : [told],
    };
    return advance(occurrences, minute);
  }, start);
}

function repeat<T>(times: number, create: () => T): T[] {
  return Array.from({ length: times }, create);
}

function minute(index: number): number {
  return START_MS + index * MINUTE_MS;
}

describe('advance()', () => {
  it('advance() opens on a breach, with the minute’s numbers', () => {
    expect(play([judgement({ cause: 'backend.5xx' })])).toEqual([
      {
        kind: 'error-budget',
        scope: STAGE,
        severity: 'warning',
        status: 'open',
        startedAtMs: START_MS,
        observedAtMs: minute(1),
        lastBadAtMs: minute(1),
        cleanMinutes: 0,
        latest: { ratio: 0.1 },
        sums: { bad: 2, requests: 20 },
        peaks: { ratio: 0.1 },
        cause: 'backend.5xx',
      },
    ]);
  });

  it('advance() opens on nothing but a breach', () => {
    expect(play([clean(), borderline()])).toEqual([]);
  });

  it('advance() starts when the condition did, where that was before it could be told', () => {
    const since = { startedAtMs: START_MS - 3 * MINUTE_MS, sums: { bad: 9, requests: 90 } };

    const [opened] = play([judgement({ since })]);
    const [prolonged] = play([judgement({ since }), judgement({ since })]);

    expect(opened).toMatchObject({ startedAtMs: since.startedAtMs, sums: since.sums });
    expect(prolonged).toMatchObject({ startedAtMs: since.startedAtMs, sums: { bad: 11, requests: 110 } });
  });

  it('advance() adds up sums, keeps peaks, the newest numbers and the first cause', () => {
    const worst = judgement({ latest: { ratio: 0.9 }, peaks: { ratio: 0.9 }, cause: 'integration.timeout' });
    const later = judgement({
      latest: { ratio: 0.2 },
      peaks: { ratio: 0.2, rps: 5 },
      sums: { bad: 1, other: 4 },
    });

    expect(play([judgement({ cause: 'backend.5xx' }), worst, later])[0]).toMatchObject({
      latest: { ratio: 0.2 },
      peaks: { ratio: 0.9, rps: 5 },
      sums: { bad: 5, requests: 40, other: 4 },
      cause: 'backend.5xx',
    });
  });

  it('advance() keeps the worst severity', () => {
    const severities = ['warning', 'critical', 'warning'] as const;

    expect(play(severities.map((severity) => judgement({ severity })))[0]?.severity).toBe('critical');
  });

  it('advance() does not let a borderline minute make it worse', () => {
    expect(play([judgement(), judgement({ verdict: 'borderline', severity: 'critical' })])[0]?.severity).toBe(
      'warning',
    );
  });

  it('advance() clears after five clean minutes in a row, and not before', () => {
    expect(HOLD_MINUTES).toBe(5);
    expect(play([judgement(), ...repeat(4, clean)])).toMatchObject([{ status: 'open', cleanMinutes: 4 }]);
    expect(play([judgement(), ...repeat(5, clean)])).toMatchObject([
      { status: 'cleared', cleanMinutes: 5, lastBadAtMs: minute(1), observedAtMs: minute(6) },
    ]);
  });

  it('advance() leaves numbers as they were while clean', () => {
    const quiet = judgement({
      verdict: 'clean',
      latest: { ratio: 0 },
      peaks: { ratio: 5 },
      sums: { bad: 7 },
    });

    expect(play([judgement(), quiet])[0]).toMatchObject({
      latest: { ratio: 0.1 },
      peaks: { ratio: 0.1 },
      sums: { bad: 2, requests: 20 },
    });
  });

  it.each([
    ['a borderline minute', borderline()],
    ['a breach', judgement()],
  ])('advance() begins the hold anew after %s', (_, bad) => {
    const [after] = play([judgement(), ...repeat(4, clean), bad, ...repeat(4, clean)]);

    expect(after).toMatchObject({ status: 'open', cleanMinutes: 4, lastBadAtMs: minute(6) });
  });

  it('advance() counts a minute that nobody could judge as nothing', () => {
    const unjudged = repeat(30, () => null);

    expect(play([judgement(), ...repeat(4, clean), ...unjudged])[0]).toMatchObject({
      status: 'open',
      cleanMinutes: 4,
    });
    expect(play([judgement(), ...repeat(4, clean), ...unjudged, clean()])[0]?.status).toBe('cleared');
  });

  it('advance() drops what is cleared, and opens anew on the next breach', () => {
    const cleared = play([judgement(), ...repeat(5, clean)]);

    expect(advance(cleared, { minuteMs: minute(6), judgements: [] })).toEqual([]);
    expect(advance(cleared, { minuteMs: minute(6), judgements: [judgement()] })).toMatchObject([
      { status: 'open', startedAtMs: minute(6), sums: { bad: 2, requests: 20 } },
    ]);
  });

  it('advance() keeps kinds and scopes apart', () => {
    const judgements = [
      judgement(),
      judgement({ kind: 'latency' }),
      judgement({ scope: { ...STAGE, stage: 'dev' } }),
      judgement({ scope: { accountId: '123456789012', region: 'us-east-1' } }),
    ];

    const opened = advance([], { minuteMs: START_MS, judgements });
    const after = advance(opened, { minuteMs: minute(1), judgements: [clean()] });

    expect(after.map(({ cleanMinutes }) => cleanMinutes)).toEqual([1, 0, 0, 0]);
  });

  it('advance() changes neither the occurrences nor the judgements', () => {
    const before = play([judgement()]);
    const copy = structuredClone(before);

    advance(before, { minuteMs: minute(1), judgements: [judgement({ severity: 'critical' })] });

    expect(before).toEqual(copy);
  });
});

describe('advance() on what is worth no message', () => {
  const info = () => judgement({ severity: 'info' });
  const infoBorderline = () => judgement({ severity: 'info', verdict: 'borderline' });

  it('advance() keeps an info open by itself', () => {
    expect(play([info(), ...repeat(9, info), infoBorderline()])).toMatchObject([
      { severity: 'info', status: 'open', cleanMinutes: 0 },
    ]);
  });

  it.each([
    ['an info breach', info],
    ['a borderline info', infoBorderline],
  ])('advance() does not let %s keep a warning open', (_, create) => {
    expect(play([judgement(), ...repeat(5, create)])).toMatchObject([
      { status: 'cleared', lastBadAtMs: minute(1) },
    ]);
  });

  it.each([
    ['an info breach', info],
    ['a borderline info', infoBorderline],
  ])('advance() lets %s that is only just none keep a warning open', (_, create) => {
    const justNone = () => ({ ...create(), keepsOpen: 'warning' as const });

    expect(play([judgement(), ...repeat(9, justNone)])).toMatchObject([
      { severity: 'warning', status: 'open', cleanMinutes: 0 },
    ]);
  });

  it('advance() opens nothing because of what a minute would keep open', () => {
    expect(play([{ ...infoBorderline(), keepsOpen: 'warning' }])).toEqual([]);
    expect(play([{ ...info(), keepsOpen: 'warning' }])).toMatchObject([{ severity: 'info' }]);
  });

  it('advance() begins the warning when it gets one, not when the info began', () => {
    expect(play([...repeat(3, info), judgement(), judgement({ severity: 'critical' })])).toMatchObject([
      { severity: 'critical', startedAtMs: minute(3), sums: { bad: 4, requests: 40 } },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import {
  judgeEvaluation,
  judgeIngestLag,
  judgeServiceSilence,
} from '#shared/domain/headroom/judging/judge-blindness.ts';
import type { SourceMinutes } from '#shared/domain/headroom/sources/source-minutes.ts';
import { loggedStage } from '#test/fakes/two-sources.ts';

const MINUTE_MS = 60_000;
const SCOPE = { accountId: '123456789012', region: 'us-east-1' };

function verdicts(minutes: ReturnType<typeof judgeIngestLag>): string[] {
  return minutes.flatMap(({ judgements }) => judgements.map(({ verdict }) => verdict));
}

describe('judgeServiceSilence()', () => {
  const LENGTH = 12;
  /** The judgement of the last minute, of 12. */
  function last(counted: (number | null)[], logged: number[], wasCountedBefore = true, rest = {}): string {
    const sources: SourceMinutes = {
      startMs: 0,
      groups: [
        {
          stages: [loggedStage('orders')],
          counted,
          connects: logged.map(() => 0),
          logged: [logged],
          heardBefore: [true],
        },
      ],
      logged,
      unidentified: logged.map(() => 0),
      undimensioned: logged.map(() => null),
      ...rest,
    };
    return verdicts(judgeServiceSilence(sources, SCOPE, wasCountedBefore)).at(-1) ?? 'none';
  }
  const nothing = new Array<null>(LENGTH).fill(null);
  const busy = new Array<number>(LENGTH).fill(50);
  const only = (value: number, at: number) => nothing.map((_, minute) => (minute === at ? value : null));

  it.each([
    ['busy logs and no count', nothing, busy, true, 'breach'],
    ['busy logs and never any count', nothing, busy, false, 'borderline'],
    ['a count in the newest minutes', only(1, LENGTH - 1), busy, true, 'clean'],
    ['a count ten minutes ago', only(1, LENGTH - 10), busy, true, 'borderline'],
    ['a count eleven minutes ago', only(1, LENGTH - 11), busy, true, 'breach'],
    ['a few requests', nothing, busy.map(() => 2), true, 'borderline'],
    ['one busy minute', nothing, busy.map((_, minute) => (minute === 5 ? 500 : 0)), true, 'borderline'],
    ['silence of both', nothing, busy.map(() => 0), true, 'none'],
  ])('judgeServiceSilence() for %s', (_, counted, logged, wasCountedBefore, expected) => {
    expect(last(counted, logged, wasCountedBefore)).toBe(expected);
  });

  it('judgeServiceSilence() takes the count without dimensions for a sign of life', () => {
    expect(last(nothing, busy, true, { undimensioned: busy })).toBe('clean');
  });
});

describe('judgeIngestLag()', () => {
  const late = 300_001;
  const fine = 300_000;

  it.each([
    [[late, late, late, fine, fine], ['breach']],
    [[null, late, late, late, null], ['breach']],
    [[late, late, fine, fine, fine], ['borderline']],
    [[fine, fine, fine, fine, fine], ['clean']],
    [[null, null, null, null, fine], ['clean']],
    [[null, null, null, null, null], []],
    [
      [late, late, late, null, null, null, null],
      ['breach', 'borderline', 'borderline'],
    ],
  ])('judgeIngestLag() for %s is %s', (lagMs, expected) => {
    expect(verdicts(judgeIngestLag(lagMs, 0, SCOPE))).toEqual(expected);
  });

  it('judgeIngestLag() judges the minutes from the fifth on', () => {
    const minutes = judgeIngestLag([fine, fine, fine, fine, fine, fine], 0, SCOPE);

    expect(minutes.map(({ minuteMs }) => minuteMs)).toEqual([4 * MINUTE_MS, 5 * MINUTE_MS]);
  });
});

describe('judgeEvaluation()', () => {
  const NOW_MS = Date.UTC(2026, 5, 1, 14);
  const progress = (name: string, overdueMinutes: number) => ({
    name,
    throughMs: NOW_MS - (overdueMinutes + 2) * MINUTE_MS,
    usualDelaySeconds: 120,
  });

  it.each([
    [[0, 0], true, 'clean', undefined],
    [[5, 0], true, 'clean', undefined],
    [[6, 0], true, 'borderline', undefined],
    [[10, 0], true, 'breach', 'warning'],
    [[10, 10], true, 'breach', 'critical'],
    [[10, 10], false, 'breach', 'info'],
  ])(
    'judgeEvaluation() of evaluators that are %s minutes overdue',
    (overdue, wasStanding, verdict, severity) => {
      const evaluators = overdue.map((minutes, index) => progress(`e${index}`, minutes));
      const judgement = judgeEvaluation(evaluators, NOW_MS, SCOPE, wasStanding);

      expect(judgement).toMatchObject({ verdict, ...(severity !== undefined && { severity }) });
    },
  );

  it('judgeEvaluation() knows nothing of evaluators that never ran', () => {
    expect(judgeEvaluation([], NOW_MS, SCOPE, true)).toBeNull();
  });
});

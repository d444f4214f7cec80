import { describe, expect, it } from 'vitest';
import { createFindingLog, evaluateMinutes, SETTLE_SECONDS } from '#cli/replay/evaluate-minutes.ts';
import type { HeadroomReport } from '#shared/application/check-headroom.ts';
import { createFinding } from '#test/fakes/finding.ts';

const MINUTE_MS = 60_000;
const NOON_MS = Date.parse('2026-03-02T12:00:00Z');
const QUIET_MINUTES = 7 * 60;

const NO_HEADROOM = { minutes: [] } as unknown as HeadroomReport;

function minutes(...offsets: readonly number[]): number[] {
  return offsets.map((offset) => NOON_MS + offset * MINUTE_MS);
}

/** Runs the evaluators and tells when: in minutes after noon, the settle time taken off. */
async function evaluatedMinutes(busyMinutes: readonly number[]): Promise<number[]> {
  const clock = { nowMs: 0 };
  const evaluated: number[] = [];
  const checked: number[] = [];
  let reported = 0;
  await evaluateMinutes(busyMinutes, {
    clock,
    checkHeadroom: async () => {
      checked.push(clock.nowMs);
      return NO_HEADROOM;
    },
    detectAnomalies: async () => evaluated.push(clock.nowMs),
    onMinute: () => {
      reported += 1;
    },
  });
  expect(checked).toEqual(evaluated);
  expect(reported).toBe(evaluated.length);
  return evaluated.map((nowMs) => (nowMs - SETTLE_SECONDS * 1_000 - MINUTE_MS - NOON_MS) / MINUTE_MS);
}

describe('evaluateMinutes()', () => {
  it('evaluateMinutes() runs once for every minute from the first request to the last, at its end', async () => {
    expect(await evaluatedMinutes(minutes(0, 1, 5))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('evaluateMinutes() runs not at all for a log without requests', async () => {
    expect(await evaluatedMinutes([])).toEqual([]);
  });

  it('evaluateMinutes() goes on for seven hours without requests, then waits for the next one', async () => {
    const evaluated = await evaluatedMinutes(minutes(0, 10_000));

    expect(evaluated).toEqual([...Array.from({ length: QUIET_MINUTES }, (_, index) => index), 10_000]);
  });

  it('evaluateMinutes() gives all minutes of headroom in order', async () => {
    const clock = { nowMs: 0 };

    const all = await evaluateMinutes(minutes(0, 1), {
      clock,
      checkHeadroom: async () => ({ minutes: [{ minuteMs: clock.nowMs }] }) as unknown as HeadroomReport,
      detectAnomalies: async () => null,
      onMinute: () => {},
    });

    const settledMs = MINUTE_MS + SETTLE_SECONDS * 1_000;
    expect(all).toEqual(minutes(0, 1).map((minuteMs) => ({ minuteMs: minuteMs + settledMs })));
  });
});

describe('createFindingLog()', () => {
  it('createFindingLog() keeps the newest state of every occurrence, in the order in which they began', () => {
    const first = createFinding({ id: 'a', startedAt: '2026-03-02T12:00:00.000Z' });
    const second = createFinding({ id: 'b', startedAt: '2026-03-02T11:00:00.000Z' });
    const again = createFinding({ id: 'a', startedAt: '2026-03-02T13:00:00.000Z' });
    const cleared = { ...first, status: 'cleared' as const };
    const log = createFindingLog();

    log.add([{ type: 'findings', findings: [first] }]);
    log.add([{ type: 'findings', findings: [second, cleared] }]);
    log.add([{ type: 'findings', findings: [again] }]);

    expect(log.list()).toEqual([second, cleared, again]);
  });
});

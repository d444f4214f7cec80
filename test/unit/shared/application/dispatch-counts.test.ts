import { describe, expect, it } from 'vitest';
import { countDispatch } from '#shared/application/dispatch-counts.ts';

const NOW_MS = Date.parse('2026-07-01T12:00:00Z');
const MINUTE_MS = 60_000;

const failing = (receiver: string, forMs: number) => ({
  receiver,
  reason: 'HTTP 429',
  sinceMs: NOW_MS - forMs,
});

describe('countDispatch()', () => {
  it('countDispatch() takes what is refused for good as failed, and nothing as put off', () => {
    expect(countDispatch({ delivered: 3, refused: 2, failing: [] }, NOW_MS)).toEqual({
      delivered: 3,
      failed: 2,
      putOff: 0,
    });
  });

  it('countDispatch() takes a receiver for failed when it has taken nothing for five minutes', () => {
    const report = {
      delivered: 0,
      refused: 1,
      failing: [failing('slack', 5 * MINUTE_MS), failing('sns', 5 * MINUTE_MS - 1)],
    };

    expect(countDispatch(report, NOW_MS)).toEqual({ delivered: 0, failed: 2, putOff: 2 });
  });
});

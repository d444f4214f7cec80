import { describe, expect, it } from 'vitest';
import { judgeSpans, spansOf } from '#shared/domain/headroom/sources/source-spans.ts';
import { loggedStage } from '#test/fakes/two-sources.ts';

const REST = loggedStage('orders');
const WEBSOCKET = loggedStage('chat', { apiType: 'WEBSOCKET' });

/** Ten minutes, alike within each half. */
function halves(older: number, newer: number): number[] {
  return [...Array<number>(5).fill(older), ...Array<number>(5).fill(newer)];
}

function verdictOf(stage: typeof REST, counted: number[], logged: number[], connects = halves(0, 0)): string {
  const group = { stages: [stage], counted, connects, logged: [logged], heardBefore: [true] };
  return judgeSpans(spansOf(group), 10);
}

describe('judgeSpans()', () => {
  it('judgeSpans() wants 30 requests before it calls a log silent', () => {
    const counted = (total: number): number[] => [total - 20, 0, 0, 5, 5, 5, 5, 0, 0, 0];

    expect(verdictOf(REST, counted(29), halves(0, 0))).toBe('borderline');
    expect(verdictOf(REST, counted(30), halves(0, 0))).toBe('breach');
  });

  it.each([
    [49, 49, 'breach'],
    [50, 49, 'borderline'],
    [49, 50, 'borderline'],
    [0, 79, 'borderline'],
    [0, 80, 'clean'],
  ])('judgeSpans() of a log with %i %% and then %i %% of the requests is %s', (older, newer, expected) => {
    expect(verdictOf(REST, halves(100, 100), halves(older, newer))).toBe(expected);
  });

  it.each([
    ['four connections', [1, 0, 0, 0, 0, 3, 0, 0, 0, 0], 'borderline'],
    ['five connections', [1, 0, 0, 0, 0, 4, 0, 0, 0, 0], 'breach'],
    ['all connections in one half', [0, 0, 0, 0, 0, 9, 0, 0, 0, 0], 'borderline'],
  ])('judgeSpans() of a WebSocket stage without a line, with %s', (_, connects, expected) => {
    expect(verdictOf(WEBSOCKET, halves(100, 100), halves(0, 0), connects)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { CAUSES } from '#shared/domain/causes/causes.ts';
import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import { createOccurrence, INVENTORY } from '#test/fakes/occurrence.ts';

function facts(kind: JudgedKind, differences: Partial<Occurrence> = {}): Record<string, string> {
  const { evidence } = describeFinding(createOccurrence(kind, differences), INVENTORY);
  return Object.fromEntries(evidence.map(({ label, value }) => [label, value]));
}

describe('describeFinding() on a stage', () => {
  it('describeFinding() names the cause of failures and what to do about it', () => {
    const failing = {
      cause: 'integration.timeout' as const,
      latest: { recentRatio: 0.041, budgetRatio: 0.001, recentBad: 41, recentRequests: 1_000 },
      sums: { bad: 250, requests: 10_000 },
      peaks: { recentRatio: 0.35 },
    };

    const told = describeFinding(createOccurrence('error-budget', failing), INVENTORY);

    expect(told).toMatchObject({
      title: 'orders-api/prod: integration timeouts (504)',
      unit: '%',
      nextStep: CAUSES['integration.timeout'].nextStep,
    });
    expect(told.value).toBeCloseTo(4.1);
    expect(told.expected).toBeCloseTo(0.1);
    expect(facts('error-budget', failing)).toEqual({
      Now: '4.1 % of requests fail, at worst 35 % in 5 minutes',
      Cause: `integration.timeout: ${CAUSES['integration.timeout'].meaning}`,
      'Cost so far': '250 requests failed with 5xx, 2.5 % of the stage’s',
    });
    expect(facts('error-budget', { ...failing, status: 'cleared' })).toMatchObject({
      'At worst': '35 % in 5 minutes',
    });
  });

  it('describeFinding() counts a single failure of two requests as half', () => {
    expect(facts('error-budget', { sums: { bad: 1, requests: 2 } })['Cost so far']).toContain(
      ' 50 % of the stage’s',
    );
    expect(describeFinding(createOccurrence('throttling.stage'), INVENTORY).expected).toBe(0);
  });

  it('describeFinding() says that a cause is unknown', () => {
    expect(facts('error-budget')['Cause']).toBe(`unknown: ${CAUSES.unknown.meaning}`);
  });

  it('describeFinding() describes throttles, latency and timeouts of a stage', () => {
    const slow = { latest: { p99Ms: 4_000, usualMs: 320, timeoutMs: 29_000 }, peaks: { p99Ms: 27_500 } };

    expect(facts('throttling.stage', { sums: { refused: 12, requests: 300 } })).toEqual({
      'Known by':
        'inferred: the account throttle had room, so it is a limit of a usage plan, a method or the stage',
      'Cost so far': '≥ 12 requests refused, 4 % of the stage’s',
    });
    expect(facts('latency', slow)).toEqual({ Latency: 'p99 27.5 s in the worst minute, usually 320 ms' });
    expect(facts('timeout-budget', slow)).toEqual({ Timeout: 'integration p99 27.5 s of 29 s' });
    expect(describeFinding(createOccurrence('latency', slow), INVENTORY)).toMatchObject({
      title: 'orders-api/prod is slow',
      value: 4_000,
      expected: 320,
      unit: 'ms',
    });
  });
});

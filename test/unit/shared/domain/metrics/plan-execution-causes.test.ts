import { describe, expect, it } from 'vitest';
import { CAUSE_SLUGS, type CauseSlug } from '#shared/domain/causes/causes.ts';
import type { CountedCauses } from '#shared/domain/metrics/count-execution-causes.ts';
import { planExecutionCauses } from '#shared/domain/metrics/plan-execution-causes.ts';

const COUNTED: CountedCauses = {
  stage: { apiId: 'a1b2c3', stage: 'prod' },
  minutes: new Map<number, ReadonlyMap<CauseSlug, number>>([
    [120_000, new Map([['unknown', 4]])],
    [
      60_000,
      new Map([
        ['integration.timeout', 2],
        ['auth.denied', 1],
      ]),
    ],
  ]),
  rejected: {},
  requests: 7,
  newestMs: 130_000,
};

describe('planExecutionCauses()', () => {
  it('planExecutionCauses() makes one datum per minute and cause, in an order of its own', () => {
    const chunks = planExecutionCauses(COUNTED);

    const datum = (Cause: string, timestampMs: number, value: number) => ({
      name: 'ExecutionCause',
      dimensions: { ApiId: 'a1b2c3', Stage: 'prod', Cause },
      timestampMs,
      unit: 'Count',
      resolutionSeconds: 60,
      values: [value],
      counts: [1],
    });
    expect(chunks).toEqual([
      [
        datum('auth.denied', 60_000, 1),
        datum('integration.timeout', 60_000, 2),
        datum('unknown', 120_000, 4),
      ],
    ]);
  });

  it('planExecutionCauses() plans no call for nothing, nor for a group that holds no execution logs', () => {
    expect(planExecutionCauses({ ...COUNTED, minutes: new Map() })).toEqual([]);
    expect(planExecutionCauses({ ...COUNTED, stage: null })).toEqual([]);
  });

  it('planExecutionCauses() cuts many minutes into calls that CloudWatch takes', () => {
    const causes = new Map(CAUSE_SLUGS.map((slug) => [slug, 1]));
    const minutes = new Map(Array.from({ length: 60 }, (_, minute) => [minute * 60_000, causes]));

    const chunks = planExecutionCauses({ ...COUNTED, minutes });

    expect(chunks.length).toBeGreaterThan(1);
    expect(chunks.every((chunk) => chunk.length <= 1_000)).toBe(true);
    expect(chunks.flat()).toHaveLength(60 * CAUSE_SLUGS.length);
  });
});

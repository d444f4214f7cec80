import fc from 'fast-check';
import { expect, it } from 'vitest';
import { advance, type Occurrence } from '#shared/domain/detection/occurrence.ts';
import { evaluateMinutes } from '#shared/domain/headroom/demand/minute-headroom.ts';
import { judgeQuotaUse } from '#shared/domain/headroom/judging/judge-quota-use.ts';
import { createHeadroomMinute } from '#test/fakes/headroom-minute.ts';

const QUOTA = { rateRps: 10_000, burst: 5_000 };
const WOBBLE = 0.04;

const wobble = fc.oneof(
  fc.constantFrom(1 - WOBBLE, 1, 1 + WOBBLE),
  fc.double({ min: 1 - WOBBLE, max: 1 + WOBBLE, noNaN: true }),
);

/** An hour of factors: some for a minute, some for twenty, and evenly or unevenly within the minute. */
const hour = fc
  .array(
    fc.record({
      factors: fc.array(wobble, { minLength: 1, maxLength: 3 }),
      minutes: fc.integer({ min: 1, max: 20 }),
    }),
    {
      minLength: 10,
      maxLength: 60,
    },
  )
  .map((blocks) =>
    blocks
      .flatMap(({ factors, minutes }) =>
        Array.from({ length: 60 * minutes }, (_, second) => factors[second % factors.length] ?? 1),
      )
      .slice(0, 3_600),
  );

/** All occurrences of an hour, each in its last state. */
function occurrencesOf(requests: readonly number[]): Occurrence[] {
  const throttled = requests.map(() => 0);
  const seen = new Map<string, Occurrence>();
  let open: readonly Occurrence[] = [];
  for (const account of evaluateMinutes({ startMs: 0, requests, throttled }, QUOTA)) {
    const judgements = judgeQuotaUse({ ...createHeadroomMinute(0), account, quota: QUOTA });
    open = advance(open, { minuteMs: account.minuteMs, judgements });
    for (const occurrence of open) seen.set(`${occurrence.kind} ${occurrence.startedAtMs}`, occurrence);
  }
  return [...seen.values()];
}

it('judgeQuotaUse() tells once of demand that wobbles by 4 % around any level for an hour', () => {
  const property = fc.property(fc.double({ min: 0.4, max: 1.3, noNaN: true }), hour, (level, factors) => {
    const requests = factors.map((factor) => Math.round(level * factor * QUOTA.rateRps));

    const occurrences = occurrencesOf(requests);

    return (['headroom.low', 'headroom.exhausted', 'burst.exhausted'] as const).every((kind) => {
      const ofKind = occurrences.filter((occurrence) => occurrence.kind === kind);
      const told = ofKind.filter(({ severity }) => severity !== 'info');
      // What was worth no message may have come before.
      return told.length <= 1 && ofKind.length - told.length <= 1;
    });
  });

  fc.assert(property, { numRuns: 500 });
});

it('judgeQuotaUse() tells again of what came back after it was gone', () => {
  const at = (level: number, minutes: number) => new Array<number>(60 * minutes).fill(level * QUOTA.rateRps);

  const occurrences = occurrencesOf([...at(0.85, 10), ...at(0.7, 6), ...at(0.85, 10)]);

  const told = occurrences.filter(({ severity }) => severity === 'warning');
  expect(told).toHaveLength(2);
});

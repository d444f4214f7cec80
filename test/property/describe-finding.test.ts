import fc from 'fast-check';
import { it } from 'vitest';
import { CAUSE_SLUGS } from '#shared/domain/causes/causes.ts';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import { JUDGED_KINDS } from '#test/fakes/kinds.ts';
import { createOccurrence, INVENTORY } from '#test/fakes/occurrence.ts';

const NAMES =
  `demandRps usedRatio quotaRps peakRps peakUsedRatio requests refused secondsAtZero predictedThrottles tokensUsed quotaBurst
  slopeRpsPerMinute minutesToQuota earliestMinutes latestMinutes usesEarlierDays nowRps usualRps growthShare
  recentRatio recentBad recentRequests budgetRatio bad p99Ms usualMs timeoutMs refused:a1/prod requests:a1/prod
  fromRps toRps fromBurst toBurst reason:read reason:learned source:get-account source:region-default
  culprit:a1/prod refused:zz/v1 requests:zz/v1 linesSeen counted logged share hasAccessLog sharedBy
  silentStages lagMs unloggedRps clippedSeconds isClipped observed inferred byRate byQuota nowShare usualShare
  limitRps limitBurst limitRefusedRps hasNoLimit isUnlogged`.split(/\s+/);

const value = fc.oneof(
  fc.double({ min: -1e15, max: 1e15, noNaN: true }),
  fc.double({ min: 0, max: 2, noNaN: true }),
  fc.integer({ min: 0, max: 100_000 }),
  fc.constantFrom(0, -0, Number.MIN_VALUE, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const measures = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: NAMES.length });

it('describeFinding() writes no number that is none, whatever was measured', () => {
  const occurrence = fc.record({
    latest: measures,
    sums: measures,
    peaks: measures,
    status: fc.constantFrom('open', 'cleared'),
  });
  const cause = fc.option(fc.constantFrom(...CAUSE_SLUGS));
  const property = fc.property(
    fc.constantFrom(...JUDGED_KINDS),
    occurrence,
    cause,
    (kind, measured, cause) => {
      const { title, evidence, nextStep, value, expected } = describeFinding(
        createOccurrence(kind, { ...measured, cause }),
        INVENTORY,
      );

      const texts = [title, nextStep, ...evidence.flatMap((fact) => [fact.label, fact.value])];
      return (
        texts.every((text) => text !== '' && !/NaN|undefined|Infinity|∞|null|\[object/.test(text)) &&
        Number.isFinite(value) &&
        (expected === null || Number.isFinite(expected))
      );
    },
  );

  fc.assert(property, { numRuns: 2_000 });
});

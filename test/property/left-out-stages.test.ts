import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  ERROR_BUDGET_HISTORY_MINUTES,
  judgeErrorBudget,
  mayBurn,
} from '#shared/domain/detection/judge-error-budget.ts';
import {
  judgeLatency,
  LATENCY_HISTORY_MINUTES,
  withEnoughRequests,
} from '#shared/domain/detection/judge-latency.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';

const STAGE = {
  scope: { accountId: '123456789012', region: 'us-east-1', apiId: 'a', stage: 'prod' },
  startMs: Date.UTC(2026, 5, 1),
};

function breaches(minutes: readonly JudgedMinute[]): boolean {
  return minutes.some(({ judgements }) => judgements.some(({ verdict }) => verdict === 'breach'));
}

/** Few of each, so that most histories are near what opens a finding. */
const errors = fc.record({
  history: fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 0, 0, 1)), {
    minLength: ERROR_BUDGET_HISTORY_MINUTES + 1,
    maxLength: ERROR_BUDGET_HISTORY_MINUTES + 15,
    size: 'max',
  }),
  /** Minutes at the end with errors as they come, after others with none. */
  failing: fc.integer({ min: 0, max: 60 }),
});

it('judgeErrorBudget() finds nothing in the errors of a stage for which mayBurn() sees no reason to read requests', () => {
  const seen = { breach: 0, leftOut: 0 };
  fc.assert(
    fc.property(errors, ({ history, failing }) => {
      const serverErrors = history.map(([, bad], index) => (index < history.length - failing ? 0 : bad));
      const requests = history.map(([good], index) => good + (serverErrors[index] ?? 0));
      const isBad = breaches(
        judgeErrorBudget({ ...STAGE, requests, serverErrors }, ERROR_BUDGET_HISTORY_MINUTES, 0.999),
      );
      const may = mayBurn(serverErrors, ERROR_BUDGET_HISTORY_MINUTES);
      if (isBad) seen.breach += 1;
      if (!may) seen.leftOut += 1;
      return may || !isBad;
    }),
  );
  expect(seen.breach).toBeGreaterThan(5);
  expect(seen.leftOut).toBeGreaterThan(5);
});

const latencies = fc.array(
  fc.tuple(
    fc.integer({ min: 3, max: 7 }),
    fc.option(fc.constantFrom(100, 1_100, 23_000, 24_000)),
    fc.option(fc.constantFrom(90, 23_000, 24_000)),
  ),
  { minLength: LATENCY_HISTORY_MINUTES + 1, maxLength: LATENCY_HISTORY_MINUTES + 15, size: 'max' },
);

it('judgeLatency() finds nothing in a stage that would be no slower with enough requests', () => {
  const seen = { breach: 0, leftOut: 0 };
  fc.assert(
    fc.property(latencies, fc.boolean(), (minutes, isCalm) => {
      const calm = <T extends number | null>(value: T): T | number => (isCalm ? 90 : value);
      const latency = {
        ...STAGE,
        p99Ms: minutes.map(([, p99Ms]) => calm(p99Ms)),
        integrationP99Ms: minutes.map(([, , p99Ms]) => calm(p99Ms)),
        integrationTimeoutMs: 29_000,
      };
      const requests = minutes.map(([count]) => count);
      const isBad = breaches(judgeLatency({ ...latency, requests }, LATENCY_HISTORY_MINUTES));
      const may = breaches(judgeLatency(withEnoughRequests(latency), LATENCY_HISTORY_MINUTES));
      if (isBad) seen.breach += 1;
      if (!may) seen.leftOut += 1;
      return may || !isBad;
    }),
  );
  expect(seen.breach).toBeGreaterThan(5);
  expect(seen.leftOut).toBeGreaterThan(5);
});

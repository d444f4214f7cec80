import type { ReadInventory } from '#shared/application/inventory-ports.ts';
import type { Account, Now } from '#shared/application/ports.ts';
import {
  createRunEvaluation,
  type EvaluationOutcome,
  type Evaluator,
} from '#shared/application/run-evaluation.ts';

type Dependencies = {
  readonly account: Account;
  readonly readInventory: ReadInventory;
  readonly now: Now;
  readonly settleSeconds: number;
};

/**
 * Runs evaluators as they are deployed, as if they had begun at a time and nothing was known before it. Nothing is kept,
 * and nothing published.
 *
 * @param sinceMs - Start of the first minute that is judged, epoch milliseconds
 */
export function createEvaluateOnce(
  dependencies: Dependencies,
  sinceMs: number,
): (evaluator: Evaluator) => Promise<EvaluationOutcome> {
  const start = { throughMs: sinceMs, baseMs: sinceMs, baseOccurrences: [] };
  return createRunEvaluation({
    ...dependencies,
    evaluations: { read: async () => start, write: async () => true },
    publishEvents: async () => {},
  });
}

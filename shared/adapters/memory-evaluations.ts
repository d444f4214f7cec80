import type { EvaluationState, EvaluationStore } from '#shared/application/ports.ts';

/** Evaluation states that live as long as the process. */
export function createMemoryEvaluations(): EvaluationStore {
  const states = new Map<string, EvaluationState>();
  return {
    read: async (evaluator) => states.get(evaluator) ?? null,
    write: async (evaluator, state, expectedThroughMs) => {
      if ((states.get(evaluator)?.throughMs ?? null) !== expectedThroughMs) return false;
      states.set(evaluator, state);
      return true;
    },
  };
}

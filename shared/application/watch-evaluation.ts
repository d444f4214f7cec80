import { errorsPeriodMinutes } from '#shared/application/errors-period.ts';
import type { Account, EvaluationStore, Now } from '#shared/application/ports.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import { type EvaluationOutcome, type Evaluator, periodOf } from '#shared/application/run-evaluation.ts';
import { type EvaluatorProgress, judgeEvaluation } from '#shared/domain/headroom/judging/judge-blindness.ts';
import { LATE_SOURCE_MINUTES } from '#shared/domain/headroom/sources/disagreement.ts';
import { isKnownStage } from '#shared/domain/inventory/stage.ts';

/** The functions that evaluate: each watches the other, since what stands still cannot tell. */
export type EvaluatingFunction = 'check-headroom' | 'detect-anomalies';

type Rhythm = Pick<Evaluator, 'name' | 'periodMinutes' | 'minSettleSeconds'>;

/** The evaluators of each function. */
export const EVALUATORS: Readonly<Record<EvaluatingFunction, readonly Rhythm[]>> = {
  'check-headroom': [
    { name: 'check-headroom', periodMinutes: 1 },
    { name: 'check-headroom/sources', periodMinutes: 5, minSettleSeconds: LATE_SOURCE_MINUTES * 60 },
    { name: 'check-headroom/watch', periodMinutes: 1 },
  ],
  'detect-anomalies': [
    { name: 'detect-anomalies/logging', periodMinutes: 1 },
    { name: 'detect-anomalies/errors', periodMinutes: errorsPeriodMinutes },
    { name: 'detect-anomalies/latency', periodMinutes: 5 },
    { name: 'detect-anomalies/watch', periodMinutes: 1 },
  ],
};

type Dependencies = {
  readonly account: Account;
  readonly evaluations: EvaluationStore;
  readonly runEvaluation: (evaluator: Evaluator) => Promise<EvaluationOutcome>;
  readonly now: Now;
  readonly settleSeconds: number;
};

/** After a longer break the watcher stood still itself, and the other gets a run to make up for it as well. */
const MAX_BREAK_MS = 5 * MINUTE_MS;

async function readProgress(
  watched: EvaluatingFunction,
  stages: number,
  { evaluations, settleSeconds }: Dependencies,
): Promise<EvaluatorProgress[]> {
  const progress = EVALUATORS[watched].map(async ({ name, periodMinutes, minSettleSeconds = 0 }) => {
    const state = await evaluations.read(name);
    const usualDelaySeconds =
      periodOf({ periodMinutes }, stages) * 60 + Math.max(settleSeconds, minSettleSeconds);
    return state === null ? [] : [{ name, throughMs: state.throughMs, usualDelaySeconds }];
  });
  return (await Promise.all(progress)).flat();
}

/**
 * Looks every minute whether the evaluators of another function still get on. It reads no metrics, so that it also tells
 * when those cannot be read. If both functions stand still, the alarms on `CompletedEvaluations` speak.
 *
 * @param watcher - The function that this runs in
 */
export function createWatchEvaluation(watcher: EvaluatingFunction, dependencies: Dependencies) {
  const { account, runEvaluation, now } = dependencies;
  const watched = watcher === 'check-headroom' ? 'detect-anomalies' : 'check-headroom';
  return (): Promise<EvaluationOutcome> =>
    runEvaluation({
      name: `${watcher}/watch`,
      periodMinutes: 1,
      rereadMinutes: 0,
      judge: async ({ fromMs, toMs }, inventory, base) => {
        if (toMs - fromMs > MAX_BREAK_MS) return [];
        const progress = await readProgress(watched, inventory.filter(isKnownStage).length, dependencies);
        const scope = { ...account, function: watched };
        const wasStanding = base.some((known) => known.scope.function === watched);
        const judgement = judgeEvaluation(progress, now().getTime(), scope, wasStanding);
        return judgement === null ? [] : [{ minuteMs: toMs - MINUTE_MS, judgements: [judgement] }];
      },
    });
}

import { errorsPeriodMinutes } from '#shared/application/errors-period.ts';
import { createJudgeErrors } from '#shared/application/judge-errors.ts';
import { createJudgeSlowness } from '#shared/application/judge-slowness.ts';
import type { Account, ReadMetrics } from '#shared/application/ports.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import {
  type EvaluationOutcome,
  type Evaluator,
  LATE_METRICS_MINUTES,
} from '#shared/application/run-evaluation.ts';
import { stageScope } from '#shared/application/suspects.ts';
import { isBodyLoggingConfigured, judgeBodyLogging } from '#shared/domain/detection/judge-body-logging.ts';

type Dependencies = {
  readonly account: Account;
  readonly readMetrics: ReadMetrics;
  readonly runEvaluation: (evaluator: Evaluator) => Promise<EvaluationOutcome>;
  /** The share of requests that must not fail with 5xx, below 1. */
  readonly availabilityTargetRatio: number;
};

/** What became of each way of looking. */
export type AnomalyReport = {
  readonly logging: EvaluationOutcome;
  readonly errors: EvaluationOutcome;
  readonly latency: EvaluationOutcome;
};

/** Settings are those of now: they say nothing of the minutes before, nor is any traffic needed to know them. */
function createJudgeLogging({ account }: Dependencies): Evaluator['judge'] {
  return async ({ toMs }, inventory) => {
    const judgements = inventory.flatMap((item) => {
      const isConfigured = isBodyLoggingConfigured(item);
      return judgeBodyLogging(stageScope(account, item), { isConfigured, linesSeen: 0 }) ?? [];
    });
    return [{ minuteMs: toMs - MINUTE_MS, judgements }];
  };
}

/**
 * Looks at every stage for bodies in its logs, failing and slow requests: settings and errors each minute, errors of more
 * than 200 stages and latency every five.
 */
export function createDetectAnomalies(dependencies: Dependencies) {
  const { runEvaluation } = dependencies;
  const logging: Evaluator = {
    name: 'detect-anomalies/logging',
    periodMinutes: 1,
    rereadMinutes: 0,
    judge: createJudgeLogging(dependencies),
  };
  const errors: Evaluator = {
    name: 'detect-anomalies/errors',
    periodMinutes: errorsPeriodMinutes,
    rereadMinutes: LATE_METRICS_MINUTES,
    judge: createJudgeErrors(dependencies),
  };
  const latency: Evaluator = {
    name: 'detect-anomalies/latency',
    periodMinutes: 5,
    rereadMinutes: LATE_METRICS_MINUTES,
    judge: createJudgeSlowness(dependencies),
  };
  // What needs no metrics comes first: it does not wait for CloudWatch.
  return async (): Promise<AnomalyReport> => ({
    logging: await runEvaluation(logging),
    errors: await runEvaluation(errors),
    latency: await runEvaluation(latency),
  });
}

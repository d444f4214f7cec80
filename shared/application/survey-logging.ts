import type { PlannedSubscription } from '#shared/application/plan-subscriptions.ts';
import type { DescribedStage, Now, ReadRequestTotals, TimeRange } from '#shared/application/ports.ts';
import type { ReportStep } from '#shared/application/report-step.ts';
import {
  estimateLineBytes,
  estimateLogCost,
  INGESTION_PRICE,
  type LogCost,
} from '#shared/domain/logging/estimate-log-cost.ts';
import { type FormatJudgement, judgeFormat } from '#shared/domain/logging/judge-format.ts';
import { createLoggingChange, type LoggingChange } from '#shared/domain/logging/logging-change.ts';
import { requestMetrics } from '#shared/domain/logging/request-metrics.ts';

/** How far back requests are counted. */
export const SURVEY_DAYS = 7;

const HOUR_MS = 60 * 60_000;

/** What a stage logs, and what it should. */
export type StageLogging = {
  readonly stage: DescribedStage;
  readonly accessLog: 'log-group' | 'firehose' | 'none';
  /** `null` without an access log in CloudWatch Logs. */
  readonly format: FormatJudgement | null;
  /** Requests of the last {@link SURVEY_DAYS} days. */
  readonly requests: number;
  /** Stages of several REST APIs with one name: CloudWatch counts their requests together. */
  readonly sharesCount: boolean;
  /** `null` if nothing has to change, or nothing can. */
  readonly change: LoggingChange | null;
  /** Of the log as it is; `null` without one in CloudWatch Logs. */
  readonly costNow: LogCost | null;
  /** Of the log after the change; `null` without a change. */
  readonly costAfter: LogCost | null;
};

type Dependencies = {
  readonly readRequestTotals: ReadRequestTotals;
  readonly now: Now;
  readonly reportStep: ReportStep;
};

type Requests = Pick<StageLogging, 'requests' | 'sharesCount'>;

/** Whole hours, since CloudWatch keeps these apart. */
function lastDays(now: Date): TimeRange {
  const toMs = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
  return { fromMs: toMs - SURVEY_DAYS * 24 * HOUR_MS, toMs };
}

async function countRequests(
  stages: readonly DescribedStage[],
  { readRequestTotals, now }: Dependencies,
): Promise<Requests[]> {
  const metrics = stages.map((stage) => requestMetrics(stage));
  const totals = await readRequestTotals(metrics.flat(), lastDays(now()));
  const keys = metrics.map((ofStage) => JSON.stringify(ofStage));
  let next = 0;
  return metrics.map((ofStage, index) => {
    const own = totals.slice(next, next + ofStage.length);
    next += ofStage.length;
    return {
      requests: own.reduce((sum, total) => sum + total, 0),
      sharesCount: keys.filter((key) => key === keys[index]).length > 1,
    };
  });
}

function accessLogOf({ logGroup, format }: DescribedStage): StageLogging['accessLog'] {
  if (logGroup !== null) return 'log-group';
  return format === null ? 'none' : 'firehose';
}

/** Whether the stage's log group is of a class whose lines nobody gets. */
function isClosed({ logGroup }: DescribedStage, subscriptions: readonly PlannedSubscription[]): boolean {
  return subscriptions.some(
    ({ group, decision }) =>
      group === logGroup && decision.action === 'leave' && decision.reason === 'log-class',
  );
}

function changeOf(
  stage: DescribedStage,
  format: FormatJudgement | null,
  closed: boolean,
): LoggingChange | null {
  // A stage has one access log: ours would take theirs away.
  if (accessLogOf(stage) === 'firehose') return null;
  const isComplete = format?.counted === 'all' && format.missing.length === 0;
  return isComplete && !closed ? null : createLoggingChange(stage, stage.logGroup, !closed);
}

function surveyStage(
  stage: DescribedStage,
  { requests, sharesCount }: Requests,
  stages: readonly DescribedStage[],
  subscriptions: readonly PlannedSubscription[],
): StageLogging {
  const { apiType, logGroup } = stage;
  const template = stage.format ?? '';
  const writers = stages.filter((other) => other.logGroup === logGroup).length;
  const format = logGroup === null ? null : judgeFormat(template, apiType, writers);
  const closed = isClosed(stage, subscriptions);
  const change = changeOf(stage, format, closed);
  const costOf = (text: string, usdPerGb: number): LogCost =>
    estimateLogCost(estimateLineBytes(text, apiType), { requests, days: SURVEY_DAYS, usdPerGb });
  const { standardUsdPerGb, infrequentAccessUsdPerGb } = INGESTION_PRICE;
  const usdNow = closed ? infrequentAccessUsdPerGb : standardUsdPerGb;
  return {
    stage,
    accessLog: accessLogOf(stage),
    format,
    requests,
    sharesCount,
    change,
    costNow: logGroup === null ? null : costOf(template, usdNow),
    costAfter: change === null ? null : costOf(change.format, standardUsdPerGb),
  };
}

/**
 * Says of each stage what Gatewatch gets out of its access log, which change it suggests, and what the log costs.
 *
 * @returns A use case that changes nothing
 */
export function createSurveyLogging(dependencies: Dependencies) {
  return async (
    stages: readonly DescribedStage[],
    subscriptions: readonly PlannedSubscription[],
  ): Promise<StageLogging[]> => {
    dependencies.reportStep('counting requests', 0, 1);
    const requests = await countRequests(stages, dependencies);
    return stages.map((stage, index) =>
      surveyStage(stage, requests[index] ?? { requests: 0, sharesCount: false }, stages, subscriptions),
    );
  };
}

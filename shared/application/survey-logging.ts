import type { DescribedStage } from '#shared/application/inventory-ports.ts';
import type { PlannedSubscription } from '#shared/application/plan-subscriptions.ts';
import type { Now, ReadRequestTotals, TimeRange } from '#shared/application/ports.ts';
import type { ReportStep } from '#shared/application/report-step.ts';
import {
  estimateLineBytes,
  estimateLogCost,
  INGESTION_PRICE,
  type LogCost,
} from '#shared/domain/logging/estimate-log-cost.ts';
import { type FormatJudgement, judgeFormat } from '#shared/domain/logging/judge-format.ts';
import {
  createLoggingChange,
  type LogGroupState,
  type LoggingChange,
} from '#shared/domain/logging/logging-change.ts';
import { requestMetrics } from '#shared/domain/logging/request-metrics.ts';

/** How far back requests are counted. */
export const SURVEY_DAYS = 7;

const HOUR_MS = 60 * 60_000;

/** What a stage logs, and what it should. */
export type StageLogging = {
  readonly stage: DescribedStage;
  readonly accessLog: 'log-group' | 'firehose' | 'none';
  /** Whether there is a log group and it can be read; `null` without an access log in CloudWatch Logs. */
  readonly logGroupState: LogGroupState | null;
  /** `null` without an access log in CloudWatch Logs. */
  readonly format: FormatJudgement | null;
  /** Requests of the last {@link SURVEY_DAYS} days. */
  readonly requests: number;
  /** Stages of several REST APIs with one name: CloudWatch counts their requests together. */
  readonly sharesCount: boolean;
  /** `null` if nothing has to change, or nothing can. */
  readonly change: LoggingChange | null;
  /** Of the log as it is; `null` without one in CloudWatch Logs, and where its log group does not exist. */
  readonly costNow: LogCost | null;
  /** Of the log after the changes; `null` if it stays as it is. */
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

const ACCESS_LOGS = { cloudwatch: 'log-group', firehose: 'firehose', none: 'none' } as const;

const NO_GROUP = 'goes to a log group that does not exist: no request is counted';

/** Whether lines can come out of the stage's log group. */
function stateOf({ logGroup }: DescribedStage, subscriptions: readonly PlannedSubscription[]): LogGroupState {
  const reasons = subscriptions.flatMap(({ group, decision }) =>
    group === logGroup && decision.action === 'leave' ? [decision.reason] : [],
  );
  if (reasons.includes('no-group')) return 'missing';
  return reasons.includes('log-class') ? 'closed' : 'readable';
}

function changeOf(
  stage: DescribedStage,
  format: FormatJudgement | null,
  state: LogGroupState,
): LoggingChange | null {
  const { logGroup, accessLogDestination } = stage;
  // A stage has one access log: ours would take theirs away.
  if (accessLogDestination === 'firehose') return null;
  if (logGroup === null) return createLoggingChange(stage, null);
  const isComplete = format?.counted === 'all' && format.missing.length === 0;
  if (isComplete && state === 'readable') return null;
  return createLoggingChange(stage, { logGroup, state, completeFormat: isComplete ? stage.format : null });
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
  const judged = logGroup === null ? null : judgeFormat(template, apiType, writers);
  const state = stateOf(stage, subscriptions);
  const isLost = state === 'missing';
  const change = changeOf(stage, judged, state);
  const costOf = (text: string, usdPerGb: number): LogCost =>
    estimateLogCost(estimateLineBytes(text, apiType), { requests, days: SURVEY_DAYS, usdPerGb });
  const { standardUsdPerGb, infrequentAccessUsdPerGb } = INGESTION_PRICE;
  const usdNow = state === 'closed' ? infrequentAccessUsdPerGb : standardUsdPerGb;
  return {
    stage,
    accessLog: ACCESS_LOGS[stage.accessLogDestination],
    logGroupState: logGroup === null ? null : state,
    format: judged !== null && isLost ? { ...judged, counted: 'none', problem: NO_GROUP } : judged,
    requests,
    sharesCount,
    change,
    costNow: logGroup === null || isLost ? null : costOf(template, usdNow),
    costAfter: change === null ? null : costOf(change.format, standardUsdPerGb),
  };
}

/** A log group that several stages lack is made once. */
function restoreOnce(surveyed: readonly StageLogging[]): StageLogging[] {
  const restored = new Set<string>();
  return surveyed.map((logging) => {
    const { change } = logging;
    if (change?.kind !== 'restore') return logging;
    const isFirst = !restored.has(change.logGroup);
    restored.add(change.logGroup);
    if (isFirst) return logging;
    return { ...logging, change: change.updatesStage ? { ...change, kind: 'reformat' } : null };
  });
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
    const surveyed = stages.map((stage, index) =>
      surveyStage(stage, requests[index] ?? { requests: 0, sharesCount: false }, stages, subscriptions),
    );
    return restoreOnce(surveyed);
  };
}

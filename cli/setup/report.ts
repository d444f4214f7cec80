import { wordsFor } from '#cli/aws-errors.ts';
import { accountOf, type DeployedStack } from '#cli/setup/stack.ts';
import type { AppliedSubscription } from '#shared/application/apply-subscriptions.ts';
import type { PlannedSubscription } from '#shared/application/plan-subscriptions.ts';
import type { RemovedFilter } from '#shared/application/remove-subscriptions.ts';
import { type StageLogging, SURVEY_DAYS } from '#shared/application/survey-logging.ts';
import type { ChangeLanguage } from '#shared/domain/logging/change-language.ts';
import { INGESTION_PRICE } from '#shared/domain/logging/estimate-log-cost.ts';
import type { LoggingChange } from '#shared/domain/logging/logging-change.ts';

/** Where a report was made. */
type Place = { readonly region: string; readonly stack: DeployedStack };

/** The place as each document names it. */
function placeJson({ region, stack }: Place): object {
  const { name, status } = stack;
  const mode = stack.status === 'deployed' ? { subscribeMode: stack.subscribeMode } : {};
  return { accountId: accountOf(stack), region, stack: { name, status, ...mode } };
}

/** What a dry run found. */
export type DryRun = Place & {
  /** The options that said what the run is about, to be repeated. */
  readonly given: readonly string[];
  readonly apis: number;
  readonly stages: readonly StageLogging[];
  readonly subscriptions: readonly PlannedSubscription[];
  /** The suggested changes of stages, in a language for people to run. */
  readonly changes: { readonly language: ChangeLanguage; readonly text: string };
};

/** What `--apply` did. */
export type Applied = Place & { readonly subscriptions: readonly AppliedSubscription[] };

/** What `--remove` did. */
export type Removed = Place & { readonly filters: readonly RemovedFilter[] };

function changeJson({ logGroup, kind, format, updatesStage }: LoggingChange): object {
  return { logGroup, kind, format, updatesStage };
}

function stageJson({ stage, accessLog, format, change, ...rest }: StageLogging): object {
  const { apiId, apiName, apiType, logGroup, executionLogGroup, executionLogLevel, logsBodies } = stage;
  return {
    apiId,
    apiName,
    apiType,
    stage: stage.stage,
    accessLog,
    logGroup,
    format: stage.format,
    counted: format?.counted ?? 'none',
    problem: format?.problem ?? null,
    missing: format?.missing ?? [],
    executionLogGroup,
    executionLogLevel,
    logsBodies,
    tracing: stage.tracing,
    limits: stage.limits,
    apiGatewayManaged: stage.apiGatewayManaged,
    ...rest,
    change: change === null ? null : changeJson(change),
  };
}

function planJson({ group, filter, decision, otherFilters }: PlannedSubscription): object {
  const destinationArn = filter.destinationArn === '' ? null : filter.destinationArn;
  return { group, filterName: filter.name, destinationArn, ...decision, otherFilters };
}

/** The document of a dry run (docs/setup.md). */
export function dryRunJson({ region, stack, apis, stages, subscriptions, changes }: DryRun): object {
  return {
    schemaVersion: 1,
    command: 'dry-run',
    ...placeJson({ region, stack }),
    apis,
    surveyDays: SURVEY_DAYS,
    ingestionPrice: INGESTION_PRICE,
    stages: stages.map(stageJson),
    subscriptions: subscriptions.map(planJson),
    changes,
  };
}

/** The document of `--apply`. */
export function appliedJson({ region, stack, subscriptions }: Applied): object {
  return {
    schemaVersion: 1,
    command: 'apply',
    ...placeJson({ region, stack }),
    subscriptions: subscriptions.map((subscription) =>
      subscription.outcome === 'failed'
        ? { ...subscription, error: wordsFor(subscription.error) }
        : subscription,
    ),
  };
}

/** The document of `--remove`. */
export function removedJson({ region, stack, filters }: Removed): object {
  return {
    schemaVersion: 1,
    command: 'remove',
    ...placeJson({ region, stack }),
    filters: filters.map((filter) =>
      filter.outcome === 'failed' ? { ...filter, error: wordsFor(filter.error) } : filter,
    ),
  };
}

import { createCheckSources } from '#shared/application/check-sources.ts';
import {
  type CountedRequests,
  type CountRequests,
  countByService,
  countLogged,
  NOTHING_COUNTED,
} from '#shared/application/count-requests.ts';
import { createEvaluateOnce } from '#shared/application/evaluate-once.ts';
import type { ReadInventory } from '#shared/application/inventory-ports.ts';
import type {
  Account,
  Now,
  ReadMetrics,
  ReadQuota,
  ReadServiceCounts,
  TimeRange,
} from '#shared/application/ports.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import type { EvaluationOutcome, Evaluator } from '#shared/application/run-evaluation.ts';
import { type Finding, isAtLeast } from '#shared/domain/detection/finding.ts';
import type { Outlook } from '#shared/domain/headroom/forecast/outlook.ts';
import { settledForecast } from '#shared/domain/headroom/judging/judge-forecast.ts';
import type { QuotaStatus } from '#shared/domain/headroom/quota/quota-history.ts';
import type { SourceComparison } from '#shared/domain/headroom/sources/compare-sources.ts';
import type { HeadroomSurvey } from '#shared/domain/headroom/survey/headroom-survey.ts';
import { rankStages } from '#shared/domain/headroom/survey/rank-stages.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** How many minutes are looked at. */
const SURVEY_MINUTES = 30;

/** Data of a minute is looked at this long after the minute's end, as by the deployed pipeline by default. */
export const SURVEY_SETTLE_SECONDS = 60;

type Dependencies = {
  readonly account: Account;
  readonly readMetrics: ReadMetrics;
  readonly readServiceCounts: ReadServiceCounts;
  readonly readQuota: ReadQuota;
  readonly readInventory: ReadInventory;
  readonly now: Now;
};

/** Looks at the account once, and changes nothing. */
export type SurveyHeadroom = () => Promise<HeadroomSurvey>;

/** One survey: what it is about, and how its evaluators are run. */
type Survey = {
  readonly range: TimeRange;
  readonly inventory: readonly InventoryItem[];
  readonly quota: QuotaStatus;
  readonly evaluate: (evaluator: Evaluator) => Promise<EvaluationOutcome>;
};

type Found<T> = T & { readonly findings: readonly Finding[] };

function openFindings(outcome: EvaluationOutcome): Finding[] {
  return outcome.status === 'evaluated' ? outcome.findings.filter(({ status }) => status === 'open') : [];
}

async function checkRequests(
  dependencies: Dependencies,
  { quota, evaluate }: Survey,
  count: CountRequests,
): Promise<Found<CountedRequests>> {
  let counted = NOTHING_COUNTED;
  const outcome = await evaluate({
    name: 'check-headroom',
    periodMinutes: 1,
    rereadMinutes: 0,
    judge: async (range, inventory) => {
      counted = await count(dependencies, { range, inventory, quota });
      return counted.judged;
    },
  });
  return { ...counted, findings: openFindings(outcome) };
}

type Sources = Found<{ readonly sources: SourceComparison | null }>;

/** How often the sources are compared: each time takes many metrics, and the answer changes slowly. */
const COMPARE_EVERY_MS = 5 * MINUTE_MS;

/** Compares both sources where there are both, which is where logs are counted, and keeps the answer for some minutes. */
function createCompare(dependencies: Dependencies) {
  let kept: { readonly answer: Sources; readonly untilMs: number } | null = null;
  return async ({ range, evaluate }: Survey, { source }: CountedRequests): Promise<Sources> => {
    if (source !== 'access-logs') return { sources: null, findings: [] };
    if (kept !== null && range.toMs < kept.untilMs) return kept.answer;
    const check = createCheckSources({ ...dependencies, runEvaluation: evaluate });
    const { outcome, comparison } = await check();
    const answer = { sources: comparison, findings: openFindings(outcome) };
    kept = { answer, untilMs: range.toMs + COMPARE_EVERY_MS };
    return answer;
  };
}

function trendOf({ trend }: Outlook): HeadroomSurvey['trend'] {
  // A climb that has broken off is none, and says nothing of what comes.
  if (trend === null || trend.hasBrokenOff) return null;
  const { slopeRpsPerMinute, slopeMarginRps } = trend;
  return { slopeRpsPerMinute, slopeMarginRps };
}

function worstFirst(a: Finding, b: Finding): number {
  if (a.severity === b.severity) return 0;
  return isAtLeast(a.severity, b.severity) ? -1 : 1;
}

/** The minutes that are over for so long that their data can be there. */
function newestMinutes(nowMs: number): TimeRange {
  const toMs = Math.floor((nowMs - SURVEY_SETTLE_SECONDS * 1_000) / MINUTE_MS) * MINUTE_MS;
  return { fromMs: toMs - SURVEY_MINUTES * MINUTE_MS, toMs };
}

async function beginSurvey({ account, readQuota, readInventory }: Dependencies, at: Date): Promise<Survey> {
  const range = newestMinutes(at.getTime());
  const [quota, inventory] = await Promise.all([readQuota(), readInventory()]);
  const evaluate = createEvaluateOnce(
    {
      account,
      readInventory: async () => inventory,
      now: () => at,
      settleSeconds: SURVEY_SETTLE_SECONDS,
    },
    range.fromMs,
  );
  return { range, inventory, quota, evaluate };
}

/**
 * Asks how close an account is to the throttle that all its APIs share: by the seconds that Gatewatch counted if it is
 * deployed, else by the minutes that API Gateway counted.
 */
export function createSurveyHeadroom(dependencies: Dependencies): SurveyHeadroom {
  const compare = createCompare(dependencies);
  return async () => {
    const at = dependencies.now();
    const survey = await beginSurvey(dependencies, at);
    const { range, inventory, quota } = survey;
    const logged = await checkRequests(dependencies, survey, countLogged);
    const counted =
      logged.source === 'none' ? await checkRequests(dependencies, survey, countByService) : logged;
    const { sources, findings } = await compare(survey, counted);
    const { source, minutes, stages, outlook } = counted;
    const newest = minutes.at(-1);
    return {
      scope: dependencies.account,
      atMs: at.getTime(),
      ...range,
      quota,
      source,
      minutes,
      trend: trendOf(outlook),
      forecast: newest === undefined ? null : settledForecast(outlook, newest),
      stages: rankStages(stages, inventory),
      stagesKnown: inventory.length,
      sources,
      findings: [...counted.findings, ...findings].sort(worstFirst),
    };
  };
}

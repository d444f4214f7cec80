import type { Account, ReadMetrics, ReadServiceCounts, TimeRange } from '#shared/application/ports.ts';
import { hasServiceCounts, readSources } from '#shared/application/read-sources.ts';
import { MINUTE_MS, perMinute } from '#shared/application/read-stage-metrics.ts';
import {
  type EvaluationOutcome,
  type Evaluator,
  LATE_METRICS_MINUTES,
  mergeMinutes,
} from '#shared/application/run-evaluation.ts';
import type { JudgedMinute } from '#shared/domain/detection/occurrence.ts';
import { judgeBlindLogs } from '#shared/domain/headroom/judging/judge-blind-logs.ts';
import {
  judgeIngestLag,
  judgeServiceSilence,
  LAG_HISTORY_MINUTES,
} from '#shared/domain/headroom/judging/judge-blindness.ts';
import { compareSources, type SourceComparison } from '#shared/domain/headroom/sources/compare-sources.ts';
import { LATE_SOURCE_MINUTES } from '#shared/domain/headroom/sources/disagreement.ts';
import type { SourceMinutes } from '#shared/domain/headroom/sources/source-minutes.ts';
import { BLINDNESS_MINUTES } from '#shared/domain/headroom/sources/source-spans.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/**
 * What was heard within so long was there. With the 25 minutes of a run, 500 metrics have 97,500 values: one page of an
 * answer, which holds 100,800.
 */
const LOOK_BACK_MINUTES = 170;

const INGEST = 'ingest-access-logs';

type Dependencies = {
  readonly account: Account;
  readonly readMetrics: ReadMetrics;
  readonly readServiceCounts: ReadServiceCounts;
  readonly runEvaluation: (evaluator: Evaluator) => Promise<EvaluationOutcome>;
};

/** What one run found; `comparison` is `null` if there was nothing new to compare. */
export type SourcesReport = {
  readonly outcome: EvaluationOutcome;
  readonly comparison: SourceComparison | null;
};

function before({ fromMs }: TimeRange, minutes: number): TimeRange {
  return { fromMs: fromMs - minutes * MINUTE_MS, toMs: fromMs };
}

async function judgeLag(
  { account, readMetrics }: Dependencies,
  { fromMs, toMs }: TimeRange,
): Promise<JudgedMinute[]> {
  const range = { fromMs: fromMs - LAG_HISTORY_MINUTES * MINUTE_MS, toMs };
  const query = {
    name: 'IngestLag',
    dimensions: { Function: INGEST },
    statistic: 'p90',
    periodSeconds: 60,
  } as const;
  const [lag] = await readMetrics([query], range);
  return judgeIngestLag(perMinute(lag, range), range.fromMs, { ...account, function: INGEST });
}

/** The hours before are read only if there seems to be silence, which is rarely. */
async function judgeSilence(
  { account, readServiceCounts }: Dependencies,
  sources: SourceMinutes,
  inventory: readonly InventoryItem[],
  range: TimeRange,
): Promise<JudgedMinute[]> {
  const minutes = judgeServiceSilence(sources, account, true);
  const seemsSilent = minutes.some(({ judgements }) =>
    judgements.some(({ verdict }) => verdict === 'breach'),
  );
  if (!seemsSilent) return minutes;
  const isUsual = await hasServiceCounts(inventory, readServiceCounts, before(range, LOOK_BACK_MINUTES));
  return isUsual ? minutes : judgeServiceSilence(sources, account, false);
}

/**
 * Holds access logs against API Gateway's own counts every five minutes, and finds where Gatewatch is blind. Only where
 * there is a service to ask: a replayed log has one source.
 */
export function createCheckSources(dependencies: Dependencies) {
  const { account, runEvaluation } = dependencies;
  return async (): Promise<SourcesReport> => {
    let comparison: SourceComparison | null = null;
    const outcome = await runEvaluation({
      name: 'check-headroom/sources',
      periodMinutes: 5,
      rereadMinutes: LATE_METRICS_MINUTES,
      minSettleSeconds: LATE_SOURCE_MINUTES * 60,
      judge: async (range, inventory, base) => {
        const wide = { ...range, fromMs: range.fromMs - BLINDNESS_MINUTES * MINUTE_MS };
        const sources = await readSources(dependencies, inventory, wide, LOOK_BACK_MINUTES);
        comparison = compareSources(sources);
        return mergeMinutes([
          judgeBlindLogs({ sources, account, base }),
          await judgeSilence(dependencies, sources, inventory, range),
          await judgeLag(dependencies, range),
        ]);
      },
    });
    return { outcome, comparison };
  };
}

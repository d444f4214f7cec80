import type { Account, ReadMetrics, TimeRange } from '#shared/application/ports.ts';
import {
  countsPerMinute,
  perMinute,
  readStageMetrics,
  withHistory,
} from '#shared/application/read-stage-metrics.ts';
import { type Evaluator, mergeMinutes } from '#shared/application/run-evaluation.ts';
import { hasBreach, openStages, stageScope } from '#shared/application/suspects.ts';
import {
  judgeLatency,
  LATENCY_HISTORY_MINUTES,
  type StageLatency,
  withEnoughRequests,
} from '#shared/domain/detection/judge-latency.ts';
import { type InventoryItem, stageKey } from '#shared/domain/inventory/stage.ts';

type Dependencies = { readonly account: Account; readonly readMetrics: ReadMetrics };

type Suspect = { readonly item: InventoryItem; readonly latency: Omit<StageLatency, 'requests'> };

async function readLatencies(
  { account, readMetrics }: Dependencies,
  inventory: readonly InventoryItem[],
  history: TimeRange,
): Promise<Suspect[]> {
  const stages = await readStageMetrics(
    readMetrics,
    inventory,
    [
      { name: 'Latency', statistic: 'p99' },
      { name: 'IntegrationLatency', statistic: 'p99' },
    ],
    history,
  );
  return inventory.map((item, index) => {
    const [latency, integrationLatency] = stages[index] ?? [];
    return {
      item,
      latency: {
        scope: stageScope(account, item),
        startMs: history.fromMs,
        p99Ms: perMinute(latency, history),
        integrationP99Ms: perMinute(integrationLatency, history),
        integrationTimeoutMs: item.integrationTimeoutMs,
      },
    };
  });
}

/**
 * Judges how slow stages are. Requests are read only of those that are slow if there were enough, and of those that were. A
 * stage that nothing can be said of is left out, as if it were clean.
 */
export function createJudgeSlowness(dependencies: Dependencies): Evaluator['judge'] {
  return async (range, inventory, base) => {
    const history = withHistory(range, LATENCY_HISTORY_MINUTES);
    const open = openStages(base);
    const suspects = (await readLatencies(dependencies, inventory, history)).filter(
      ({ item, latency }) =>
        open.has(stageKey(item)) ||
        hasBreach(judgeLatency(withEnoughRequests(latency), LATENCY_HISTORY_MINUTES)),
    );
    if (suspects.length === 0) return [];
    const requests = await readStageMetrics(
      dependencies.readMetrics,
      suspects.map(({ item }) => item),
      [{ name: 'RequestCount', statistic: 'Sum' }],
      history,
    );
    return mergeMinutes(
      suspects.map(({ latency }, index) =>
        judgeLatency(
          { ...latency, requests: countsPerMinute(requests[index]?.[0], history) },
          LATENCY_HISTORY_MINUTES,
        ),
      ),
    );
  };
}

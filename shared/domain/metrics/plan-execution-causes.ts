import type { CountedCauses } from '#shared/domain/metrics/count-execution-causes.ts';
import type { MetricDatum } from '#shared/domain/metrics/metric-datum.ts';
import { chunkMetricData } from '#shared/domain/metrics/plan-metric-data.ts';

/**
 * The PutMetricData calls of counted execution logs. The same counts always give the same calls in the same order,
 * so that a repeated delivery can go on where the first one stopped.
 */
export function planExecutionCauses({ stage, minutes }: CountedCauses): MetricDatum[][] {
  if (stage === null) return [];
  const byTime = [...minutes].sort(([a], [b]) => a - b);
  const data = byTime.flatMap(([timestampMs, causes]) =>
    [...causes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([Cause, requests]): MetricDatum => ({
          name: 'ExecutionCause',
          dimensions: { ApiId: stage.apiId, Stage: stage.stage, Cause },
          timestampMs,
          unit: 'Count',
          resolutionSeconds: 60,
          values: [requests],
          counts: [1],
        }),
      ),
  );
  return chunkMetricData(data);
}

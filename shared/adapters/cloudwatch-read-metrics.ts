import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { getMetricData } from '#shared/adapters/cloudwatch-get-metric-data.ts';
import type { ReadMetrics } from '#shared/application/ports.ts';
import { NAMESPACE } from '#shared/domain/metrics/metric-datum.ts';

/** Reads Gatewatch's own metrics. */
export function createReadMetrics(client: CloudWatchClient): ReadMetrics {
  return (queries, range) =>
    getMetricData(
      client,
      queries.map((query) => ({ ...query, namespace: NAMESPACE })),
      range,
    );
}

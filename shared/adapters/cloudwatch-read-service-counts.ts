import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { getMetricData } from '#shared/adapters/cloudwatch-get-metric-data.ts';
import type { ReadServiceCounts } from '#shared/application/ports.ts';

/** Reads API Gateway's own counts of requests, minute by minute. */
export function createReadServiceCounts(client: CloudWatchClient): ReadServiceCounts {
  return (metrics, range) =>
    getMetricData(
      client,
      metrics.map((metric) => ({
        ...metric,
        namespace: 'AWS/ApiGateway',
        statistic: 'Sum',
        periodSeconds: 60,
      })),
      range,
    );
}

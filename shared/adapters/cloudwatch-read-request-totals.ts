import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { getMetricData } from '#shared/adapters/cloudwatch-get-metric-data.ts';
import type { ReadRequestTotals } from '#shared/application/ports.ts';

/** Where API Gateway puts its own metrics. */
const NAMESPACE = 'AWS/ApiGateway';

/** A call answers 100,800 values; 500 metrics of a week have 84,000 hours. */
const PERIOD_SECONDS = 3_600;

/**
 * Reads API Gateway's own counts of requests.
 *
 * @returns A port that wants whole hours
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html}
 */
export function createReadRequestTotals(client: CloudWatchClient): ReadRequestTotals {
  return async (metrics, range) => {
    const queries = metrics.map((metric) => ({
      ...metric,
      namespace: NAMESPACE,
      statistic: 'Sum',
      periodSeconds: PERIOD_SECONDS,
    }));
    const series = await getMetricData(client, queries, range);
    return series.map((values) => [...values.values()].reduce((sum, value) => sum + value, 0));
  };
}

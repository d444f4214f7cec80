import {
  type CloudWatchClient,
  PutMetricDataCommand,
  type MetricDatum as SdkMetricDatum,
} from '@aws-sdk/client-cloudwatch';
import type { PublishMetricData } from '#shared/application/ports.ts';
import { type MetricDatum, NAMESPACE } from '#shared/domain/metrics/metric-datum.ts';

const THROTTLED: ReadonlySet<string> = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'LimitExceededException',
]);

/** The data is wrong, and will be however often it is sent. */
const INVALID: ReadonlySet<string> = new Set([
  'InvalidParameterCombination',
  'InvalidParameterCombinationException',
  'InvalidParameterValue',
  'InvalidParameterValueException',
  'MissingParameter',
  'MissingRequiredParameterException',
  'RequestEntityTooLarge',
  'ValidationError',
  'ValidationException',
]);

/** The request did not get out of this process. */
const NOT_REACHED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

type SdkError = {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
};

function toSdkDatum({
  name,
  dimensions,
  timestampMs,
  unit,
  resolutionSeconds,
  values,
  counts,
}: MetricDatum): SdkMetricDatum {
  return {
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    Timestamp: new Date(timestampMs),
    Unit: unit,
    StorageResolution: resolutionSeconds,
    Values: [...values],
    Counts: [...counts],
  };
}

function classify(error: unknown): 'not-counted' | 'refused' | 'unknown' {
  const { name = '', code = '', $metadata } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  if (THROTTLED.has(name) || status === 429 || NOT_REACHED.has(code)) return 'not-counted';
  // Below 300: CloudWatch took the data, and its answer broke off or cannot be read.
  if (status === undefined || status < 300 || status >= 500) return 'unknown';
  if (INVALID.has(name) || status === 413) return 'refused';
  throw new Error(`CloudWatch does not let this caller send metric data: ${name}`, { cause: error });
}

/**
 * Publishes through PutMetricData.
 *
 * @param client - Must be made with `maxAttempts: 1`: the SDK would send again after a reset, and count twice
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html}
 */
export function createPublishMetricData(client: CloudWatchClient): PublishMetricData {
  return async (chunk) => {
    try {
      await client.send(
        new PutMetricDataCommand({ Namespace: NAMESPACE, MetricData: chunk.map(toSdkDatum) }),
      );
      return 'accepted';
    } catch (error) {
      return classify(error);
    }
  };
}

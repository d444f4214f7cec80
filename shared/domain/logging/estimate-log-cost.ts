import { renderFormat } from '#shared/domain/logging/render-format.ts';
import { typicalValue } from '#shared/domain/logging/typical-values.ts';
import type { ApiType } from '#shared/domain/logs/access/request.ts';

/**
 * What CloudWatch Logs adds to each event.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html}
 */
export const EVENT_OVERHEAD_BYTES = 26;

/**
 * Price of a GB that CloudWatch Logs takes in, by the class of the log group. Other Regions have others.
 *
 * @see {@link https://aws.amazon.com/cloudwatch/pricing/}
 */
export const INGESTION_PRICE = {
  standardUsdPerGb: 0.5,
  infrequentAccessUsdPerGb: 0.25,
  region: 'us-east-1',
  asOf: '2026-10',
} as const;

const BYTES_PER_GB = 1e9;
const DAYS_PER_MONTH = 30;

/** What the access log of a stage will be like in a month. */
export type LogCost = {
  readonly requestsPerMonth: number;
  /** Of one request, with {@link EVENT_OVERHEAD_BYTES}. */
  readonly bytesPerRequest: number;
  readonly gbPerMonth: number;
  /** Ingestion alone: what is kept costs a little more. */
  readonly usdPerMonth: number;
};

/** Bytes of a typical line of a format, in UTF-8. */
export function estimateLineBytes(format: string, apiType: ApiType): number {
  const line = renderFormat(format, (variable) => typicalValue(apiType, variable));
  return new TextEncoder().encode(line).length;
}

/**
 * Scales the requests of some days to a month of 30, and prices their log.
 *
 * @param lineBytes - Of one request, without the overhead
 * @param basis - How many requests there were in so many days, which are above 0
 */
export function estimateLogCost(
  lineBytes: number,
  basis: { readonly requests: number; readonly days: number; readonly usdPerGb: number },
): LogCost {
  const { requests, days, usdPerGb } = basis;
  const requestsPerMonth = (requests / days) * DAYS_PER_MONTH;
  const bytesPerRequest = lineBytes + EVENT_OVERHEAD_BYTES;
  const gbPerMonth = (requestsPerMonth * bytesPerRequest) / BYTES_PER_GB;
  return {
    requestsPerMonth,
    bytesPerRequest,
    gbPerMonth,
    usdPerMonth: gbPerMonth * usdPerGb,
  };
}

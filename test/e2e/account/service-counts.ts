import type { Traffic } from '#test/e2e/account/traffic.ts';
import { e2e, MINUTE_MS } from '#test/e2e/e2e.ts';

/** The dimensions under which API Gateway counts a stage's requests: by name for REST APIs, by id for HTTP APIs. */
export type CountDimensions = Readonly<
  Record<'ApiName' | 'Stage', string> | Record<'ApiId' | 'Stage', string>
>;

/**
 * Counts requests as API Gateway does, minute by minute. Nobody but AWS may put metrics into its namespace, so this does
 * not go through the address that everybody calls.
 */
export function countByService(dimensions: CountDimensions, traffic: readonly Traffic[]): void {
  const perMinute = new Map<number, number>();
  for (const { secondMs, requests } of traffic) {
    const minuteMs = Math.floor(secondMs / MINUTE_MS) * MINUTE_MS;
    perMinute.set(minuteMs, (perMinute.get(minuteMs) ?? 0) + requests);
  }
  for (const [minuteMs, requests] of perMinute) {
    const datum = {
      MetricName: 'Count',
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      Timestamp: minuteMs / 1_000,
      StorageResolution: 60,
      Values: [1],
      Counts: [requests],
    };
    e2e.aws.gateway.metrics.put('AWS/ApiGateway', datum, minuteMs / 1_000);
  }
}

import type { ReadMetrics, TimeRange } from '#shared/application/ports.ts';
import { readEarlierDemand } from '#shared/application/read-earlier-demand.ts';
import { MINUTE_MS } from '#shared/application/read-stage-metrics.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';
import { type EarlierDemand, NO_EARLIER_DEMAND } from '#shared/domain/headroom/forecast/earlier-days.ts';
import { forecastFrom } from '#shared/domain/headroom/forecast/forecast-quota.ts';
import {
  createTrendAt,
  OUTLOOK_MINUTES,
  type Outlook,
  outlookAt,
  type TrendAt,
} from '#shared/domain/headroom/forecast/outlook.ts';
import { type QuotaStatus, quotaAt } from '#shared/domain/headroom/quota/quota-history.ts';

/**
 * What forecasts are compared with. It is read only if the trend of one of the minutes says something by itself, which
 * is rare.
 */
async function readForForecasts(
  readMetrics: ReadMetrics,
  range: TimeRange,
  trendAt: TrendAt,
  quota: QuotaStatus,
): Promise<EarlierDemand> {
  const fromMs = range.fromMs - (OUTLOOK_MINUTES - 1) * MINUTE_MS;
  for (let minuteMs = fromMs; minuteMs < range.toMs; minuteMs += MINUTE_MS) {
    const trend = trendAt(minuteMs);
    const { rateRps } = quotaAt(quota, minuteMs);
    if (trend !== null && forecastFrom(trend, rateRps, NO_EARLIER_DEMAND) !== null) {
      return readEarlierDemand(readMetrics, { ...range, fromMs });
    }
  }
  return NO_EARLIER_DEMAND;
}

/**
 * Reads what the outlook of the minutes in a range rests on.
 *
 * @param minutes - From half an hour before the range
 * @returns The outlook at the end of any minute of the range
 */
export async function readOutlook(
  readMetrics: ReadMetrics,
  range: TimeRange,
  minutes: readonly MinuteHeadroom[],
  quota: QuotaStatus,
): Promise<(minuteMs: number) => Outlook> {
  const trendAt = createTrendAt(minutes);
  const earlier = await readForForecasts(readMetrics, range, trendAt, quota);
  return (minuteMs) => outlookAt(minuteMs, trendAt, quotaAt(quota, minuteMs).rateRps, earlier);
}

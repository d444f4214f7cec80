import type { MinuteHeadroom } from '#shared/domain/headroom/minute-headroom.ts';
import type { Quota } from '#shared/domain/headroom/quota.ts';
import type { MetricDatum, MetricName, MetricUnit } from '#shared/domain/metrics/metric-datum.ts';

function accountDatum(name: MetricName, unit: MetricUnit, timestampMs: number, value: number): MetricDatum {
  return { name, dimensions: {}, timestampMs, unit, resolutionSeconds: 60, values: [value], counts: [1] };
}

/** The account's minute as metrics, so that a plain CloudWatch alarm can be put on each. */
export function accountMetrics(minute: MinuteHeadroom, quota: Quota): MetricDatum[] {
  const { minuteMs } = minute;
  return [
    accountDatum('AccountDemandRps', 'Count/Second', minuteMs, minute.demandRps),
    accountDatum('AccountRpsPeak', 'Count/Second', minuteMs, minute.peakRps),
    accountDatum('AccountQuotaRps', 'Count/Second', minuteMs, quota.rateRps),
    accountDatum('AccountUtilization', 'Percent', minuteMs, minute.usedRatio * 100),
    accountDatum('BurstTokensLeft', 'Count', minuteMs, minute.tokensLeft),
    accountDatum('PredictedThrottles', 'Count', minuteMs, minute.predictedThrottles),
  ];
}

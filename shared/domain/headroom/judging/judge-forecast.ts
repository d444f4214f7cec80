import type { Judgement, Measures } from '#shared/domain/detection/occurrence.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';
import { isQuotaUsedUp } from '#shared/domain/headroom/demand/quota-use.ts';
import { isClimbing } from '#shared/domain/headroom/forecast/demand-trend.ts';
import type { QuotaForecast } from '#shared/domain/headroom/forecast/forecast-quota.ts';
import type { Outlook } from '#shared/domain/headroom/forecast/outlook.ts';
import type { HeadroomMinute } from '#shared/domain/headroom/judging/headroom-minute.ts';

/** So many of the last five minutes must forecast the same: one of them may be luck. */
const MIN_FORECASTS = 3;
/** Nearer than an hour there is something to do at once. */
const WARNING_MINUTES = 60;
/** A forecast wobbles more the farther it looks: a warning goes on up to here. */
const KEEPS_WARNING_MINUTES = 90;

/** The newest forecast of the last five minutes, by the clock of the newest one; nothing where there is none. */
function forecastMeasures({ forecasts }: Outlook): Measures {
  for (const [age, forecast] of forecasts.toReversed().entries()) {
    if (forecast === null) continue;
    return {
      slopeRpsPerMinute: forecast.slopeRpsPerMinute,
      minutesToQuota: Math.max(0, forecast.minutesToQuota - age),
      earliestMinutes: Math.max(0, forecast.earliestMinutes - age),
      latestMinutes: Math.max(0, forecast.latestMinutes - age),
      usesEarlierDays: forecast.basis === 'trend-and-earlier-days' ? 1 : 0,
    };
  }
  return {};
}

/**
 * The forecast that holds after a minute: the newest, if enough of the last minutes made one and the quota is still ahead.
 */
export function settledForecast(
  { forecasts }: Outlook,
  account: Pick<MinuteHeadroom, 'usedRatio'>,
): QuotaForecast | null {
  if (isQuotaUsedUp(account)) return null;
  const made = forecasts.filter((forecast) => forecast !== null).length;
  return made >= MIN_FORECASTS ? (forecasts.at(-1) ?? null) : null;
}

function verdictOf(minute: HeadroomMinute): Judgement['verdict'] {
  const { trend } = minute.outlook;
  if (trend === null || isQuotaUsedUp(minute.account) || !isClimbing(trend)) return 'clean';
  return settledForecast(minute.outlook, minute.account) === null ? 'borderline' : 'breach';
}

/**
 * When the account will reach its quota. Never critical: it may come otherwise, and when it is reached, other findings
 * say so. No judgement where too few minutes have data.
 */
export function judgeForecast(minute: HeadroomMinute): Judgement[] {
  const { account, quota, accountScope, outlook } = minute;
  if (outlook.trend === null) return [];
  const measures = forecastMeasures(outlook);
  const { minutesToQuota = 0 } = measures;
  return [
    {
      kind: 'headroom.forecast',
      scope: accountScope,
      verdict: verdictOf(minute),
      severity: minutesToQuota <= WARNING_MINUTES ? 'warning' : 'info',
      keepsOpen: minutesToQuota <= KEEPS_WARNING_MINUTES ? 'warning' : 'info',
      latest: {
        demandRps: account.demandRps,
        usedRatio: account.usedRatio,
        quotaRps: quota.rateRps,
        ...measures,
      },
      sums: {},
      peaks: { demandRps: account.demandRps, usedRatio: account.usedRatio },
    },
  ];
}

import { renderBar } from '#cli/render/bar.ts';
import { blindParts } from '#cli/render/headroom-blind.ts';
import { findingLines } from '#cli/render/headroom-findings.ts';
import { stageParts } from '#cli/render/headroom-stages.ts';
import { renderSparkline } from '#cli/render/sparkline.ts';
import { clean } from '#cli/render/terminal.ts';
import type { TextStyle } from '#cli/render/text-style.ts';
import { hang, hangParts } from '#cli/render/wrap.ts';
import { formatCount, formatDuration, formatRatio, formatRps } from '#shared/domain/findings/format.ts';
import { describeQuotaInForce } from '#shared/domain/findings/quota-words.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';
import { LEVELS } from '#shared/domain/headroom/demand/quota-use.ts';
import type { QuotaForecast } from '#shared/domain/headroom/forecast/forecast-quota.ts';
import {
  type HeadroomSurvey,
  newestMinute,
  type SurveyedMinute,
} from '#shared/domain/headroom/survey/headroom-survey.ts';

const MINUTE_MS = 60_000;

/** What stands between parts of a line. */
const GAP = '   ';

/** The bar of a wide terminal; one that gives way to what stands beside it; and the least that says anything. */
const BAR_CELLS = 40;
const SHORT_BAR_CELLS = 24;
const MIN_BAR_CELLS = 10;

/** How the quota is set by hand. */
const OPTIONS = { rateRps: '--quota-rps', burst: '--quota-burst' } as const;

/** `14:02`; all times are UTC. */
export function clockTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

/** The end of what is known: of the newest minute with requests, else of the range. */
function completeToMs(survey: HeadroomSurvey): number {
  const newest = newestMinute(survey);
  return newest === null ? survey.toMs : newest.minuteMs + MINUTE_MS;
}

function headLines(survey: HeadroomSurvey, { colors, columns }: TextStyle): string[] {
  const { scope, quota, atMs } = survey;
  const account = /^\d{12}$/.test(scope.accountId) ? ` ${scope.accountId}` : '';
  const place = `${clean(scope.region)}${account}`;
  const limits = `quota ${describeQuotaInForce(quota, OPTIONS)}`;
  const times = `${clockTime(atMs)} UTC, complete to ${clockTime(completeToMs(survey))}`;
  const room = columns - place.length - 2 - limits.length - times.length;
  if (room >= 2) return [`${colors.bold(place)}  ${limits}${' '.repeat(room)}${times}`];
  const gap = Math.max(2, columns - place.length - times.length);
  return [`${colors.bold(place)}${' '.repeat(gap)}${times}`, ...hang('', limits, columns)];
}

function paintUse(usedRatio: number, { colors }: TextStyle): (text: string) => string {
  if (usedRatio >= LEVELS.critical) return colors.red;
  return usedRatio >= LEVELS.warning ? colors.yellow : colors.cyan;
}

function peakPart(seconds: readonly MinuteHeadroom[]): string {
  const [first, ...others] = seconds;
  if (first === undefined) return '';
  const { peakRps, peakUsedRatio, peakAtMs } = others.reduce(
    (peak, minute) => (minute.peakRps > peak.peakRps ? minute : peak),
    first,
  );
  const at = new Date(peakAtMs).toISOString().slice(11, 19);
  return `peak second ${formatRps(peakRps)} (${formatRatio(peakUsedRatio)}) at ${at}`;
}

function bucketPart(seconds: readonly MinuteHeadroom[]): string {
  const tokensLeft = Math.min(...seconds.map((minute) => minute.tokensLeft));
  const secondsAtZero = seconds.reduce((sum, minute) => sum + minute.secondsAtZero, 0);
  return secondsAtZero > 0
    ? `bucket empty for ${formatDuration(secondsAtZero)}`
    : `bucket never below ${formatCount(tokensLeft)}`;
}

function silentWords(survey: HeadroomSurvey): string {
  const last = survey.minutes.at(-1);
  if (last !== undefined)
    return `no requests counted since ${clockTime(last.minuteMs + MINUTE_MS)} UTC: there were none, or their metrics have not come`;
  if (survey.stagesKnown === 0) return 'there is no API here';
  const minutes = (survey.toMs - survey.fromMs) / MINUTE_MS;
  return `no requests in ${minutes} minutes, or no metrics of them yet`;
}

/** As long as may be: beside the rest of the line if that leaves enough of it, else alone with the rate. */
function barCells(room: number, besideLength: number): number {
  const cells = room - besideLength >= SHORT_BAR_CELLS ? room - besideLength : room;
  return Math.max(MIN_BAR_CELLS, Math.min(BAR_CELLS, cells));
}

function nowLines(survey: HeadroomSurvey, style: TextStyle): string[] {
  const newest = newestMinute(survey);
  if (newest === null) return hang('now   ', silentWords(survey), style.columns);
  const seconds = survey.minutes.flatMap(({ perSecond }) => (perSecond === null ? [] : [perSecond]));
  const beside = seconds.length === 0 ? [] : [peakPart(seconds), bucketPart(seconds)];
  const head = 'now   ';
  // Where refusals are missing from the logs, so is a part of the demand.
  const bound = (newest.perSecond?.clippedSeconds ?? 0) > 0 ? '≥ ' : '';
  const rate = `${bound}${formatRps(newest.demandRps)} rps`;
  const use = formatRatio(newest.usedRatio);
  const cells = barCells(
    style.columns - `${head}${rate}   ${use}`.length,
    beside.join(GAP).length + GAP.length,
  );
  const bar = paintUse(newest.usedRatio, style)(renderBar(newest.usedRatio, cells));
  return hangParts(head, [`${rate}  ${bar} ${use}`, ...beside], GAP, style.columns);
}

function formatMinutes(minutes: number): string {
  return formatDuration(Math.max(1, Math.round(minutes)) * 60);
}

function trendPart(survey: HeadroomSurvey): string {
  const { trend, quota } = survey;
  if (trend === null || newestMinute(survey) === null) return '';
  const { slopeRpsPerMinute: slope, slopeMarginRps } = trend;
  // Uncertain, or so little that it moves nobody nearer to the quota in an hour.
  const isSteady = Math.abs(slope) <= Math.max(slopeMarginRps, (0.01 * quota.rateRps) / 60);
  return isSteady ? 'steady' : `${slope > 0 ? '+' : '−'}${formatRps(Math.abs(slope))} rps/min`;
}

function forecastPart({ minutesToQuota, earliestMinutes, latestMinutes }: QuotaForecast): string {
  // Outwards: an interval of whole minutes must not be narrower than the true one.
  const [from, to] = [Math.floor(earliestMinutes), Math.ceil(latestMinutes)];
  return `→ quota in ${formatMinutes(minutesToQuota)} (80 %: ${from} to ${to} min)`;
}

function historyLines(survey: HeadroomSurvey, { columns }: TextStyle): string[] {
  if (survey.minutes.length === 0) return [];
  const byMinute = new Map<number, SurveyedMinute>(survey.minutes.map((minute) => [minute.minuteMs, minute]));
  const rates: (number | null)[] = [];
  for (let ms = survey.fromMs; ms < survey.toMs; ms += MINUTE_MS)
    rates.push(byMinute.get(ms)?.demandRps ?? null);
  const trend = trendPart(survey);
  const words =
    survey.forecast === null || trend === '' ? trend : `${trend} ${forecastPart(survey.forecast)}`;
  const head = `${rates.length} m`.padEnd(6);
  return hangParts(head, [renderSparkline(rates), ...(words === '' ? [] : [words])], '  ', columns);
}

/** What the reader has to know of the numbers before believing them. */
function sourceLines({ source, minutes }: HeadroomSurvey, { colors, columns }: TextStyle): string[] {
  if (source !== 'service-counts' || minutes.length === 0) return [];
  const words =
    'means of minutes, as API Gateway counts them: peaks within a minute, the burst bucket and 429s need the logs. Deploy Gatewatch (docs/deploy.md), or run gatewatch replay --log-group …';
  return hang('note  ', words, columns).map(colors.dim);
}

/** How close the account is to its throttle, for a terminal. */
export function renderHeadroom(survey: HeadroomSurvey, style: TextStyle): string {
  const lines = [
    ...headLines(survey, style),
    ...nowLines(survey, style),
    ...historyLines(survey, style),
    ...hangParts('top   ', stageParts(survey, style.columns), ' · ', style.columns),
    ...hangParts('blind ', blindParts(survey), ' · ', style.columns),
    ...sourceLines(survey, style),
    ...findingLines(survey, style),
  ];
  return `${lines.join('\n')}\n`;
}

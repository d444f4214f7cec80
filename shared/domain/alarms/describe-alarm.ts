import type { AlarmBand, AlarmChange, AlarmMetric } from '#shared/domain/alarms/alarm-change.ts';
import { plainLine } from '#shared/domain/alarms/plain-line.ts';
import type { Evidence, Link } from '#shared/domain/detection/finding.ts';
import type { Description } from '#shared/domain/findings/description.ts';
import { formatClock, formatCount } from '#shared/domain/findings/format.ts';
import { consolePage } from '#shared/domain/links/console-page.ts';

const MAX_NAME = 120;
const MAX_FACT = 300;
/** Metrics and alarms beyond these are counted only. */
const MAX_LISTED = 3;

/** The alarm's page in the console; none where the console is not public, and where the address would be too long. */
function alarmLinks({ region, name }: AlarmChange): Link[] {
  const fragment = `#alarmsV2:alarm/${encodeURIComponent(name.replace(/\p{Cs}/gu, ''))}`;
  const url = consolePage(region, { path: 'cloudwatch/home', fragment });
  return url === null ? [] : [{ label: 'Alarm', url }];
}

/** `0.0207`, `45,628`: datapoints have up to seventeen digits, of which nobody needs more than four. */
function formatNumber(value: number): string {
  if (Math.abs(value) >= 10_000) return formatCount(value);
  return String(Number(value.toPrecision(4)));
}

function formatBand({ lower, upper }: AlarmBand): string {
  const [from, to] = [lower, upper].map((bound) => (bound === null ? 'open' : formatNumber(bound)));
  return `${from} to ${to}`;
}

function list(items: readonly string[]): string {
  const rest = items.length - MAX_LISTED;
  const shown = items.slice(0, MAX_LISTED).join(' · ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

function describeMetric({ namespace, name, stat, periodSeconds }: AlarmMetric): string {
  const how = [stat, periodSeconds === null ? null : `${periodSeconds} s`].filter((part) => part !== null);
  return `${namespace} ${name}${how.length === 0 ? '' : ` (${how.join(', ')})`}`;
}

function describeDimensions(metrics: readonly AlarmMetric[]): string {
  const pairs = metrics.flatMap(({ dimensions }) =>
    Object.entries(dimensions).map(([name, value]) => `${name} ${value}`),
  );
  return [...new Set(pairs)].join(', ');
}

/** What the alarm's number counts: the metric that it compares, else what its expression is called. */
function unitOf({ metrics, expressions, rule }: AlarmChange): string {
  if (rule !== null) return 'alarms';
  const label = expressions.find(({ returnData, label }) => returnData && label !== null)?.label;
  const name = metrics.find(({ returnData }) => returnData)?.name ?? label ?? metrics[0]?.name;
  return plainLine(name ?? '', MAX_NAME);
}

function measured({ recentDatapoints, threshold, band }: AlarmChange): string | null {
  const value = recentDatapoints.at(-1);
  if (value === undefined) return null;
  const limit =
    band !== null
      ? `band ${formatBand(band)}`
      : threshold === null
        ? ''
        : `threshold ${formatNumber(threshold)}`;
  return `${formatNumber(value)}${limit === '' ? '' : ` (${limit})`}`;
}

function stateEvidence(change: AlarmChange): Evidence[] {
  const { state, changedAtMs } = change;
  if (state === 'INSUFFICIENT_DATA') {
    // A clock without a date: the message itself tells the day.
    const value = `INSUFFICIENT_DATA since ${formatClock(changedAtMs, changedAtMs)}`;
    return [{ label: 'Alarm state', value }];
  }
  const value = measured(change);
  return value === null ? [] : [{ label: state === 'ALARM' ? 'Now' : 'Back at', value }];
}

function fact(label: string, value: string): Evidence[] {
  const line = plainLine(value, MAX_FACT);
  return line === '' ? [] : [{ label, value: line }];
}

function evidenceOf(change: AlarmChange): Evidence[] {
  const { metrics, expressions, rule, triggeringAlarms, reason, description } = change;
  return [
    ...stateEvidence(change),
    ...fact('Metric', list(metrics.map(describeMetric))),
    ...fact('Dimensions', describeDimensions(metrics)),
    ...fact('Expression', list(expressions.map(({ expression }) => expression))),
    ...fact('Rule', rule ?? ''),
    ...fact('Triggered by', list(triggeringAlarms.map(({ name, state }) => `${name} ${state}`))),
    ...fact('Reason', reason),
    ...fact('Description', description),
  ];
}

/** What the newest datapoint was held against: of a band, the bound that it is beyond. */
function expectedOf({ band, threshold, recentDatapoints }: AlarmChange): number | null {
  if (band === null) return threshold;
  const value = recentDatapoints.at(-1);
  return value !== undefined && band.lower !== null && value < band.lower ? band.lower : band.upper;
}

/** Puts the change of an alarm into words. Everything that somebody wrote is cut to one printable line. */
export function describeAlarm(change: AlarmChange): Description {
  const { name, state, rule, triggeringAlarms, recentDatapoints } = change;
  const subject = `CloudWatch alarm ${plainLine(name, MAX_NAME)}`;
  const alarming = triggeringAlarms.filter((alarm) => alarm.state === 'ALARM').length;
  return {
    title: state === 'INSUFFICIENT_DATA' ? `${subject} has no data` : subject,
    value: rule === null ? (recentDatapoints.at(-1) ?? 0) : alarming,
    expected: expectedOf(change),
    unit: unitOf(change),
    evidence: evidenceOf(change),
    links: alarmLinks(change),
    nextStep:
      rule === null
        ? 'Open the alarm: its graph shows when what crossed the line.'
        : 'Open the alarm, and in it those that made it go off.',
  };
}

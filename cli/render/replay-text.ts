import { renderChart } from '#cli/render/chart.ts';
import { renderPosition } from '#cli/render/position.ts';
import { stageLines } from '#cli/render/replay-stages.ts';
import { renderSourceNames } from '#cli/render/source-names.ts';
import { clean } from '#cli/render/terminal.ts';
import { heading, type TextStyle } from '#cli/render/text-style.ts';
import type { HeadroomPoint, ReplayReport } from '#cli/replay/report.ts';
import type { Severity } from '#shared/domain/detection/finding.ts';
import { formatAmount, formatCount, formatRatio, formatRps } from '#shared/domain/findings/format.ts';
import { summarizeIncident } from '#shared/domain/messages/incident-summary.ts';

const CHART_ROWS = 8;
const MAX_FINDINGS = 30;

function minuteOf(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

function inputLines({ input, requests, range }: ReplayReport): string[] {
  const rejected = Object.values(input.rejected).reduce((sum, count) => sum + count, 0);
  const repaired = input.repaired > 0 ? `, ${formatCount(input.repaired)} repaired` : '';
  const lines = [
    `read      ${formatAmount(input.linesRead, 'line')} of ${renderSourceNames(input)}: ${formatAmount(requests.total, 'request')}${repaired}, ${formatCount(rejected)} rejected`,
  ];
  if (range !== null) lines.push(`from      ${minuteOf(range.from)} to ${minuteOf(range.to)} UTC`);
  if (input.outsideRange > 0)
    lines.push(`skipped   ${formatCount(input.outsideRange)} outside of --since and --until`);
  if (input.executionLines > 0)
    lines.push(
      `execution ${formatAmount(input.executionLines, 'line')} of execution logs, which count no request`,
    );
  for (const [reason, count] of Object.entries(input.executionRejected)) {
    lines.push(
      `execution ${formatAmount(count, 'line')} about failures not counted: ${reason} (docs/replay.md#execution-logs)`,
    );
  }
  if (input.repeatedLines > 0)
    lines.push(`repeated  ${formatAmount(input.repeatedLines, 'line')} of payloads that came before`);
  for (const { reason, ...position } of input.firstRejects) {
    lines.push(
      `rejected  ${formatCount(input.rejected[reason] ?? 0)} ${reason}, first ${clean(renderPosition(position))}`,
    );
  }
  if (requests.unidentified > 0) {
    lines.push(
      `unknown   ${formatAmount(requests.unidentified, 'request')} without API and stage; add $context.apiId and $context.stage to the format, or give --inventory`,
    );
  }
  return lines;
}

/** `12:00`, or with the date where the log is longer than two days. */
function axis(fromMs: number, toMs: number, columns: number): string {
  const isLong = toMs - fromMs > 48 * 60 * 60_000;
  const label = (ms: number): string =>
    isLong
      ? new Date(ms).toISOString().slice(5, 16).replace('T', ' ')
      : new Date(ms).toISOString().slice(11, 16);
  const middle = label((fromMs + toMs) / 2);
  const left = label(fromMs);
  const right = label(toMs);
  const gap = Math.max(2, columns - left.length - middle.length - right.length);
  return `${left}${' '.repeat(Math.floor(gap / 2))}${middle}${' '.repeat(Math.ceil(gap / 2))}${right}`;
}

/** What the account throttle refused, by prediction and by the log; 429s of other limits are not its own. */
function refusalLines(quota: string, { series }: ReplayReport['headroom']): string[] {
  const total = (of: (point: HeadroomPoint) => number): number =>
    series.reduce((sum, point) => sum + of(point), 0);
  const predicted = total(({ predictedThrottles }) => predictedThrottles);
  const earlier = total(({ refusedEarlier }) => refusedEarlier);
  const refused = total(({ throttled }) => throttled) - earlier;
  const clipped = series.filter(({ clippedSeconds }) => clippedSeconds > 0).length;
  const logged = refused > 0 ? `≥ ${formatCount(refused)}` : 'none';
  const parts = [quota, `${formatAmount(predicted, 'refusal')} predicted, ${logged} logged`];
  if (earlier > 0) parts.push(`${formatAmount(earlier, '429')} of other limits`);
  const first = parts.join(' · ');
  return clipped === 0
    ? [first]
    : [first, `flat at the quota in ${formatAmount(clipped, 'minute')}: refusals are probably not logged`];
}

function headroomLines({ headroom, range }: ReplayReport, style: TextStyle): string[] {
  const { quotaRps, quotaBurst, peakRps, peakAt, utilisation, series } = headroom;
  const title = heading('Headroom', style);
  const quota = `quota ${formatRps(quotaRps)} rps, burst ${formatCount(quotaBurst)}`;
  if (range === null || peakAt === null) return [title, `${quota} · no request, so nothing is known`];
  const { colors } = style;
  const fromMs = Date.parse(range.from);
  const toMs = Date.parse(range.to);
  const columns = Math.max(20, Math.min(120, style.columns - 10));
  const points = series.map((point) => ({ atMs: Date.parse(point.at), value: point.peakRps }));
  const rows = renderChart({
    points,
    pointMs: 60_000,
    fromMs,
    toMs,
    limit: quotaRps,
    columns,
    rows: CHART_ROWS,
  }).map(
    ({ label, cells, isOver }) => `${label.padStart(7)} ${isOver ? colors.red(cells) : colors.cyan(cells)}`,
  );
  const busiest = `busiest second ${formatRps(peakRps)} rps (${formatRatio(utilisation)}) at ${peakAt.slice(0, 19).replace('T', ' ')}`;
  return [
    title,
    ...refusalLines(quota, headroom),
    busiest,
    colors.dim(`        busiest second of each column, requests per second; ╌ is the quota`),
    ...rows,
    `        ${axis(fromMs, toMs, columns)}`,
  ];
}

function paint(severity: Severity, { colors }: TextStyle): (text: string) => string {
  if (severity === 'critical') return colors.red;
  return severity === 'warning' ? colors.yellow : colors.dim;
}

function findingLines({ findings }: ReplayReport, style: TextStyle): string[] {
  if (findings.length === 0) return [heading('Findings', style), 'none'];
  const lines = findings.slice(0, MAX_FINDINGS).map((finding) => {
    const { severity, kind, startedAt, lastBadAt, status, title } = finding;
    const until = status === 'cleared' ? `to ${minuteOf(lastBadAt).slice(11)}` : 'open';
    const label = paint(severity, style)(severity.padEnd(8));
    return `${label}  ${minuteOf(startedAt)} ${until.padEnd(8)}  ${kind.padEnd(18)}  ${clean(title)}`;
  });
  const more =
    findings.length > MAX_FINDINGS ? [`${findings.length - MAX_FINDINGS} more findings in --json`] : [];
  return [heading(`Findings (${findings.length})`, style), ...lines, ...more];
}

function messageLines({ messages }: ReplayReport, style: TextStyle): string[] {
  if (messages.length === 0) return [heading('Messages', style), 'none would have been sent'];
  const lines = messages.flatMap(({ at, plainText }) => [
    style.colors.dim(`── ${minuteOf(at)} UTC ${'─'.repeat(Math.max(0, Math.min(60, style.columns - 24)))}`),
    ...plainText.split('\n').map(clean),
    '',
  ]);
  return [heading(`Messages to Slack (${messages.length})`, style), ...lines];
}

function incidentLines({ incidents, range }: ReplayReport, style: TextStyle): string[] {
  if (incidents.length === 0) return [heading('Incidents', style), 'none'];
  const lines = incidents.map((incident) => {
    const { severity, openedAt, closedAt, status, findings } = incident;
    const logEndMs = Date.parse(range?.to ?? openedAt);
    const { title: what, endedAtMs, duration } = summarizeIncident(incident, 'closed', logEndMs);
    const isOpen = closedAt === null;
    const end = isOpen
      ? 'open at the end of the log'
      : `to ${minuteOf(new Date(endedAtMs ?? logEndMs).toISOString()).slice(11)}`;
    const more = findings.length > 1 ? `, ${findings.length} findings` : '';
    const merged = status === 'merged' ? ' (part of the account incident)' : '';
    return `${paint(severity, style)(severity.padEnd(8))}  ${minuteOf(openedAt)} ${end} (${duration})${merged}  ${clean(what)}${more}`;
  });
  return [heading(`Incidents (${incidents.length})`, style), ...lines];
}

/** The whole report for a terminal. */
export function renderReplayText(report: ReplayReport, style: TextStyle): string {
  const sections = [
    inputLines(report),
    stageLines(report, style),
    headroomLines(report, style),
    findingLines(report, style),
    incidentLines(report, style),
    messageLines(report, style),
  ];
  return `${sections.flat().join('\n').trimEnd()}\n`;
}

import { type MuteStack, placeOf } from '#cli/mutes/mute-stack.ts';
import { briefly } from '#cli/mutes/report.ts';
import { renderTable } from '#cli/render/table.ts';
import { clean } from '#cli/render/terminal.ts';
import type { TextStyle } from '#cli/render/text-style.ts';
import { hang } from '#cli/render/wrap.ts';
import { describeMatch } from '#shared/domain/findings/describe-held-back.ts';
import { formatAmount, formatClock, formatCount, formatDuration } from '#shared/domain/findings/format.ts';
import type { HeldIncident, Mute } from '#shared/domain/incidents/mute.ts';
import type { MutePreview } from '#shared/domain/incidents/preview-mute.ts';

const HEADER = ['id', 'until', 'held back', 'about', 'by', 'reason'];

/** `16:00 UTC, in 2 h`. */
function untilWords(untilMs: number, nowMs: number): string {
  return `${formatClock(untilMs, nowMs)}, in ${formatDuration((untilMs - nowMs) / 1_000)}`;
}

function incidentLines(
  incidents: readonly HeldIncident[],
  nowMs: number,
  { colors, columns }: TextStyle,
): string[] {
  return incidents.flatMap(({ severity, openedAt, title }) => {
    const color = severity === 'critical' ? colors.red : colors.yellow;
    const since = `since ${formatClock(Date.parse(openedAt), nowMs)}`;
    const [first = '', ...rest] = hang(`  ${severity.padEnd(8)}  ${since}  `, clean(title), columns);
    return [first.replace(severity, color), ...rest];
  });
}

function endCommand(id: string, given: readonly string[]): string {
  return `  ${['gatewatch mutes --end', id, ...given].join(' ')}`;
}

function previewLines({ heldBack, told }: MutePreview, nowMs: number, style: TextStyle): string[] {
  const list = (incidents: MutePreview['told']) =>
    incidentLines(
      incidents.map((incident) => briefly(incident, nowMs)),
      nowMs,
      style,
    );
  if (heldBack.length + told.length === 0) return ['Of what is open now, nothing matches.'];
  return [
    ...(heldBack.length === 0 ? [] : ['Open now, and held back from now on:', ...list(heldBack)]),
    ...(told.length === 0
      ? []
      : ['Open now, and told all the same, since not all of it matches:', ...list(told)]),
  ];
}

/** A mute that was just made, for a terminal. */
export function renderNewMute(
  stack: MuteStack,
  mute: Mute,
  preview: MutePreview,
  given: readonly string[],
  style: TextStyle,
): string {
  const { id, match, createdAtMs: nowMs, untilMs } = mute;
  const about = `${describeMatch(match)} · until ${untilWords(untilMs, nowMs)}`;
  const lines = [
    placeOf(stack),
    '',
    ...hang(`Mute ${id} · `, clean(about), style.columns),
    ...hang(
      '',
      'It holds an incident back if all of its open findings match. What it held back is told when it ends.',
      style.columns,
    ),
    '',
    ...previewLines(preview, nowMs, style),
    '',
    'To end it before:',
    endCommand(id, given),
  ];
  return `${lines.join('\n')}\n`;
}

function heldLines({ id, heldBack }: Mute, nowMs: number, style: TextStyle): string[] {
  const { count, incidents } = heldBack;
  if (count === 0) return [];
  const more = count - incidents.length;
  return [
    '',
    `${style.colors.bold(`Held back by ${id}`)}: ${formatCount(count)}`,
    ...incidentLines(incidents, nowMs, style),
    ...(more > 0 ? [`  and ${formatCount(more)} more`] : []),
  ];
}

/** The active mutes with what they held back so far, for a terminal. */
export function renderMutes(stack: MuteStack, mutes: readonly Mute[], style: TextStyle): string {
  const nowMs = stack.now().getTime();
  const rows = mutes.map(({ id, untilMs, heldBack, match, createdBy, reason }) => [
    id,
    untilWords(untilMs, nowMs),
    formatCount(heldBack.count),
    clean(describeMatch(match)),
    clean(createdBy ?? 'somebody'),
    clean(reason),
  ]);
  const lines = [
    `${placeOf(stack)} · ${mutes.length === 0 ? 'nothing is muted' : formatAmount(mutes.length, 'mute')}`,
    ...(mutes.length === 0 ? [] : ['', ...renderTable(HEADER, rows, { right: [2], columns: style.columns })]),
    ...mutes.flatMap((mute) => heldLines(mute, nowMs, style)),
  ];
  return `${lines.join('\n')}\n`;
}

/** A mute that was just ended, for a terminal. */
export function renderEndedMute(stack: MuteStack, { id, heldBack }: Mute): string {
  const { count } = heldBack;
  const told =
    count === 0
      ? 'It held back nothing, so nothing is told.'
      : `It held back ${formatAmount(count, 'incident')}: a message says within a minute what that was, and what is still open is told.`;
  return `${placeOf(stack)}\nMute ${id} is over. ${told}\n`;
}

import { formatAmount, formatDuration } from '#shared/domain/findings/format.ts';
import type { Announcement } from '#shared/domain/incidents/announcement.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';

const WORD: Readonly<Record<Announcement, string>> = {
  opened: 'open',
  worse: 'worse',
  reopened: 'open again',
  closed: 'closed',
  merged: 'part of the account incident',
  unknown: 'unknown',
  changed: 'open',
};

/** `CRITICAL open: Account throttle exhausted (us-east-1 · 1234-5678-9012)`: one line, for subjects and notifications. */
export function renderHeadline({ announcement, severity, title, place }: IncidentSummary): string {
  return `${severity.toUpperCase()} ${WORD[announcement]}: ${title} (${place})`;
}

function isoMinute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** The whole message as plain text, for mail and for terminals without links. */
export function renderText(summary: IncidentSummary): string {
  const { facts, nextStep, links, openedAtMs, endedAtMs, duration, dataDelaySeconds, findingsLeftOut } =
    summary;
  const width = Math.max(0, ...facts.map(({ label }) => label.length), 'Next'.length);
  const line = (label: string, value: string): string => `${label.padEnd(width)}  ${value}`;
  return [
    renderHeadline(summary),
    ...facts.map(({ label, value }) => line(label, value)),
    ...(findingsLeftOut === 0 ? [] : [line('', formatAmount(findingsLeftOut, 'more finding'))]),
    ...(nextStep === null ? [] : [line('Next', nextStep)]),
    ...links.map(({ label, url }) => line('', `${label}: ${url}`)),
    endedAtMs === null
      ? line(
          'Since',
          `${isoMinute(openedAtMs)}, open ${duration} · data ${formatDuration(dataDelaySeconds)} old`,
        )
      : line('From', `${isoMinute(openedAtMs)} to ${isoMinute(endedAtMs)} (${duration}); clean since then`),
  ].join('\n');
}

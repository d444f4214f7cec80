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

/** What nobody knows of an incident that nothing judges any more. */
export const UNKNOWN_WORDS = 'nothing has judged this since; it may be over, or worse';

/** `CRITICAL open: Account throttle exhausted (us-east-1 · 1234-5678-9012)`: one line, for subjects and notifications. */
export function renderHeadline({ announcement, severity, title, place, isDrill }: IncidentSummary): string {
  const headline = `${severity.toUpperCase()} ${WORD[announcement]}: ${title} (${place})`;
  return isDrill ? `DRILL ${headline}` : headline;
}

function isoMinute(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

type Line = readonly [label: string, value: string];

function whenLine(summary: IncidentSummary): Line {
  const { announcement, openedAtMs, endedAtMs, duration, dataDelaySeconds, unknownSinceMs } = summary;
  const opened = isoMinute(openedAtMs);
  const after = summary.isJudged ? '; clean since then' : '';
  if (endedAtMs !== null) return ['From', `${opened} to ${isoMinute(endedAtMs)} (${duration})${after}`];
  if (announcement === 'merged') return ['Since', `${opened}; goes on in the incident of the account`];
  if (unknownSinceMs !== null) return ['Since', opened];
  const data = summary.isJudged ? ` · data ${formatDuration(dataDelaySeconds)} old` : '';
  return ['Since', `${opened}, open ${duration}${data}`];
}

/** What a reader has to know about the message itself. */
function remarksOf({ isDrill, unknownSinceMs, mutedUntilMs, isRepeat }: IncidentSummary): Line[] {
  const remarks: (Line | null)[] = [
    isDrill ? ['Test', 'somebody made it: nothing is wrong'] : null,
    unknownSinceMs === null ? null : ['Unknown', `since ${isoMinute(unknownSinceMs)}: ${UNKNOWN_WORDS}`],
    mutedUntilMs === null ? null : ['Muted', `until ${isoMinute(mutedUntilMs)}`],
    isRepeat ? ['Repeat', 'may have come before: it was not confirmed'] : null,
  ];
  return remarks.filter((remark) => remark !== null);
}

/** The whole message as plain text, for mail and for terminals without links. */
export function renderText(summary: IncidentSummary): string {
  const { facts, nextStep, links, findingsLeftOut } = summary;
  const lines: Line[] = [
    ...remarksOf(summary),
    ...facts.map(({ label, value }): Line => [label, value]),
    ...(findingsLeftOut === 0 ? [] : [['', formatAmount(findingsLeftOut, 'more finding')] as const]),
    ...(nextStep === null ? [] : [['Next', nextStep] as const]),
    ...links.map(({ label, url }): Line => ['', `${label}: ${url}`]),
    whenLine(summary),
  ];
  const labels = [...remarksOf(summary).map(([label]) => label), ...facts.map(({ label }) => label), 'Next'];
  const width = Math.max(...labels.map(({ length }) => length));
  return [renderHeadline(summary), ...lines.map(([label, value]) => `${label.padEnd(width)}  ${value}`)].join(
    '\n',
  );
}

import type { Evidence, Finding } from '#shared/domain/detection/finding.ts';
import { formatCount } from '#shared/domain/findings/format.ts';
import type { Changes } from '#shared/domain/incidents/changes.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';
import { DRILL_MARK, markOf } from '#shared/domain/messages/mark.ts';
import { cut, escapeMrkdwn, slackDate, toLine } from '#shared/domain/messages/mrkdwn.ts';
import {
  context,
  factLine,
  remarksOf,
  type SlackMessage,
  section,
} from '#shared/domain/messages/render-slack.ts';
import { renderHeadline, UNKNOWN_WORDS } from '#shared/domain/messages/render-text.ts';

/** More than these are counted only: the incident's message tells them all. */
const MAX_NAMED_FINDINGS = 3;
/** Of each finding. */
const MAX_FACTS = 2;
const MAX_CLOSING_FACTS = 3;
const MAX_TITLE = 150;
const MAX_FACT = 200;
const MAX_TEXT = 1_000;

function shorten({ label, value }: Evidence): Evidence {
  return { label, value: cut(toLine(value), MAX_FACT) };
}

/** What is most worth knowing at the end: how bad it got, and what it cost. */
function closingFacts({ facts }: IncidentSummary): readonly Evidence[] {
  const told = facts.filter(({ label }) => /^(At worst|Cost|Was silent|Stood still)/.test(label));
  return (told.length > 0 ? told : facts).slice(0, MAX_CLOSING_FACTS);
}

function titleOf({ title }: Finding): string {
  return cut(escapeMrkdwn(title), MAX_TITLE);
}

function joinedLines({ title, evidence }: Finding): string[] {
  const head = `• *${cut(escapeMrkdwn(title).replaceAll('*', ''), MAX_TITLE)}*`;
  return [head, ...evidence.slice(0, MAX_FACTS).map((fact) => `   ${factLine(shorten(fact))}`)];
}

/** Without what the head of the message tells already, or another finding before. */
function withoutRepeats(joined: readonly Finding[], { title }: IncidentSummary, isTold: boolean): Finding[] {
  const told = new Set<string>();
  return joined
    .filter((finding) => !isTold || finding.title !== title)
    .map((finding) => ({
      ...finding,
      evidence: finding.evidence.filter(({ label, value }) => {
        const isNew = !told.has(`${label} ${value}`);
        told.add(`${label} ${value}`);
        return isNew;
      }),
    }));
}

/** Some by name, and how many there are more. */
function listFindings(
  head: string,
  findings: readonly Finding[],
  linesOf: (finding: Finding) => string[],
): string[] {
  if (findings.length === 0) return [];
  const more = findings.length - MAX_NAMED_FINDINGS;
  return [
    head,
    ...findings.slice(0, MAX_NAMED_FINDINGS).flatMap(linesOf),
    ...(more > 0 ? [`_and ${formatCount(more)} more_`] : []),
  ];
}

/** What has happened, in a few words; `fact` is the one to tell with it. */
function headOf(summary: IncidentSummary, { announcement }: Changes): { words: string; fact: boolean } {
  const { severity, duration, unknownSinceMs } = summary;
  switch (announcement) {
    case 'opened':
      return { words: `Open, ${severity}`, fact: true };
    case 'worse':
      return { words: `Worse: now ${severity}`, fact: true };
    case 'reopened':
      return { words: `Open again, ${severity}`, fact: true };
    case 'closed':
      return { words: `Closed after ${duration}`, fact: false };
    case 'merged':
      return { words: 'Part of the incident of the account', fact: false };
    case 'unknown':
      return {
        words: unknownSinceMs === null ? 'Unknown' : `Unknown since ${slackDate(unknownSinceMs)}`,
        fact: false,
      };
    case 'changed':
      return { words: 'Changed', fact: false };
  }
}

/** What the words mean for the reader; nothing where they say it all. */
function bodyOf(
  summary: IncidentSummary,
  { announcement, joined, ended }: Changes,
  isTold: boolean,
): string[] {
  if (announcement === 'closed') return closingFacts(summary).map((fact) => factLine(shorten(fact)));
  if (announcement === 'merged') return ['It explains this one: what happens next is told there.'];
  const news = [
    ...listFindings('*New*', withoutRepeats(joined, summary, isTold), joinedLines),
    ...listFindings('*Over*', ended, (finding) => [`• ${titleOf(finding)}`]),
  ];
  return announcement === 'unknown' ? [`N${UNKNOWN_WORDS.slice(1)}.`, ...news] : news;
}

function leadingFact({ facts }: IncidentSummary): string[] {
  const [fact] = facts;
  return fact === undefined ? [] : [cut(escapeMrkdwn(fact.value), MAX_FACT)];
}

/** Nobody has to open the thread to see which incident a notification is about. */
function notificationText(summary: IncidentSummary, { announcement }: Changes, mark: string): string {
  const headline = `${mark} ${renderHeadline({ ...summary, announcement })}`;
  const lines = [
    summary.isDrill ? `🧪 ${headline}` : headline,
    ...summary.facts.slice(0, 1).map(({ label, value }) => `${label}: ${value}`),
  ];
  return cut(lines.map(escapeMrkdwn).join('\n'), MAX_TEXT);
}

/**
 * Renders what is new about an incident as a short message for its thread, within all limits of Block Kit; everything
 * that may come from a log is escaped.
 *
 * @param summary - Of the newest state
 */
export function renderSlackReply(summary: IncidentSummary, changes: Changes): SlackMessage {
  const { announcement } = changes;
  const mark = announcement === 'changed' ? 'ℹ️' : markOf({ ...summary, announcement });
  const { words, fact } = headOf(summary, changes);
  const head = [
    `${summary.isDrill ? `${DRILL_MARK} ` : ''}${mark} *${words}*`,
    ...(fact ? leadingFact(summary) : []),
  ].join(' · ');
  const remarks = remarksOf(summary);
  return {
    text: notificationText(summary, changes, mark),
    blocks: [
      section([head, ...bodyOf(summary, changes, fact)].join('\n')),
      ...(remarks.length === 0 ? [] : [context(remarks.join(' · '))]),
    ],
  };
}

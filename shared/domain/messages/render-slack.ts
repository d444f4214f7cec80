import type { ContextBlock, KnownBlock, SectionBlock } from '@slack/types';
import type { Evidence, Link } from '#shared/domain/detection/finding.ts';
import { formatAmount, formatDuration } from '#shared/domain/findings/format.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';
import { DRILL_MARK, markOf } from '#shared/domain/messages/mark.ts';
import { cut, escapeMrkdwn, slackDate, toLine } from '#shared/domain/messages/mrkdwn.ts';
import { renderHeadline, UNKNOWN_WORDS } from '#shared/domain/messages/render-text.ts';

/** A Slack message: blocks, and the text that notifications show. */
export type SlackMessage = { readonly text: string; readonly blocks: KnownBlock[] };

/**
 * Block Kit limits, in characters.
 *
 * @see {@link https://docs.slack.dev/reference/block-kit/blocks/}
 */
const MAX_HEADER = 150;
const MAX_BUTTON = 75;
const MAX_URL = 3_000;
const MAX_BUTTONS = 5;

/**
 * Far below the 3,000 of a section: Slack refuses a message of more than about 13,200 characters in all, which it does
 * not document (`msg_blocks_too_long`), and nobody reads as much on a phone.
 *
 * @see {@link https://github.com/slackapi/bolt-js/issues/2509}
 */
const MAX_SECTION = 2_400;
/** Of all buttons of a message together, for the same reason. */
const MAX_URLS = 4_500;
const MAX_LABEL = 60;
const MAX_VALUE = 500;
const MAX_FACTS = 10;
/** For the line that says how many are not shown. */
const MORE_ROOM = 60;
/** Account and Region; leaves room for the rest of the line, which has to stay whole. */
const MAX_PLACE = 200;
/** Facts that a notification tells. */
const MAX_TOLD_FACTS = 3;
const MAX_TEXT = 1_000;

/** A section of mrkdwn. `verbatim`: Slack is not to make links and mentions of what only looks like one. */
export function section(mrkdwn: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: cut(mrkdwn, MAX_SECTION), verbatim: true } };
}

/** Small grey text of mrkdwn. */
export function context(mrkdwn: string): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: mrkdwn, verbatim: true }] };
}

/** `*Now*  10,240 rps of 10,000`; of a value that is a list too long, the beginning. */
export function factLine({ label, value }: Evidence): string {
  const shownValue = cut(escapeMrkdwn(value), MAX_VALUE) || '–';
  const shownLabel = cut(escapeMrkdwn(label).replaceAll('*', ''), MAX_LABEL);
  return shownLabel === '' ? shownValue : `*${shownLabel}*  ${shownValue}`;
}

/** As many whole lines as there are room and use for, and how many there are more. */
function firstLines(lines: readonly string[], room: number): string[] {
  let left = room - MORE_ROOM;
  const taken = lines.slice(0, MAX_FACTS).filter((line) => {
    left -= line.length + 1;
    return left >= 0;
  });
  const more = lines.length - taken.length;
  return more === 0 ? taken : [...taken, `_and ${formatAmount(more, 'more fact')}_`];
}

/** What to do and what nobody knows always stand there, whatever the facts are. */
function factLines({ facts, nextStep, findingsLeftOut, unknownSinceMs }: IncidentSummary): string {
  const first =
    unknownSinceMs === null ? [] : [`*Unknown* since ${slackDate(unknownSinceMs)}: ${UNKNOWN_WORDS}`];
  const last = [
    ...(nextStep === null ? [] : [factLine({ label: 'Next', value: nextStep })]),
    ...(findingsLeftOut === 0 ? [] : [`_${formatAmount(findingsLeftOut, 'more finding')}_`]),
  ];
  const taken = [...first, ...last].join('\n').length;
  return [...first, ...firstLines(facts.map(factLine), MAX_SECTION - taken), ...last].join('\n');
}

function whenWords(summary: IncidentSummary): string {
  const { announcement, openedAtMs, endedAtMs, duration, dataDelaySeconds, unknownSinceMs } = summary;
  const opened = slackDate(openedAtMs);
  if (endedAtMs !== null) {
    const after = summary.isJudged ? '; clean since then' : '';
    return `lasted ${duration}, ${opened} to ${slackDate(endedAtMs)}${after}`;
  }
  if (announcement === 'merged') return `since ${opened} · goes on in the incident of the account`;
  if (unknownSinceMs !== null) return `since ${opened} · ❔ unknown since ${slackDate(unknownSinceMs)}`;
  const data = summary.isJudged ? ` · data ${formatDuration(dataDelaySeconds)} old` : '';
  return `open ${duration}, since ${opened}${data}`;
}

/** What a reader has to know about the message itself. */
export function remarksOf({ isDrill, mutedUntilMs, isRepeat }: IncidentSummary): string[] {
  return [
    isDrill ? '🧪 a drill: nothing is wrong' : [],
    mutedUntilMs === null ? [] : `🔕 muted until ${slackDate(mutedUntilMs)}`,
    isRepeat ? 'may have come before: Slack did not confirm it' : [],
  ].flat();
}

function contextLine(summary: IncidentSummary): string {
  const place = cut(escapeMrkdwn(summary.place), MAX_PLACE);
  return [place, whenWords(summary), ...remarksOf(summary)].filter((part) => part !== '').join(' · ');
}

/** Slack refuses a whole message for one button that it does not like. */
function isButton({ label, url }: Link): boolean {
  return toLine(label) !== '' && url.length <= MAX_URL && /^https?:\/\/[!-~]+$/.test(url);
}

/** The first links, which are the most useful ones, as far as there is room. */
function buttonsOf(links: readonly Link[]): Link[] {
  let room = MAX_URLS;
  const fitting = links.filter((link) => {
    const fits = isButton(link) && link.url.length <= room;
    if (fits) room -= link.url.length;
    return fits;
  });
  return fitting.slice(0, MAX_BUTTONS);
}

/** What a notification shows: the headline, and the main facts as far as they fit. */
function notificationText(summary: IncidentSummary): string {
  const facts = summary.facts
    .slice(0, MAX_TOLD_FACTS)
    .map(({ label, value }) => `${toLine(label)}: ${cut(toLine(value), MAX_VALUE)}`);
  const headline = `${markOf(summary)} ${renderHeadline(summary)}`;
  const lines = [summary.isDrill ? `🧪 ${headline}` : headline, ...facts];
  return cut(lines.map(escapeMrkdwn).join('\n'), MAX_TEXT);
}

/** The mark of the state and the title, as plain text. */
function headerText(summary: IncidentSummary): string {
  const title = toLine(summary.title);
  const mark = markOf(summary);
  const header = summary.isDrill
    ? `${DRILL_MARK} ${mark} ${title.replace(/^Drill: /, '')}`
    : `${mark} ${title}`;
  return cut(header.trim(), MAX_HEADER);
}

/** Renders an incident within all limits of Block Kit; everything that may come from a log is escaped. */
export function renderSlackMessage(summary: IncidentSummary): SlackMessage {
  const blocks: KnownBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: headerText(summary), emoji: true } },
  ];
  const lines = factLines(summary);
  if (lines !== '') blocks.push(section(lines));
  const buttons = buttonsOf(summary.links);
  if (buttons.length > 0) {
    blocks.push({
      type: 'actions',
      elements: buttons.map(({ label, url }) => ({
        type: 'button',
        text: { type: 'plain_text', text: cut(toLine(label), MAX_BUTTON) },
        url,
      })),
    });
  }
  blocks.push(context(contextLine(summary)));
  return { text: notificationText(summary), blocks };
}

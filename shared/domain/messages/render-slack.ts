import type { KnownBlock } from '@slack/types';
import type { Link } from '#shared/domain/detection/finding.ts';
import { formatAmount, formatDuration } from '#shared/domain/findings/format.ts';
import type { Announcement } from '#shared/domain/incidents/announcement.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';
import { renderHeadline } from '#shared/domain/messages/render-text.ts';

/** A Slack message: blocks, and the text that notifications show. */
export type SlackMessage = { readonly text: string; readonly blocks: KnownBlock[] };

/**
 * Block Kit limits, in characters.
 *
 * @see {@link https://docs.slack.dev/reference/block-kit/blocks/}
 */
const MAX_HEADER = 150;
const MAX_SECTION = 3_000;
const MAX_BUTTON = 75;
const MAX_URL = 3_000;
const MAX_BUTTONS = 5;
/** Account and Region; leaves room for the rest of the line, which has to stay whole. */
const MAX_PLACE = 200;

const MARK: Readonly<Record<Announcement, string>> = {
  opened: '🔴',
  worse: '🔴',
  reopened: '🔴',
  closed: '✅',
  merged: '↪️',
  unknown: '❔',
  changed: 'ℹ️',
};

/**
 * Makes text harmless for mrkdwn, so that `<!channel>` in a log pings nobody.
 *
 * @see {@link https://docs.slack.dev/messaging/formatting-message-text/}
 */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Cuts to a limit without splitting a surrogate pair or an entity. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$|&[a-z]{0,3}$/, '')}…`;
}

/** A time in the reader's own zone. */
function slackDate(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `<!date^${Math.floor(ms / 1_000)}^{date_short_pretty} {time_secs}|${iso}>`;
}

function markOf({ announcement, severity }: IncidentSummary): string {
  const isOngoing = announcement !== 'closed' && announcement !== 'merged';
  return isOngoing && severity !== 'critical' ? '🟠' : MARK[announcement];
}

function factLines({ facts, nextStep, findingsLeftOut }: IncidentSummary): string {
  const lines = facts.map(({ label, value }) => `*${escapeMrkdwn(label)}*  ${escapeMrkdwn(value)}`);
  if (nextStep !== null) lines.push(`*Next*  ${escapeMrkdwn(nextStep)}`);
  if (findingsLeftOut > 0) lines.push(`_${formatAmount(findingsLeftOut, 'more finding')}_`);
  return cut(lines.join('\n'), MAX_SECTION);
}

function contextLine({ openedAtMs, endedAtMs, duration, dataDelaySeconds, place }: IncidentSummary): string {
  const when =
    endedAtMs === null
      ? `open ${duration}, since ${slackDate(openedAtMs)} · data ${formatDuration(dataDelaySeconds)} old`
      : `lasted ${duration}, ${slackDate(openedAtMs)} to ${slackDate(endedAtMs)}; clean since then`;
  return `${cut(escapeMrkdwn(place), MAX_PLACE)} · ${when}`;
}

/** Slack refuses a whole message for one button that it does not like. */
function isButton({ label, url }: Link): boolean {
  return label.trim() !== '' && url.length <= MAX_URL && /^https?:\/\/[^\s]+$/.test(url);
}

/** Renders an incident within all limits of Block Kit; everything that may come from a log is escaped. */
export function renderSlackMessage(summary: IncidentSummary): SlackMessage {
  const blocks: KnownBlock[] = [
    {
      type: 'header',
      text: { type: 'plain_text', text: cut(`${markOf(summary)} ${summary.title}`, MAX_HEADER), emoji: true },
    },
  ];
  const lines = factLines(summary);
  if (lines !== '') blocks.push({ type: 'section', text: { type: 'mrkdwn', text: lines } });
  const links = summary.links.filter(isButton).slice(0, MAX_BUTTONS);
  if (links.length > 0) {
    blocks.push({
      type: 'actions',
      elements: links.map(({ label, url }) => ({
        type: 'button',
        text: { type: 'plain_text', text: cut(label, MAX_BUTTON) },
        url,
      })),
    });
  }
  blocks.push({ type: 'context', elements: [{ type: 'mrkdwn', text: contextLine(summary) }] });
  return { text: cut(escapeMrkdwn(renderHeadline(summary)), MAX_SECTION), blocks };
}

import type { Announcement } from '#shared/domain/incidents/announcement.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';
import { type SlackMessage, section } from '#shared/domain/messages/render-slack.ts';

/**
 * Slack's notation for everybody who is there, a group, or a person.
 *
 * @see {@link https://docs.slack.dev/messaging/formatting-message-text/}
 */
const MENTION = /^<(!here|!channel|!everyone|!subteam\^S[A-Z0-9]{1,20}|@[UW][A-Z0-9]{1,20})>$/;

const PINGS: readonly Announcement[] = ['opened', 'worse', 'reopened'];

/** True for text that pings somebody in Slack, and is nothing else: `<!here>`, `<!subteam^S0123>`, `<@U0123>`. */
export function isMention(text: string): boolean {
  return MENTION.test(text);
}

/** True if somebody is to be called: something critical has begun or become critical, or somebody tries whether that works. */
export function isWorthMention({ announcement, severity }: IncidentSummary): boolean {
  return severity === 'critical' && PINGS.includes(announcement);
}

/** Adds a mention, which is not escaped: to the text for notifications, and to what is shown, for it only pings there. */
export function addMention({ text, blocks }: SlackMessage, mention: string): SlackMessage {
  return {
    text: `${mention} ${text}`,
    blocks: [...blocks, section(mention)],
  };
}

import type { WebClient } from '@slack/web-api';
import { type CallSlack, createCallSlack, type SlackAnswer } from '#shared/adapters/slack-call.ts';
import { createSlackFindSent, METADATA_EVENT } from '#shared/adapters/slack-find-sent.ts';
import type { SecretReader } from '#shared/adapters/ssm-read-secret.ts';
import type { OutgoingMessage, Receiver, SendOutcome } from '#shared/application/receiver-ports.ts';
import type { Severity } from '#shared/domain/detection/finding.ts';
import { addMention, isMention, isWorthMention } from '#shared/domain/messages/mention.ts';
import { renderSlackMessage, type SlackMessage } from '#shared/domain/messages/render-slack.ts';
import { renderSlackReply } from '#shared/domain/messages/render-slack-reply.ts';

/**
 * One message a second and channel may be posted; `chat.update` is of Tier 3, which has 50 a minute.
 *
 * @see {@link https://docs.slack.dev/apis/web-api/rate-limits/}
 */
const INTERVAL_MS = 1_200;

/** What says that a message cannot be edited or answered any more. */
const GONE = new Set(['message_not_found', 'cant_update_message', 'thread_not_found', 'edit_window_closed']);

type Posted = Awaited<ReturnType<WebClient['chat']['postMessage']>>;

/** What a post and a reply have in common. */
function createPostArguments(
  { token, incident }: Extract<OutgoingMessage, { readonly token: string }>,
  { text, blocks }: SlackMessage,
) {
  return {
    text,
    blocks,
    metadata: { event_type: METADATA_EVENT, event_payload: { token, incident_id: incident.id } },
    unfurl_links: false,
    unfurl_media: false,
  };
}

function outcomeOf<Result>(answer: SlackAnswer<Result>, sent: (result: Result) => SendOutcome): SendOutcome {
  if (answer.type === 'ok') return sent(answer.result);
  return answer.type === 'refused' && GONE.has(answer.reason) ? { type: 'gone' } : answer;
}

function placeOf({ channel, ts }: Posted): SendOutcome {
  if (channel === undefined || ts === undefined) return { type: 'unknown', reason: 'unreadable answer' };
  return { type: 'sent', place: { channel, ts } };
}

function createSend(callSlack: CallSlack, channel: string, mention: string | null) {
  function withMention(rendered: SlackMessage, { summary }: OutgoingMessage): SlackMessage {
    return mention !== null && isWorthMention(summary) ? addMention(rendered, mention) : rendered;
  }

  return async (message: OutgoingMessage): Promise<SendOutcome> => {
    const { step, summary } = message;
    if (step === 'post') {
      const rendered = withMention(renderSlackMessage(summary), message);
      const args = { channel, ...createPostArguments(message, rendered) };
      return outcomeOf(await callSlack(({ chat }) => chat.postMessage(args)), placeOf);
    }
    if (step === 'edit') {
      // Left alone, `parse` would make links of names in the text, unlike in a post.
      const args = { ...message.place, ...renderSlackMessage(summary), parse: 'none' as const };
      const { place } = message;
      return outcomeOf(await callSlack(({ chat }) => chat.update(args)), () => ({ type: 'sent', place }));
    }
    const { place, changes, isBroadcast } = message;
    const reply = renderSlackReply(summary, changes);
    const rendered = createPostArguments(message, isBroadcast ? withMention(reply, message) : reply);
    const inThread = { channel: place.channel, thread_ts: place.ts, ...rendered };
    const args = isBroadcast ? { ...inThread, reply_broadcast: true as const } : inThread;
    return outcomeOf(await callSlack(({ chat }) => chat.postMessage(args)), (posted) =>
      // Slack puts a reply to a deleted message into the channel itself, and answers with ok.
      posted.message?.thread_ts === undefined ? { type: 'gone' } : placeOf(posted),
    );
  };
}

/** What is needed to tell a channel. */
export type SlackBotSettings = {
  /** The bot's token, which appears in no outcome and no error. */
  readonly token: SecretReader;
  /** The channel's id, such as `C0123456789`. Its name does for posting, but not for looking for what was posted. */
  readonly channel: string;
  readonly minSeverity: Severity;
  /** Whom to call when something critical begins, as {@link isMention} takes it; `null` for nobody. */
  readonly mention: string | null;
  /** Where Slack's methods are, if not at Slack. */
  readonly apiUrl?: string;
};

/**
 * Tells a Slack channel through a bot: one message for each incident, edited in place, with its updates in its thread.
 *
 * @throws {Error} If the mention is none
 */
export function createSlackBotReceiver(settings: SlackBotSettings): Receiver {
  const { token, channel, minSeverity, mention, apiUrl } = settings;
  if (mention !== null && !isMention(mention)) throw new Error(`${mention} mentions nobody in Slack`);
  const callSlack = createCallSlack(token, apiUrl);
  return {
    canEdit: true,
    minSeverity,
    intervalMs: INTERVAL_MS,
    send: createSend(callSlack, channel, mention),
    find: createSlackFindSent(callSlack, channel),
  };
}

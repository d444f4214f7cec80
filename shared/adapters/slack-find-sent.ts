import type { WebClient } from '@slack/web-api';
import type { CallSlack, SlackAnswer } from '#shared/adapters/slack-call.ts';
import type { FindSent } from '#shared/application/receiver-ports.ts';

/** The type of the metadata of our messages, by which they are known again. */
export const METADATA_EVENT = 'gatewatch_incident';

/** How far Slack's clock may be behind ours. */
const CLOCK_DIFFERENCE_MS = 60_000;

/**
 * Slack advises against more than 200 in a page.
 *
 * @see {@link https://docs.slack.dev/apis/web-api/pagination/}
 */
const PAGE_SIZE = 200;
const MAX_PAGES = 5;

type History = Awaited<ReturnType<WebClient['conversations']['history']>>;
type Listed = NonNullable<History['messages']>[number];
type Page = Pick<History, 'ok' | 'response_metadata'> & {
  readonly messages?: readonly Pick<Listed, 'ts' | 'metadata'>[];
};

function isOurs({ metadata }: Pick<Listed, 'metadata'>, token: string): boolean {
  const { event_type: type, event_payload: payload } = metadata ?? {};
  return type === METADATA_EVENT && (payload as { readonly token?: unknown } | undefined)?.token === token;
}

type Found = Awaited<ReturnType<FindSent>>;

/** What it means that Slack does not show a page. What it cannot answer now is put off: to look again does no harm. */
function withoutPage(answer: Exclude<SlackAnswer<Page>, { readonly type: 'ok' }>): Found {
  if (answer.type === 'put-off') return answer;
  if (answer.type === 'unknown') return { type: 'put-off', reason: answer.reason, retryAfterMs: null };
  // Without its thread a reply is nowhere.
  if (answer.reason === 'thread_not_found') return { type: 'not-found' };
  return { type: 'blind', reason: answer.reason };
}

/**
 * Looks among what a channel, or a thread of it, was told since a time.
 *
 * @param channel - Its id; by name nothing can be looked for
 */
export function createSlackFindSent(callSlack: CallSlack, channel: string): FindSent {
  return async ({ token, sinceMs, thread }) => {
    const where = {
      channel: thread?.channel ?? channel,
      oldest: ((sinceMs - CLOCK_DIFFERENCE_MS) / 1_000).toFixed(6),
      limit: PAGE_SIZE,
      include_all_metadata: true,
    };
    let cursor = '';
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const from = { ...where, ...(cursor !== '' && { cursor }) };
      const answer = await callSlack<Page>(({ conversations }) =>
        thread === null ? conversations.history(from) : conversations.replies({ ...from, ts: thread.ts }),
      );
      if (answer.type !== 'ok') return withoutPage(answer);
      const { messages, response_metadata: next } = answer.result;
      const ts = messages?.find((message) => isOurs(message, token))?.ts;
      if (ts !== undefined) return { type: 'found', place: { channel: where.channel, ts } };
      cursor = next?.next_cursor ?? '';
      if (cursor === '') return { type: 'not-found' };
    }
    return { type: 'blind', reason: 'too_many_messages' };
  };
}

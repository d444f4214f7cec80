import { validateSlackMessage } from '#test/fakes/block-kit-validator.ts';
import {
  addMessage,
  editMessage,
  type MessageMetadata,
  type SlackChannel,
  type SlackMessage,
  tsToMicros,
} from '#test/fakes/slack/slack-workspace.ts';

/** The arguments of a call, each as text: Slack's client sends them as a form, with JSON in the fields that need it. */
export type SlackArguments = Readonly<Record<string, string>>;

/** What a method answers beside `ok`; or the word of an error. */
export type MethodResult = Readonly<Record<string, unknown>> | { readonly error: string };

/** What the methods work on. */
export type Workspace = {
  readonly channels: readonly SlackChannel[];
  /** The clock of Slack, epoch milliseconds. */
  readonly nowMs: number;
  /** What may stand in a message although it pings somebody, such as `<!here>`. */
  readonly mentions: readonly string[];
};

const BOT = { user: 'U0GATEWATCH', bot_id: 'B0GATEWATCH' };
const TS = /^\d{10}\.\d{6}$/;
/** Slack truncates above 40,000; above this no message of ours should be. */
const MAX_TEXT = 40_000;

/** Only `chat.postMessage` takes a name. */
function findChannel(
  { channels }: Workspace,
  idOrName: string,
  takesName: boolean,
): SlackChannel | undefined {
  return channels.find(
    ({ id, name }) => id === idOrName || (takesName && name === idOrName.replace(/^#/, '')),
  );
}

/** Why the app may not use a channel; a private one is hidden from those who are not in it. */
function whyClosed(channel: SlackChannel | undefined): string | null {
  if (channel === undefined || (channel.isPrivate && !channel.isMember)) return 'channel_not_found';
  return channel.isMember ? null : 'not_in_channel';
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** What Slack would refuse in a message, and what the validator takes for a mistake in escaping. */
function checkMessage(text: string, blocks: unknown, mentions: readonly string[]): string | null {
  if (text === '' && blocks === undefined) return 'no_text';
  if (text.length > MAX_TEXT) return 'msg_too_long';
  if (blocks === undefined) return null;
  if (!Array.isArray(blocks)) return 'invalid_blocks_format';
  const withoutMentions = mentions.reduce(
    (json, mention) => json.replaceAll(mention, '@'),
    JSON.stringify({ text: text === '' ? ' ' : text, blocks: blocks as unknown[] }),
  );
  return validateSlackMessage(JSON.parse(withoutMentions)).length > 0 ? 'invalid_blocks' : null;
}

/** @see {@link https://docs.slack.dev/messaging/message-metadata/} */
function checkMetadata(metadata: unknown): string | null {
  if (metadata === undefined) return null;
  const { event_type: type, event_payload: payload } = (metadata ?? {}) as Partial<MessageMetadata>;
  if (typeof type !== 'string' || !/^\w{1,255}$/.test(type)) return 'invalid_metadata_format';
  return typeof payload === 'object' && payload !== null ? null : 'invalid_metadata_schema';
}

/** As the API shows a message; of the metadata only the type, unless all is asked for. */
function present(message: SlackMessage, channel: SlackChannel, withMetadata: boolean): object {
  const { ts, text, blocks, metadata, threadTs, isBroadcast } = message;
  const replies = channel.messages.filter((other) => other.threadTs === ts);
  return {
    type: 'message',
    ...BOT,
    ts,
    text,
    blocks,
    ...(threadTs !== null && { thread_ts: threadTs }),
    ...(isBroadcast && { subtype: 'thread_broadcast' }),
    ...(replies.length > 0 && { thread_ts: ts, reply_count: replies.length }),
    ...(message.earlier.length > 0 && { edited: { user: BOT.user, ts } }),
    ...(metadata !== null && { metadata: withMetadata ? metadata : { event_type: metadata.event_type } }),
  };
}

/** @see {@link https://docs.slack.dev/reference/methods/chat.postMessage/} */
export function postMessage(workspace: Workspace, args: SlackArguments): MethodResult {
  const channel = findChannel(workspace, args['channel'] ?? '', true);
  const reason = whyClosed(channel);
  if (channel === undefined || reason !== null) return { error: reason ?? 'channel_not_found' };
  if (channel.isArchived) return { error: 'is_archived' };
  const text = args['text'] ?? '';
  const blocks = parseJson(args['blocks']);
  const metadata = parseJson(args['metadata']);
  const problem = checkMessage(text, blocks, workspace.mentions) ?? checkMetadata(metadata);
  if (problem !== null) return { error: problem };
  const parent = args['thread_ts'];
  if (parent !== undefined && !TS.test(parent)) return { error: 'invalid_thread_ts' };
  // Slack answers with `ok` where the parent was deleted, and puts the reply into the channel (slack-go/slack#1571).
  const hasParent = channel.messages.some(({ ts }) => ts === parent);
  const message = addMessage(channel, workspace.nowMs, {
    text,
    blocks: (blocks ?? []) as unknown[],
    metadata: (metadata ?? null) as MessageMetadata | null,
    threadTs: parent !== undefined && hasParent ? parent : null,
    isBroadcast: hasParent && args['reply_broadcast'] === 'true',
    isByWebhook: false,
  });
  return { channel: channel.id, ts: message.ts, message: present(message, channel, true) };
}

/** @see {@link https://docs.slack.dev/reference/methods/chat.update/} */
export function updateMessage(workspace: Workspace, args: SlackArguments): MethodResult {
  const channel = findChannel(workspace, args['channel'] ?? '', false);
  if (channel === undefined) return { error: 'channel_not_found' };
  if (channel.isArchived) return { error: 'is_inactive' };
  const message = channel.messages.find(({ ts }) => ts === args['ts']);
  if (message === undefined) return { error: 'message_not_found' };
  if (message.isByWebhook) return { error: 'cant_update_message' };
  const text = args['text'] ?? message.text;
  const blocks = parseJson(args['blocks']);
  const metadata = parseJson(args['metadata']);
  const problem = checkMessage(text, blocks, workspace.mentions) ?? checkMetadata(metadata);
  if (problem !== null) return { error: problem };
  editMessage(channel, message.ts, {
    text,
    ...(blocks !== undefined && { blocks: blocks as unknown[] }),
    ...(metadata !== undefined && { metadata: metadata as MessageMetadata }),
  });
  return { channel: channel.id, ts: message.ts, text, message: { text, ...BOT } };
}

function isAfter({ ts }: SlackMessage, { oldest, inclusive }: SlackArguments): boolean {
  if (oldest === undefined) return true;
  const distance = tsToMicros(ts) - tsToMicros(oldest);
  return inclusive === 'true' ? distance >= 0 : distance > 0;
}

/** One page of a list, and where the next one begins. */
function page(
  messages: readonly SlackMessage[],
  channel: SlackChannel,
  args: SlackArguments,
  defaultLimit: number,
): MethodResult {
  const limit = Math.min(999, Number(args['limit'] ?? defaultLimit));
  const { cursor } = args;
  const start = cursor === undefined ? 0 : Number(Buffer.from(cursor, 'base64').toString('utf8').slice(1));
  if (!Number.isSafeInteger(start)) return { error: 'invalid_cursor' };
  const end = start + limit;
  const withMetadata = args['include_all_metadata'] === 'true';
  const hasMore = end < messages.length;
  return {
    messages: messages.slice(start, end).map((message) => present(message, channel, withMetadata)),
    has_more: hasMore,
    ...(hasMore && { response_metadata: { next_cursor: Buffer.from(`n${end}`).toString('base64') } }),
  };
}

/**
 * Newest first; of a thread only what was broadcast.
 *
 * @see {@link https://docs.slack.dev/reference/methods/conversations.history/}
 */
export function listHistory(workspace: Workspace, args: SlackArguments): MethodResult {
  const channel = findChannel(workspace, args['channel'] ?? '', false);
  const reason = whyClosed(channel);
  if (channel === undefined || reason !== null) return { error: reason ?? 'channel_not_found' };
  const listed = channel.messages.filter(
    (message) => (message.threadTs === null || message.isBroadcast) && isAfter(message, args),
  );
  return page(listed.reverse(), channel, args, 100);
}

/**
 * The parent, then its replies, oldest first.
 *
 * @see {@link https://docs.slack.dev/reference/methods/conversations.replies/}
 */
export function listReplies(workspace: Workspace, args: SlackArguments): MethodResult {
  const channel = findChannel(workspace, args['channel'] ?? '', false);
  const reason = whyClosed(channel);
  if (channel === undefined || reason !== null) return { error: reason ?? 'channel_not_found' };
  const parent = channel.messages.find(({ ts }) => ts === args['ts']);
  if (parent === undefined) return { error: 'thread_not_found' };
  const replies = channel.messages.filter(
    (message) => message.threadTs === parent.ts && isAfter(message, args),
  );
  return page([parent, ...replies], channel, args, 1_000);
}

/** The scope that a method needs; for a history, that of the channel's kind. */
export function neededScope(method: string, { channels }: Workspace, args: SlackArguments): string | null {
  if (method.startsWith('chat.')) return 'chat:write';
  if (!method.startsWith('conversations.')) return null;
  const channel = channels.find(({ id }) => id === args['channel']);
  return channel?.isPrivate ? 'groups:history' : 'channels:history';
}

/** @see {@link https://docs.slack.dev/reference/methods/auth.test/} */
export function authTest(): MethodResult {
  return {
    url: 'https://gatewatch.slack.example/',
    team: 'Gatewatch',
    team_id: 'T0GATEWATCH',
    user_id: BOT.user,
    ...BOT,
  };
}

/**
 * What a webhook does with its payload.
 *
 * @returns The word of an error; `null` if it was posted
 * @see {@link https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/}
 */
export function postByWebhook(workspace: Workspace, channel: SlackChannel, body: string): string | null {
  const payload = parseJson(body);
  if (typeof payload !== 'object' || payload === null) return 'invalid_payload';
  if (channel.isArchived) return 'channel_is_archived';
  const { text = '', blocks } = payload as { readonly text?: string; readonly blocks?: unknown };
  const problem = checkMessage(text, blocks, workspace.mentions);
  if (problem !== null) return problem;
  addMessage(channel, workspace.nowMs, {
    text,
    blocks: (blocks ?? []) as unknown[],
    metadata: null,
    threadTs: null,
    isBroadcast: false,
    isByWebhook: true,
  });
  return null;
}

/** A message as people see it, and what it said before. */
export type SlackMessage = {
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly metadata: MessageMetadata | null;
  /** The message in whose thread it is; `null` for one in the channel itself. */
  readonly threadTs: string | null;
  /** True for a reply that the channel shows as well. */
  readonly isBroadcast: boolean;
  readonly isByWebhook: boolean;
  /** What it said before each edit, oldest first. */
  readonly earlier: readonly Pick<SlackMessage, 'text' | 'blocks'>[];
};

export type MessageMetadata = { readonly event_type: string; readonly event_payload?: unknown };

export type SlackChannel = {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  isMember: boolean;
  isArchived: boolean;
  /** In the order in which they came, replies too. */
  readonly messages: SlackMessage[];
};

/** What is needed of a channel; public, and the app is a member, unless said otherwise. */
export type ChannelSettings = { readonly id: string; readonly name: string } & Partial<
  Pick<SlackChannel, 'isPrivate' | 'isMember' | 'isArchived'>
>;

export function createChannel(settings: ChannelSettings): SlackChannel {
  return { isPrivate: false, isMember: true, isArchived: false, ...settings, messages: [] };
}

/** Microseconds since the epoch, below 2^53. */
export function tsToMicros(ts: string): number {
  const [seconds = '0', fraction = ''] = ts.split('.');
  return Number(seconds) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

/** A name for a message that is later than all others of its channel. */
function nextTs({ messages }: SlackChannel, nowMs: number): string {
  const last = messages.at(-1);
  const micros = Math.max(Math.floor(nowMs * 1_000), last === undefined ? 0 : tsToMicros(last.ts) + 1);
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
}

/** Adds a message to a channel. @returns It, with its name */
export function addMessage(
  channel: SlackChannel,
  nowMs: number,
  content: Omit<SlackMessage, 'ts' | 'earlier'>,
): SlackMessage {
  const message = { ...content, ts: nextTs(channel, nowMs), earlier: [] };
  channel.messages.push(message);
  return message;
}

/** Changes what a message says; what is not given stays. */
export function editMessage(
  channel: SlackChannel,
  ts: string,
  content: Partial<Pick<SlackMessage, 'text' | 'blocks' | 'metadata'>>,
): void {
  const index = channel.messages.findIndex((message) => message.ts === ts);
  const message = channel.messages[index];
  if (message === undefined) throw new Error(`There is no message ${ts}`);
  const { text, blocks, earlier } = message;
  channel.messages[index] = { ...message, ...content, earlier: [...earlier, { text, blocks }] };
}

/** As if somebody deleted it. */
export function deleteMessage(channel: SlackChannel, ts: string): void {
  channel.messages.splice(
    channel.messages.findIndex((message) => message.ts === ts),
    1,
  );
}

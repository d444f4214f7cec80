import type { KnownBlock } from '@slack/types';
import type { Posted, Reply } from '#cli/preview/play-states.ts';
import type { Conversation } from '#cli/render/slack-html.ts';
import { clean } from '#cli/render/terminal.ts';
import type { TextStyle } from '#cli/render/text-style.ts';
import { wrap } from '#cli/render/wrap.ts';

/** A time as a terminal shows it: `2026-03-02 14:03:00 UTC`. */
const DATE = /<!date\^(\d{1,12})\^[^<>]*>/g;

/** mrkdwn as a terminal shows it; without its marks, since a terminal has none. */
function plain(mrkdwn: string): string {
  return mrkdwn
    .replace(DATE, (_, seconds: string) =>
      new Date(Number(seconds) * 1_000).toISOString().replace('T', ' ').replace('.000Z', ' UTC'),
    )
    .replace(/<([!@][^<>]*)>/g, '@$1')
    .replace(/(^|\s)[*_]([^*\n]+?)[*_](?=\s|$)/gm, '$1$2')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function linesOf(block: KnownBlock): string[] {
  if (block.type === 'section') return (block.text?.text ?? '').split('\n').map(plain);
  if (block.type !== 'context') return [];
  return block.elements.map((element) => ('text' in element ? plain(element.text) : ''));
}

function clock(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 16)} UTC`;
}

function replyLines({ atMs, isBroadcast, message }: Reply, { colors, columns }: TextStyle): string[] {
  const [head = '', ...rest] = message.blocks.flatMap(linesOf).map(clean);
  const where = isBroadcast ? 'also in the channel' : 'in the thread';
  return [
    `  ${colors.cyan('↳')} ${colors.dim(`${clock(atMs)}, ${where}`)}`,
    ...[head, ...rest].flatMap((line) => wrap(line, Math.max(20, columns - 4)).map((part) => `    ${part}`)),
  ];
}

/** Addresses of the console fill a terminal; `--json` has them whole. */
function shortenUrls(line: string): string {
  return line.replace(/(https?:\/\/\S{60})\S{140,}/g, '$1…');
}

function postedLines({ atMs, editedAtMs, text, replies }: Posted, style: TextStyle): string[] {
  const { colors } = style;
  const edited = editedAtMs === null ? '' : `, edited at ${clock(editedAtMs)}`;
  const [headline = '', ...rest] = text.split('\n').map(clean);
  return [
    colors.dim(`${clock(atMs)}${edited}`),
    colors.bold(headline),
    ...rest.map(shortenUrls),
    ...replies.flatMap((reply) => replyLines(reply, style)),
  ];
}

/** Messages and their threads for a terminal: as mail shows them, since a terminal has no buttons. */
export function renderPreviewText(conversations: readonly Conversation[], style: TextStyle): string {
  const lines = conversations.flatMap(({ name, posted }) => [
    ...(name === '' ? [] : [style.colors.cyan(`── ${clean(name)} ──`)]),
    ...posted.flatMap((one) => [...postedLines(one, style), '']),
  ]);
  return `${lines.join('\n').trimEnd()}\n`;
}

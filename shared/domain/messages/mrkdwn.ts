/**
 * Characters that a name may hold and a line of a message may not: they forge lines or turn the direction of writing.
 * Of a letter's marks a few are kept, as languages need them.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** One line without control characters, turned writing, piles of marks and halves of characters. */
export function toLine(text: string): string {
  return text
    .replace(UNPRINTABLE, ' ')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(PILED_MARKS, '$1')
    .trim();
}

/**
 * Makes text harmless for mrkdwn, so that `<!channel>` in a log pings nobody.
 *
 * @see {@link https://docs.slack.dev/messaging/formatting-message-text/}
 */
export function escapeMrkdwn(text: string): string {
  return toLine(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Cuts to a limit without splitting a surrogate pair or an entity. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$|&[a-z]{0,3}$/, '')}…`;
}

/**
 * A time in the reader's own zone, with a text for clients that cannot show it.
 *
 * @see {@link https://docs.slack.dev/messaging/formatting-message-text/#date-formatting}
 */
export function slackDate(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `<!date^${Math.floor(ms / 1_000)}^{date_short_pretty} {time_secs}|${iso}>`;
}

/** Makes text harmless in HTML, between tags and in attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const DATE = /^<!date\^(\d{1,12})\^[^<>|]*\|([^<>|]*)>$/;
const MENTION = /^<(?:!(here|channel|everyone)|!(subteam)\^\w+|(@\w+))>$/;

/** Places of markup in a text: characters that no text of ours has. */
const OPEN = '\ue000';
const CLOSE = '\ue001';

function unescapeMrkdwn(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** `Mar 2, 14:03:00`: Slack would show the reader's own zone. */
function formatDate(seconds: number): string {
  const date = new Date(seconds * 1_000);
  const day = date.toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
  return `${day}, ${date.toISOString().slice(11, 19)}`;
}

/** What Slack shows for markup in angle brackets; `null` for what is none of ours. */
function markupHtml(token: string): string | null {
  const [, seconds, fallback] = DATE.exec(token) ?? [];
  if (seconds !== undefined) {
    return `<time title="${escapeHtml(fallback ?? '')}">${formatDate(Number(seconds))}</time>`;
  }
  const [, special, group, user] = MENTION.exec(token) ?? [];
  const name = special ?? (group === undefined ? user?.slice(1) : 'group');
  return name === undefined ? null : `<span class="mention">@${escapeHtml(name)}</span>`;
}

/**
 * Draws mrkdwn as Slack would: bold, italic, code, dates and mentions. Everything else is text.
 *
 * @see {@link https://docs.slack.dev/messaging/formatting-message-text/}
 */
export function mrkdwnToHtml(mrkdwn: string): string {
  const drawn: string[] = [];
  const text = mrkdwn.replace(/[\ue000\ue001]/g, '').replace(/<[^<>]*>/g, (token) => {
    const html = markupHtml(token);
    if (html === null) return token;
    drawn.push(html);
    return `${OPEN}${drawn.length - 1}${CLOSE}`;
  });
  return escapeHtml(unescapeMrkdwn(text))
    .replace(/`([^`\n]+)`/g, '<code>$1</code>')
    .replace(/(^|[\s(])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?=$|[\s.,:;)])/gm, '$1<b>$2</b>')
    .replace(/(^|[\s(])_([^\s_](?:[^_\n]*[^\s_])?)_(?=$|[\s.,:;)])/gm, '$1<i>$2</i>')
    .replaceAll('\n', '<br>')
    .replace(/\ue000(\d+)\ue001/g, (_, index: string) => drawn[Number(index)] ?? '');
}

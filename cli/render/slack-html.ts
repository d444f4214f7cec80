import type { KnownBlock } from '@slack/types';
import type { Posted, Reply } from '#cli/preview/play-states.ts';
import { escapeHtml, mrkdwnToHtml } from '#cli/render/mrkdwn-html.ts';
import { SLACK_STYLE } from '#cli/render/slack-style.ts';

/** What was posted about one incident, with a heading. */
export type Conversation = { readonly name: string; readonly posted: readonly Posted[] };

type TextObject = { readonly type: string; readonly text: string };

function textHtml({ type, text }: TextObject): string {
  return type === 'mrkdwn' ? mrkdwnToHtml(text) : escapeHtml(text);
}

/** Buttons that are no link would need a server. */
function buttonHtml(element: object): string {
  if (!('url' in element && 'text' in element)) return '';
  const { url, text } = element as { readonly url: string; readonly text: TextObject };
  if (!/^https?:\/\//.test(url)) return '';
  return `<a class="button" href="${escapeHtml(url)}" rel="noreferrer">${textHtml(text)}</a>`;
}

function blockHtml(block: KnownBlock): string {
  switch (block.type) {
    case 'header':
      return `<h2>${textHtml(block.text)}</h2>`;
    case 'section':
      return block.text === undefined ? '' : `<p>${textHtml(block.text)}</p>`;
    case 'context': {
      const parts = block.elements.map((element) => ('text' in element ? textHtml(element) : ''));
      return `<p class="context">${parts.join(' ')}</p>`;
    }
    case 'actions':
      return `<p class="buttons">${block.elements.map(buttonHtml).join('')}</p>`;
    default:
      return '';
  }
}

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

function bodyHtml(atMs: number, blocks: readonly KnownBlock[], remark: string): string {
  const head = `<div class="who"><b>Gatewatch</b><span class="app">APP</span><span class="at">${clock(atMs)}</span></div>`;
  return `<div class="avatar">G</div><div class="body">${head}${remark}${blocks.map(blockHtml).join('')}</div>`;
}

function replyHtml({ atMs, isBroadcast, message }: Reply): string {
  const remark = isBroadcast ? '<div class="remark">also sent to the channel</div>' : '';
  return `<div class="message reply">${bodyHtml(atMs, message.blocks, remark)}</div>`;
}

function postedHtml({ atMs, editedAtMs, message, replies }: Posted): string {
  const edited = editedAtMs === null ? '' : `<div class="remark">edited ${clock(editedAtMs)}</div>`;
  const amount = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
  const thread =
    replies.length === 0
      ? ''
      : `<div class="thread"><div class="count">${amount}</div>${replies.map(replyHtml).join('')}</div>`;
  return `<article class="message">${bodyHtml(atMs, message.blocks, edited)}</article>${thread}`;
}

function conversationHtml({ name, posted }: Conversation): string {
  const heading = name === '' ? '' : `<h1>${escapeHtml(name)}</h1>`;
  return `<section class="conversation">${heading}${posted.map(postedHtml).join('')}</section>`;
}

/** One page that looks like a channel of Slack, in light and dark; it loads nothing and holds no script. */
export function renderSlackHtml(conversations: readonly Conversation[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Gatewatch messages</title>
<style>${SLACK_STYLE}</style>
</head>
<body>
<main>
${conversations.map(conversationHtml).join('\n')}
</main>
</body>
</html>
`;
}

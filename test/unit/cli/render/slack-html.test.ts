import { describe, expect, it } from 'vitest';
import { escapeHtml, mrkdwnToHtml } from '#cli/render/mrkdwn-html.ts';
import { renderSlackHtml } from '#cli/render/slack-html.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';
import { renderSlackMessage } from '#shared/domain/messages/render-slack.ts';
import { renderSlackReply } from '#shared/domain/messages/render-slack-reply.ts';
import { renderText } from '#shared/domain/messages/render-text.ts';
import { createFinding } from '#test/fakes/finding.ts';
import { createSummary } from '#test/fakes/incident-summary.ts';

const AT_MS = Date.UTC(2026, 2, 2, 14, 6);

function page(differences: Partial<IncidentSummary> = {}, name = 'a story'): string {
  const summary = createSummary(differences);
  const joined = [createFinding({ title: summary.title, evidence: [...summary.facts] })];
  const reply = renderSlackReply(summary, { announcement: 'changed', joined, ended: [] });
  return renderSlackHtml([
    {
      name,
      posted: [
        {
          atMs: AT_MS,
          editedAtMs: AT_MS + 180_000,
          summary,
          message: renderSlackMessage(summary),
          text: renderText(summary),
          replies: [{ atMs: AT_MS + 60_000, isBroadcast: true, message: reply }],
        },
      ],
    },
  ]);
}

describe('renderSlackHtml()', () => {
  it('renderSlackHtml() shows header, facts, buttons, context and the thread', () => {
    const html = page();

    expect(html).toContain('<h2>🔴 Account throttle exhausted</h2>');
    expect(html).toContain('<b>Now</b>  10,240 rps of 10,000 (102 %)');
    expect(html).toContain(
      '<a class="button" href="https://us-east-1.console.aws.amazon.com/servicequotas/home" rel="noreferrer">Raise quota</a>',
    );
    expect(html).toContain('since <time title="2026-03-02T14:03:00.000Z">Mar 2, 14:03:00</time>');
    expect(html).toContain('edited 14:09');
    expect(html).toContain('<div class="count">1 reply</div>');
    expect(html).toContain('also sent to the channel');
  });

  it('renderSlackHtml() makes one page that loads nothing, in light and dark', () => {
    const html = page();

    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(/);
  });

  it.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '</style><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '*<b>*_<i>_`<code>`',
    '<!channel><https://example.com|x><!date^0^{date}|"><script>>',
    '\ue0000\ue001',
  ])('renderSlackHtml() keeps %j from being more than text', (text) => {
    const html = page(
      {
        title: text,
        place: text,
        nextStep: text,
        facts: [{ label: text, value: text }],
        links: [{ label: text, url: `https://example.com/"><script>${encodeURIComponent(text)}` }],
      },
      text,
    );

    const tags = [...html.matchAll(/<\/?([a-z0-9]+)([^<>]*)>/g)];
    expect(new Set(tags.map(([, tag]) => tag))).toEqual(
      new Set(
        'html head meta title style body main section h1 article div b span h2 p br a time code i'
          .split(' ')
          .filter((tag) => tags.some(([, used]) => used === tag)),
      ),
    );
    expect(
      tags.filter(([, , attributes = '']) => /\son\w+=/.test(attributes.replace(/"[^"]*"/g, ''))),
    ).toEqual([]);
    expect(html).not.toContain('<script');
  });
});

describe('mrkdwnToHtml()', () => {
  it.each([
    ['*Now*  5 rps', '<b>Now</b>  5 rps'],
    ['_and 7 more_', '<i>and 7 more</i>'],
    ['run `gatewatch setup`: it', 'run <code>gatewatch setup</code>: it'],
    ['my_api_v2 and 2 * 3 * 4', 'my_api_v2 and 2 * 3 * 4'],
    ['a &lt;b&gt; &amp;amp;', 'a &lt;b&gt; &amp;amp;'],
    ['<!here> it burns', '<span class="mention">@here</span> it burns'],
    ['<!subteam^S012> it', '<span class="mention">@group</span> it'],
    ['<@U012> it', '<span class="mention">@U012</span> it'],
    ['<https://example.com|x>', '&lt;https://example.com|x&gt;'],
    [
      '*Unknown since <!date^1772460180^{date}|2026>*',
      '<b>Unknown since <time title="2026">Mar 2, 14:03:00</time></b>',
    ],
    ['a\nb', 'a<br>b'],
  ])('mrkdwnToHtml() of %j is %j', (mrkdwn, expected) => {
    expect(mrkdwnToHtml(mrkdwn)).toBe(expected);
  });
});

it('escapeHtml() escapes what ends text and attributes', () => {
  expect(escapeHtml(`<a href="x" id='y'>&`)).toBe('&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;');
});

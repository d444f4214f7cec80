import { describe, expect, it } from 'vitest';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';
import { renderSlackMessage } from '#shared/domain/messages/render-slack.ts';
import { validateSlackMessage } from '#test/fakes/block-kit-validator.ts';
import { createSummary } from '#test/fakes/incident-summary.ts';

function render(differences: Partial<IncidentSummary> = {}) {
  return renderSlackMessage(createSummary(differences));
}

function textOf(message: ReturnType<typeof renderSlackMessage>): string {
  return JSON.stringify(message);
}

function headerOf(message: ReturnType<typeof renderSlackMessage>): string {
  const [block] = message.blocks;
  return block?.type === 'header' ? block.text.text : '';
}

describe('renderSlackMessage()', () => {
  it('renderSlackMessage() says what happened, since when, and what to do', () => {
    expect(render()).toEqual({
      text: [
        '🔴 CRITICAL open: Account throttle exhausted (us-east-1 · 1234-5678-9012)',
        'Now: 10,240 rps of 10,000 (102 %)',
        'Caused by: orders-api/prod 6,100 rps, usually 900 (6.8 ×) · no stage limit',
      ].join('\n'),
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: '🔴 Account throttle exhausted', emoji: true } },
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: [
              '*Now*  10,240 rps of 10,000 (102 %)',
              '*Caused by*  orders-api/prod 6,100 rps, usually 900 (6.8 ×) · no stage limit',
              '*Next*  Limit orders-api/prod at its stage',
            ].join('\n'),
            verbatim: true,
          },
        },
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              text: { type: 'plain_text', text: 'Raise quota' },
              url: 'https://us-east-1.console.aws.amazon.com/servicequotas/home',
            },
          ],
        },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              text: 'us-east-1 · 1234-5678-9012 · open 3 min, since <!date^1772460180^{date_short_pretty} {time_secs}|2026-03-02T14:03:00.000Z> · data 2 min old',
              verbatim: true,
            },
          ],
        },
      ],
    });
  });

  it('renderSlackMessage() says from when to when, once it is over', () => {
    const message = render({
      announcement: 'closed',
      endedAtMs: Date.UTC(2026, 2, 2, 14, 10),
      duration: '7 min',
      links: [],
      nextStep: null,
    });

    expect(headerOf(message)).toBe('✅ Account throttle exhausted');
    expect(textOf(message)).toContain('lasted 7 min, <!date^1772460180^');
    expect(textOf(message)).toContain('> to <!date^1772460600^');
    expect(message.blocks.map(({ type }) => type)).toEqual(['header', 'section', 'context']);
    expect(validateSlackMessage(message)).toEqual([]);
  });

  it.each([
    ['opened', 'critical', '🔴'],
    ['opened', 'warning', '🟠'],
    ['worse', 'critical', '🔴'],
    ['reopened', 'critical', '🔴'],
    ['reopened', 'warning', '🟠'],
    ['closed', 'critical', '✅'],
    ['closed', 'warning', '✅'],
    ['merged', 'critical', '↪️'],
    ['merged', 'warning', '↪️'],
    ['unknown', 'critical', '❔'],
    ['changed', 'warning', '🟠'],
    ['changed', 'critical', '🔴'],
    ['changed', 'info', 'ℹ️'],
  ] as const)('renderSlackMessage() marks %s and %s with %s', (announcement, severity, mark) => {
    expect(headerOf(render({ announcement, severity }))).toBe(`${mark} Account throttle exhausted`);
  });

  it('renderSlackMessage() says since when nobody knows whether it goes on', () => {
    const message = render({ unknownSinceMs: Date.UTC(2026, 2, 2, 14, 10) });

    expect(headerOf(message)).toBe('❔ Account throttle exhausted');
    expect(textOf(message)).toContain(
      '*Unknown* since <!date^1772460600^{date_short_pretty} {time_secs}|2026-03-02T14:10:00.000Z>: nothing has judged this since; it may be over, or worse',
    );
    expect(textOf(message)).toContain(' · ❔ unknown since <!date^1772460600^');
    expect(textOf(message)).not.toContain('old');
    expect(validateSlackMessage(message)).toEqual([]);
  });

  it('renderSlackMessage() says where an incident goes on that went into another one', () => {
    const message = render({ announcement: 'merged' });

    expect(textOf(message)).toContain('|2026-03-02T14:03:00.000Z> · goes on in the incident of the account"');
  });

  it('renderSlackMessage() says that it is muted, and may have come before', () => {
    const message = render({ mutedUntilMs: Date.UTC(2026, 2, 2, 16), isRepeat: true });

    expect(textOf(message)).toContain(
      ' · 🔕 muted until <!date^1772467200^{date_short_pretty} {time_secs}|2026-03-02T16:00:00.000Z> · may have come before: Slack did not confirm it"',
    );
    expect(validateSlackMessage(message)).toEqual([]);
  });

  it('renderSlackMessage() marks a drill wherever somebody looks', () => {
    const message = render({ isDrill: true });

    expect(headerOf(message)).toBe('🧪 DRILL 🔴 Account throttle exhausted');
    expect(message.text).toMatch(/^🧪 🔴 DRILL CRITICAL open: Account/);
    expect(textOf(message)).toContain(' · 🧪 a drill: nothing is wrong"');
  });

  it('renderSlackMessage() shows ten facts, and says how many there are more', () => {
    const facts = Array.from({ length: 17 }, (_, index) => ({ label: `Fact ${index + 1}`, value: 'x' }));

    const text = textOf(render({ facts }));

    expect(text).toContain('*Fact 10*  x\\n_and 7 more facts_\\n*Next*');
    expect(text).not.toContain('Fact 11');
  });

  it.each([
    [1, '_1 more finding_'],
    [1_200, '_1,200 more findings_'],
  ])('renderSlackMessage() says that %i findings were left out', (findingsLeftOut, expected) => {
    expect(textOf(render({ findingsLeftOut }))).toContain(expected);
  });

  it('renderSlackMessage() leaves out the section of a message without facts', () => {
    const message = render({ facts: [], nextStep: null, links: [] });

    expect(message.blocks.map(({ type }) => type)).toEqual(['header', 'context']);
    expect(validateSlackMessage(message)).toEqual([]);
  });
});

const NASTY: [name: string, text: string][] = [
  ['a ping of the channel', '<!channel> <@U012AB3CD> <#C012AB3CD>'],
  ['a link', '<https://example.com|Click here>'],
  ['a forged date', '<!date^0^{date}|x>'],
  ['entities', '&lt;!channel&gt; &amp;amp; &'],
  ['control characters', 'a\u0000b\u0007c\u001b[31m\r\nd\u2028\u202e'],
  ['a long title', 'x'.repeat(10_000)],
  ['many ampersands', '&'.repeat(10_000)],
  ['many brackets', '<>'.repeat(5_000)],
  ['surrogate pairs at every place', '😀'.repeat(5_000)],
  ['surrogate pairs at the other place', `x${'😀'.repeat(5_000)}`],
  ['nothing', ''],
  ['spaces', '   '],
  ['mrkdwn', '*bold* _it_ ~no~ `code` ```block```'],
];

describe('renderSlackMessage() on hostile text', () => {
  it.each(NASTY)('renderSlackMessage() makes a message that Slack takes of %s', (_, text) => {
    const message = render({
      title: text,
      place: text,
      duration: '3 min',
      facts: [
        { label: text, value: text },
        { label: '', value: '' },
      ],
      nextStep: text,
      links: [{ label: text, url: 'https://example.com/' }],
    });

    expect(validateSlackMessage(message)).toEqual([]);
  });

  it.each([
    [' '],
    ['javascript:alert(1)'],
    ['https://example.com/ <!channel>'],
    ['example.com'],
    [`https://example.com/${'x'.repeat(3_000)}`],
  ])('renderSlackMessage() leaves out a button to %.40j', (url) => {
    const message = render({
      links: [
        { label: 'Go', url },
        { label: 'Runbook', url: 'https://example.com/' },
      ],
    });

    expect(textOf(message)).toContain('"Runbook"');
    expect(textOf(message)).not.toContain('"Go"');
    expect(validateSlackMessage(message)).toEqual([]);
  });

  it('renderSlackMessage() has no row of buttons where none is left', () => {
    expect(
      render({ links: [{ label: '', url: 'https://example.com/' }] }).blocks.map(({ type }) => type),
    ).not.toContain('actions');
  });

  it('renderSlackMessage() shows at most five buttons', () => {
    const links = Array.from({ length: 9 }, (_, index) => ({
      label: `Go ${index}`,
      url: `https://example.com/${index}`,
    }));

    const actions = render({ links }).blocks.find(({ type }) => type === 'actions');

    expect(actions?.type === 'actions' && actions.elements).toHaveLength(5);
  });

  it.each([
    ['a title', 150, { title: `${'x'.repeat(146)}😀😀😀` }],
    ['a title that just fits', 150, { title: 'x'.repeat(147) }],
  ])('renderSlackMessage() cuts %s to %i characters, without half of one', (_, max, differences) => {
    const header = headerOf(render(differences));

    expect(header.length).toBeGreaterThanOrEqual(max - 1);
    expect(header.length).toBeLessThanOrEqual(max);
    expect(header).not.toMatch(/\p{Surrogate}/u);
  });

  it('renderSlackMessage() leaves alone what just fits', () => {
    const title = 'x'.repeat(147);
    const url = `https://example.com/${'x'.repeat(2_980)}`;

    expect(headerOf(render({ title }))).toBe(`🔴 ${title}`);
    expect(textOf(render({ links: [{ label: 'Go', url }] }))).toContain(url);
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'renderSlackMessage() does not cut through an entity after %i characters',
    (shift) => {
      const value = `${'x'.repeat(shift)}${'&'.repeat(1_000)}`;

      const message = render({ facts: [{ label: '', value }] });

      expect(validateSlackMessage(message)).toEqual([]);
      expect(textOf(message)).toContain('&amp;…');
    },
  );
});

import { describe, expect, it } from 'vitest';
import { addMention, isMention, isWorthMention } from '#shared/domain/messages/mention.ts';
import { createSummary } from '#test/fakes/incident-summary.ts';

describe('isMention()', () => {
  it.each(['<!here>', '<!channel>', '<!everyone>', '<!subteam^S0123ABC>', '<@U0123ABC>', '<@W0123ABC>'])(
    'takes %s',
    (text) => {
      expect(isMention(text)).toBe(true);
    },
  );

  it.each([
    '',
    'here',
    '@here',
    '<!here',
    '<!here> and more',
    '<!here><!channel>',
    ' <!here>',
    '<!here>\n',
    '<!subteam^U0123>',
    '<@somebody>',
    '<#C0123ABC>',
    '<https://example.com|here>',
  ])('does not take %j', (text) => {
    expect(isMention(text)).toBe(false);
  });
});

describe('isWorthMention()', () => {
  it('is true when something critical begins, gets critical or comes back', () => {
    const announcements = ['opened', 'worse', 'reopened', 'closed', 'merged', 'unknown', 'changed'] as const;

    expect(announcements.filter((announcement) => isWorthMention(createSummary({ announcement })))).toEqual([
      'opened',
      'worse',
      'reopened',
    ]);
  });

  it('is false for a warning, and true for a drill that is to be as loud as it gets', () => {
    expect(isWorthMention(createSummary({ severity: 'warning' }))).toBe(false);
    expect(isWorthMention(createSummary({ isDrill: true }))).toBe(true);
  });
});

describe('addMention()', () => {
  it('calls in the notification and in what is shown, and keeps all else', () => {
    const message = { text: 'CRITICAL open', blocks: [{ type: 'divider' as const }] };

    expect(addMention(message, '<!here>')).toEqual({
      text: '<!here> CRITICAL open',
      blocks: [
        { type: 'divider' },
        { type: 'section', text: { type: 'mrkdwn', text: '<!here>', verbatim: true } },
      ],
    });
  });
});

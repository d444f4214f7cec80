import { describe, expect, it } from 'vitest';
import { hasOpenMarkup, validateSlackMessage } from '#test/fakes/block-kit-validator.ts';

const HEADER = { type: 'header', text: { type: 'plain_text', text: 'Title', emoji: true } };

function section(text: unknown) {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

function button(differences: Record<string, unknown>) {
  const text = { type: 'plain_text', text: 'Go' };
  return {
    type: 'actions',
    elements: [{ type: 'button', text, url: 'https://example.com/', ...differences }],
  };
}

function validate(...blocks: unknown[]): string[] {
  return validateSlackMessage({ text: 'Title', blocks });
}

describe('validateSlackMessage()', () => {
  it('validateSlackMessage() finds nothing wrong with a message that Slack takes', () => {
    const date = section(
      'since <!date^1772460180^{date_short_pretty} {time_secs}|2026-03-02T14:03:00.000Z> &amp; on',
    );

    expect(
      validate(
        HEADER,
        date,
        button({}),
        { type: 'divider' },
        { type: 'context', elements: [section('a').text] },
      ),
    ).toEqual([]);
  });

  it.each([
    ['no block', []],
    ['too many blocks', Array(51).fill(HEADER)],
    ['an unknown block', [{ type: 'carousel' }]],
    ['a long header', [{ ...HEADER, text: { type: 'plain_text', text: 'x'.repeat(151) } }]],
    ['an empty header', [{ ...HEADER, text: { type: 'plain_text', text: '' } }]],
    ['a header in mrkdwn', [{ ...HEADER, text: { type: 'mrkdwn', text: 'x', verbatim: true } }]],
    ['a long section', [section('x'.repeat(3_001))]],
    ['an empty section', [section('')]],
    ['a section without text', [{ type: 'section' }]],
    ['a section of too many fields', [{ type: 'section', fields: Array(11).fill(section('x').text) }]],
    [
      'emoji in mrkdwn',
      [{ type: 'section', text: { type: 'mrkdwn', text: 'x', emoji: true, verbatim: true } }],
    ],
    ['a ping', [section('<!channel>')]],
    ['a link', [section('<https://example.com|x>')]],
    ['a single bracket', [section('a > b')]],
    ['an ampersand', [section('a & b')]],
    ['half a surrogate pair', [section('\ud83d')]],
    ['an empty row of buttons', [{ type: 'actions', elements: [] }]],
    ['too many buttons', [{ type: 'actions', elements: Array(26).fill(button({}).elements[0]) }]],
    ['a long button', [button({ text: { type: 'plain_text', text: 'x'.repeat(76) } })]],
    ['an empty button', [button({ text: { type: 'plain_text', text: '' } })]],
    ['a button to nowhere', [button({ url: 'example.com' })]],
    ['a button to too long an address', [button({ url: `https://example.com/${'x'.repeat(3_000)}` })]],
    ['too much context', [{ type: 'context', elements: Array(11).fill(section('x').text) }]],
    ['links made of plain text', [{ type: 'section', text: { type: 'mrkdwn', text: 'evil.example' } }]],
    ['a mention in the middle', [section('call <!here> now')]],
    ['a mention of no form', [section('<!subteam^U1> x')]],
    ['a control character', [section('a\u0007b')]],
    ['turned writing', [section('a\u202eb')]],
    [
      'two blocks of one id',
      [
        { ...HEADER, block_id: 'x' },
        { ...HEADER, block_id: 'x' },
      ],
    ],
    [
      'two buttons of one id',
      [
        {
          type: 'actions',
          elements: [{ action_id: 'x' }, { action_id: 'x' }].map((id) => button(id).elements[0]),
        },
      ],
    ],
    ['too much in all', Array(5).fill(section('x'.repeat(2_900)))],
    ['a long block_id', [{ ...HEADER, block_id: 'x'.repeat(256) }]],
  ])('validateSlackMessage() finds %s', (_, blocks) => {
    expect(validate(...blocks)).toHaveLength(1);
  });

  it.each([
    [{ text: '', blocks: [HEADER] }],
    [{ text: 'to <!here>', blocks: [HEADER] }],
    [{ text: 'x'.repeat(4_001), blocks: [HEADER] }],
    [{ blocks: [HEADER] }],
    [{ text: 'Title' }],
    ['Title'],
  ])('validateSlackMessage() finds what is wrong with %j', (message) => {
    expect(validateSlackMessage(message)).toHaveLength(1);
  });
});

describe('hasOpenMarkup()', () => {
  it.each([
    ['a &lt;b&gt; &amp;c', false],
    ['<!date^0^{date}|x>', false],
    ['<!here> it burns', true],
    ['<!date^0^{date}|<!channel>>', true],
    ['&lt', true],
    ['&quot;', true],
    ['<', true],
    ['>', true],
  ])('hasOpenMarkup() of %j is %s', (text, expected) => {
    expect(hasOpenMarkup(text)).toBe(expected);
  });
});

describe('validateSlackMessage() of a message that may call somebody', () => {
  const call = (text: string, mention: string) =>
    validateSlackMessage({ text, blocks: [HEADER, section(mention)] }, { mayMention: true });

  it.each(['<!here>', '<!subteam^S012>', '<@U012>'])('takes %s at the start, and as a section', (mention) => {
    expect(call(`${mention} it burns`, mention)).toEqual([]);
  });

  it.each([
    ['it burns <!here>', '<!here>'],
    ['<!here>it burns', '<!here>'],
    ['<!here> it burns', '<!here> <!channel>'],
    ['<!here> it burns', '<!subteam^U1>'],
  ])('does not take %j with %j', (text, mention) => {
    expect(call(text, mention)).toHaveLength(1);
  });
});

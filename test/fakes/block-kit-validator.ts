/**
 * What Slack would refuse, or read otherwise than meant, in a message of the blocks that are in use here. Each limit
 * has the page that documents it.
 */
type Json = Readonly<Record<string, unknown>>;

/** https://docs.slack.dev/reference/block-kit/blocks/: "up to 50 blocks in messages". */
const MAX_BLOCKS = 50;
/** Of every block: https://docs.slack.dev/reference/block-kit/blocks/section-block/ and the others. */
const MAX_BLOCK_ID = 255;
/** https://docs.slack.dev/reference/block-kit/blocks/header-block/ */
const MAX_HEADER = 150;
/** https://docs.slack.dev/reference/block-kit/composition-objects/text-object/: 1 to 3,000 characters. */
const MAX_TEXT_OBJECT = 3_000;
/** https://docs.slack.dev/reference/block-kit/blocks/section-block/ */
const MAX_FIELDS = 10;
const MAX_FIELD = 2_000;
/** https://docs.slack.dev/reference/block-kit/blocks/context-block/ */
const MAX_CONTEXT_ELEMENTS = 10;
/** https://docs.slack.dev/reference/block-kit/blocks/actions-block/ */
const MAX_ACTIONS = 25;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element/ */
const MAX_BUTTON_TEXT = 75;
const MAX_BUTTON_URL = 3_000;
const MAX_BUTTON_VALUE = 2_000;
const MAX_ACTION_ID = 255;
/** https://docs.slack.dev/reference/methods/chat.postMessage/: longer texts should be split; 40,000 are truncated. */
const MAX_MESSAGE_TEXT = 4_000;
/**
 * Slack answers `msg_blocks_too_long` for more than about 13,200 characters in all, and does not document it:
 * https://github.com/slackapi/bolt-js/issues/2509. Whether it counts JSON or texts is not known; this counts JSON.
 */
const MAX_TOTAL = 13_000;

/**
 * The only markup in angle brackets that Gatewatch writes itself: dates, and a mention where a text begins.
 * https://docs.slack.dev/messaging/formatting-message-text/
 */
const SLACK_DATE = /<!date\^\d{1,12}\^[^<>^|]+\|[^<>|]+>/g;
const MENTION = /^<(?:!here|!channel|!everyone|!subteam\^S[A-Z0-9]+|@[UW][A-Z0-9]+)>(?= |$)/;

/** Whom a message may call: nobody, unless somebody was to be called. */
type Options = { readonly mayMention?: boolean };

/** True if mrkdwn holds a `<`, `>` or `&` that is neither escaped nor part of a date or, if one may stand there, a mention. */
export function hasOpenMarkup(mrkdwn: string, { mayMention = false }: Options = {}): boolean {
  const own = mayMention ? mrkdwn.replace(MENTION, '') : mrkdwn;
  return /[<>]|&(?!amp;|lt;|gt;)/.test(own.replace(SLACK_DATE, ''));
}

/** Characters that draw something else than what stands there, or break a message into forged lines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkLength(text: unknown, max: number, what: string): string[] {
  if (typeof text !== 'string') return [`${what} is no text`];
  if (text.length < 1 || text.length > max) return [`${what} has ${text.length} characters, not 1 to ${max}`];
  return [
    ...(/\p{Surrogate}/u.test(text) ? [`${what} has half a surrogate pair`] : []),
    ...(UNPRINTABLE.test(text) ? [`${what} has control characters`] : []),
  ];
}

function checkText(text: unknown, max: number, types: readonly string[], what: string): string[] {
  if (!isObject(text)) return [`${what} is no text object`];
  const { type, text: content, emoji, verbatim } = text;
  const problems = checkLength(content, max, what);
  if (typeof type !== 'string' || !types.includes(type)) problems.push(`${what} is of type ${String(type)}`);
  if (emoji !== undefined && type !== 'plain_text')
    problems.push(`${what} has emoji, which is for plain_text`);
  if (type !== 'mrkdwn') return problems;
  // Else Slack makes links and mentions of what looks like one in plain text.
  if (verbatim !== true) problems.push(`${what} is not verbatim`);
  if (typeof content === 'string' && hasOpenMarkup(content)) {
    problems.push(`${what} has markup that is not escaped`);
  }
  return problems;
}

function checkList(list: unknown, max: number, what: string, check: (item: unknown) => string[]): string[] {
  if (!Array.isArray(list)) return [`${what} is no list`];
  if (list.length < 1 || list.length > max) return [`${what} has ${list.length} entries, not 1 to ${max}`];
  return list.flatMap(check);
}

function checkAddress(url: unknown): string[] {
  if (url === undefined) return [];
  return [
    ...checkLength(url, MAX_BUTTON_URL, 'button url'),
    ...(typeof url === 'string' && !/^https?:\/\/\S+$/.test(url) ? ['button url is no web address'] : []),
  ];
}

function checkButton(button: unknown): string[] {
  if (!isObject(button) || button['type'] !== 'button') return ['an element of actions is no button'];
  const { text, url, value, action_id: actionId } = button;
  return [
    ...checkText(text, MAX_BUTTON_TEXT, ['plain_text'], 'button text'),
    ...checkAddress(url),
    ...(value === undefined ? [] : checkLength(value, MAX_BUTTON_VALUE, 'button value')),
    ...(actionId === undefined ? [] : checkLength(actionId, MAX_ACTION_ID, 'action_id')),
  ];
}

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element/: unique within its block. */
function checkUnique(owners: unknown, name: string): string[] {
  if (!Array.isArray(owners)) return [];
  const ids = owners.flatMap((owner) => (isObject(owner) && owner[name] !== undefined ? [owner[name]] : []));
  return new Set(ids).size === ids.length ? [] : [`${name} is not unique`];
}

function checkSection({ text, fields }: Json): string[] {
  const ofFields = (field: unknown) => checkText(field, MAX_FIELD, ['mrkdwn', 'plain_text'], 'section field');
  return [
    ...(text === undefined ? [] : checkText(text, MAX_TEXT_OBJECT, ['mrkdwn', 'plain_text'], 'section text')),
    ...(fields === undefined ? [] : checkList(fields, MAX_FIELDS, 'section fields', ofFields)),
    ...(text === undefined && fields === undefined ? ['section has neither text nor fields'] : []),
  ];
}

function checkContent(block: Json): string[] {
  switch (block['type']) {
    case 'header':
      return checkText(block['text'], MAX_HEADER, ['plain_text'], 'header text');
    case 'section':
      return checkSection(block);
    case 'context':
      return checkList(block['elements'], MAX_CONTEXT_ELEMENTS, 'context elements', (element) =>
        checkText(element, MAX_TEXT_OBJECT, ['mrkdwn', 'plain_text'], 'context text'),
      );
    case 'actions':
      return [
        ...checkList(block['elements'], MAX_ACTIONS, 'actions elements', checkButton),
        ...checkUnique(block['elements'], 'action_id'),
      ];
    case 'divider':
      return [];
    default:
      return [`block type ${String(block['type'])} is not known here`];
  }
}

function checkBlock(block: unknown): string[] {
  if (!isObject(block)) return ['a block is no object'];
  const { block_id: blockId } = block;
  return [
    ...(blockId === undefined ? [] : checkLength(blockId, MAX_BLOCK_ID, 'block_id')),
    ...checkContent(block),
  ];
}

/** A mention that is a section of its own. */
function withoutMention(blocks: unknown): unknown {
  if (!Array.isArray(blocks)) return blocks;
  return blocks.filter((block) => {
    const text: unknown = isObject(block) && isObject(block['text']) ? block['text']['text'] : undefined;
    return typeof text !== 'string' || text.replace(MENTION, '') !== '' || text === '';
  });
}

function checkTotal(blocks: unknown): string[] {
  const total = JSON.stringify(blocks ?? []).length;
  return total <= MAX_TOTAL ? [] : [`blocks have ${total} characters in all, not up to ${MAX_TOTAL}`];
}

/**
 * Checks a message, or a reply in a thread, against the limits of Block Kit and the escaping of mrkdwn.
 *
 * @returns What is wrong; nothing for a message that Slack takes
 */
export function validateSlackMessage(message: unknown, options: Options = {}): string[] {
  if (!isObject(message)) return ['the message is no object'];
  const { text } = message;
  const blocks = options.mayMention === true ? withoutMention(message['blocks']) : message['blocks'];
  const problems = [
    ...checkLength(text, MAX_MESSAGE_TEXT, 'message text'),
    ...(typeof text === 'string' && hasOpenMarkup(text, options)
      ? ['message text has markup that is not escaped']
      : []),
    ...checkList(blocks, MAX_BLOCKS, 'blocks', checkBlock),
    ...checkUnique(blocks, 'block_id'),
  ];
  // What is too long in one place need not be told twice.
  return problems.length > 0 ? problems : checkTotal(blocks);
}

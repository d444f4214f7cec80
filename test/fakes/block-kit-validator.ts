/**
 * What Slack would refuse, or read otherwise than meant, in a message of the blocks that are in use here.
 *
 * @see {@link https://docs.slack.dev/reference/block-kit/blocks/}
 * @see {@link https://docs.slack.dev/reference/block-kit/composition-objects/text-object/}
 * @see {@link https://docs.slack.dev/messaging/formatting-message-text/}
 */
type Json = Readonly<Record<string, unknown>>;

/** The only markup in angle brackets that Gatewatch writes itself. */
const SLACK_DATE = /<!date\^\d{1,12}\^[^<>^|]+\|[^<>|]+>/g;

/** True if mrkdwn holds a `<`, `>` or `&` that is neither escaped nor part of a date. */
export function hasOpenMarkup(mrkdwn: string): boolean {
  return /[<>]|&(?!amp;|lt;|gt;)/.test(mrkdwn.replace(SLACK_DATE, ''));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkLength(text: unknown, max: number, what: string): string[] {
  if (typeof text !== 'string') return [`${what} is no text`];
  if (text.length < 1 || text.length > max) return [`${what} has ${text.length} characters, not 1 to ${max}`];
  return /\p{Surrogate}/u.test(text) ? [`${what} has half a surrogate pair`] : [];
}

function checkText(text: unknown, max: number, types: readonly string[], what: string): string[] {
  if (!isObject(text)) return [`${what} is no text object`];
  const { type, text: content, emoji } = text;
  const problems = checkLength(content, max, what);
  if (typeof type !== 'string' || !types.includes(type)) problems.push(`${what} is of type ${String(type)}`);
  if (emoji !== undefined && type !== 'plain_text')
    problems.push(`${what} has emoji, which is for plain_text`);
  if (type === 'mrkdwn' && typeof content === 'string' && hasOpenMarkup(content)) {
    problems.push(`${what} has markup that is not escaped`);
  }
  return problems;
}

function checkList(list: unknown, max: number, what: string, check: (item: unknown) => string[]): string[] {
  if (!Array.isArray(list)) return [`${what} is no list`];
  if (list.length < 1 || list.length > max) return [`${what} has ${list.length} entries, not 1 to ${max}`];
  return list.flatMap(check);
}

function checkButton(button: unknown): string[] {
  if (!isObject(button) || button['type'] !== 'button') return ['an element of actions is no button'];
  const { text, url, value } = button;
  return [
    ...checkText(text, 75, ['plain_text'], 'button text'),
    ...(url === undefined ? [] : checkLength(url, 3_000, 'button url')),
    ...(typeof url === 'string' && !/^https?:\/\/\S+$/.test(url) ? ['button url is no web address'] : []),
    ...(value === undefined ? [] : checkLength(value, 2_000, 'button value')),
  ];
}

function checkSection({ text, fields }: Json): string[] {
  const ofFields = (field: unknown) => checkText(field, 2_000, ['mrkdwn', 'plain_text'], 'section field');
  return [
    ...(text === undefined ? [] : checkText(text, 3_000, ['mrkdwn', 'plain_text'], 'section text')),
    ...(fields === undefined ? [] : checkList(fields, 10, 'section fields', ofFields)),
    ...(text === undefined && fields === undefined ? ['section has neither text nor fields'] : []),
  ];
}

function checkContent(block: Json): string[] {
  switch (block['type']) {
    case 'header':
      return checkText(block['text'], 150, ['plain_text'], 'header text');
    case 'section':
      return checkSection(block);
    case 'context':
      return checkList(block['elements'], 10, 'context elements', (element) =>
        checkText(element, 3_000, ['mrkdwn', 'plain_text'], 'context text'),
      );
    case 'actions':
      return checkList(block['elements'], 25, 'actions elements', checkButton);
    case 'divider':
      return [];
    default:
      return [`block type ${String(block['type'])} is not known here`];
  }
}

function checkBlock(block: unknown): string[] {
  if (!isObject(block)) return ['a block is no object'];
  const { block_id: blockId } = block;
  return [...(blockId === undefined ? [] : checkLength(blockId, 255, 'block_id')), ...checkContent(block)];
}

/**
 * Checks a message against the documented limits of Block Kit and the escaping of mrkdwn.
 *
 * @returns What is wrong; nothing for a message that Slack takes
 */
export function validateSlackMessage(message: unknown): string[] {
  if (!isObject(message)) return ['the message is no object'];
  const { text, blocks } = message;
  return [
    ...checkLength(text, 40_000, 'message text'),
    ...(typeof text === 'string' && hasOpenMarkup(text)
      ? ['message text has markup that is not escaped']
      : []),
    ...checkList(blocks, 50, 'blocks', checkBlock),
  ];
}

import {
  type AccessLogFields,
  MAX_DEPTH,
  type SpellingOf,
} from '#shared/domain/logs/access/access-log-fields.ts';
import { certainFields } from '#shared/domain/logs/access/certain-fields.ts';
import type { Member } from '#shared/domain/logs/access/list-members.ts';

/** A tag. Comments and the like are none, so that nothing can hide in them. */
const TAG = /<(\/?)([A-Za-z_][\w.-]{0,99})([^<>]{0,1000})>/g;
const ATTRIBUTE = /([A-Za-z_][\w.-]{0,99})="([^"]{0,1000})"/g;

type Element = {
  readonly name: string;
  readonly contentAt: number;
  /** Whether there are elements in it; then its text is no value. */
  hasElements: boolean;
};

/** The names of elements, joined by dots as those of JSON are, without that of the outermost one. */
function nameOf(open: readonly Element[], last: string): string {
  const names = open.slice(1).map(({ name }) => name);
  return [...names, last].join('.');
}

function attributesOf(open: readonly Element[], attributes: string): Member[] {
  return [...attributes.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => ({
    name: nameOf(open, name),
    value,
  }));
}

/** What is being read: the open elements, the outermost first, and what was found in them. */
type Reading = { readonly line: string; readonly open: Element[]; readonly members: Member[] };

/** @returns Whether it closes the element that was opened last */
function closeElement({ line, open, members }: Reading, name: string, at: number): boolean {
  const element = open.pop();
  if (element?.name !== name) return false;
  if (open.length > 0 && !element.hasElements)
    members.push({ name: nameOf(open, name), value: line.slice(element.contentAt, at) });
  return true;
}

/** @returns Whether it is not too deep */
function openElement({ open, members }: Reading, element: Element, attributes: string): boolean {
  const parent = open.at(-1);
  if (parent !== undefined) parent.hasElements = true;
  open.push(element);
  members.push(...attributesOf(open, attributes));
  if (attributes.endsWith('/')) open.pop();
  return open.length <= MAX_DEPTH;
}

/** @returns What stands in elements and attributes; `null` if the elements do not close each other */
function listElements(line: string): Member[] | null {
  const reading: Reading = { line, open: [], members: [] };
  for (const { 0: tag, 1: slash, 2: name = '', 3: attributes = '', index } of line.matchAll(TAG)) {
    const element = { name, contentAt: index + tag.length, hasElements: false };
    const isSound =
      slash === '/' ? closeElement(reading, name, index) : openElement(reading, element, attributes);
    if (!isSound) return null;
  }
  return reading.open.length > 0 ? null : reading.members;
}

/**
 * Reads a line of XML as AWS's templates write it for any kind of API: facts in elements and attributes of any names
 * and order. Entities stay as they are: no fact that is read this way has any.
 *
 * @param line - Begins with `<`
 * @returns `null` if it is no such line, or if it is not certain what its status is
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html | REST}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html | HTTP}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html | WebSocket}
 */
export function readXmlLine(line: string, spelling: SpellingOf): AccessLogFields | null {
  const members = listElements(line);
  return members === null ? null : certainFields(members, spelling);
}

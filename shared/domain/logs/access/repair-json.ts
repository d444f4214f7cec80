import {
  type AccessLogField,
  type AccessLogFields,
  normalizeKey,
  type SpellingOf,
} from '#shared/domain/logs/access/access-log-fields.ts';
import { certainFields } from '#shared/domain/logs/access/certain-fields.ts';
import { listMembers, type Member } from '#shared/domain/logs/access/list-members.ts';

/** What API Gateway writes where it has cut a line. */
const CUT_MARK = /\[TRUNCATED\]$/;

/** The next key, as much as a cut line has of it. */
const NEXT_KEY = String.raw`,\s*(?:"[^"\\]*(?:"\s*(?::|$)|$)|$)`;

/** What follows a text that has ended: the next key, the ends of objects, or nothing in a line that was cut. */
const BEHIND_TEXT = new RegExp(String.raw`\s*(?:${NEXT_KEY}|\}[\s}]*(?:${NEXT_KEY}|$)|$)`, 'y');

/** A key inside of a text: if the quotes around the text are the client's, and the format has none, it ends before. */
const KEY_INSIDE = /,\s*"[^"\\]*"\s*:/;

/** Facts that may quote what a client sent. */
const QUOTING: ReadonlySet<AccessLogField> = new Set([
  'errorMessage',
  'validationError',
  'integrationError',
  'authorizerError',
  'wafError',
  'path',
]);

/** Other values that no client writes, of AWS's templates and the recommended formats. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  'ip',
  'sourceip',
  'identitysourceip',
  'caller',
  'identitycaller',
  'user',
  'identityuser',
  'protocol',
  'integrationrequestid',
  'authorizerlatency',
  'waflatency',
  'apikeyid',
  'identityapikeyid',
]);

/** A status that the line gives in full. */
const STATUS = /^[1-5]\d\d$/;

/**
 * Ends a text at the first quote behind which the line can go on. API Gateway's own quote is followed like this, so a
 * text never ends later than it did; should a client have written such a thing, it ends earlier, and what the client wrote
 * stands beside the real members, never in their place.
 */
function findEnd(line: string, from: number): number | 'cut' | 'broken' {
  for (let quote = line.indexOf('"', from); quote !== -1; quote = line.indexOf('"', quote + 1)) {
    BEHIND_TEXT.lastIndex = quote + 1;
    if (BEHIND_TEXT.test(line)) return KEY_INSIDE.test(line.slice(from, quote)) ? 'broken' : quote;
  }
  return 'cut';
}

function mayBeClients({ name, value }: Member, spelling: SpellingOf): boolean {
  // API Gateway writes no arrays and no empty objects.
  if (value === null) return true;
  const spelled = spelling(name);
  return spelled === null ? !OWN_KEYS.has(normalizeKey(name)) : QUOTING.has(spelled.field);
}

/**
 * Of a cut line, the real members may be missing that would dispute forged ones. So it is read up to the first value
 * that a client may have written, and no further.
 */
function beforeClients(members: readonly Member[], spelling: SpellingOf): readonly Member[] {
  const first = members.findIndex((member) => mayBeClients(member, spelling));
  return first === -1 ? members : members.slice(0, first + 1);
}

/**
 * Reads a line that is almost JSON: texts with quotes, backslashes or control characters in them, texts quoted twice,
 * values without quotes, lines that end too early. A fact that could be read two ways is left out. Takes time in
 * proportion to the line.
 *
 * What it cannot see through: a fact that the format does not have at all, forged by a client; and in nested formats
 * one that stands behind the forged text in the same object. In both the line may as well be valid JSON.
 *
 * @param line - Begins with `{`
 * @returns `null` if the line cannot be read, or not with a certain status
 */
export function repairJson(line: string, spelling: SpellingOf): AccessLogFields | null {
  const rest = line.replace(CUT_MARK, '');
  const listed = listMembers(rest, findEnd);
  if (listed === null) return null;
  const isCut = listed.isCut || rest !== line;
  const members = isCut ? beforeClients(listed.members, spelling) : listed.members;
  const fields = certainFields(members, spelling);
  return STATUS.test(fields?.status ?? '') ? fields : null;
}

import type {
  AccessLogFields,
  FieldSpelling,
  ReadLine,
  SpellingOf,
} from '#shared/domain/logs/access/access-log-fields.ts';
import { certainFields } from '#shared/domain/logs/access/certain-fields.ts';
import { collectFields } from '#shared/domain/logs/access/collect-fields.ts';
import { findJsonEnd } from '#shared/domain/logs/access/json-value.ts';
import { listMembers, type Member } from '#shared/domain/logs/access/list-members.ts';
import { repairJson } from '#shared/domain/logs/access/repair-json.ts';

const SPACES = /\s/;

function parseJson(text: string): object | null {
  try {
    return JSON.parse(text) as object;
  } catch {
    return null;
  }
}

function toRepaired(fields: AccessLogFields | null): ReadLine | null {
  return fields === null ? null : { fields, isRepaired: true };
}

/** How many colons stand behind a quote: at least one for each key of valid JSON. */
function countKeys(line: string): number {
  let count = 0;
  for (let colon = line.indexOf(':'); colon !== -1; colon = line.indexOf(':', colon + 1)) {
    let before = colon - 1;
    while (SPACES.test(line[before] ?? '')) before -= 1;
    if (line[before] === '"') count += 1;
  }
  return count;
}

/**
 * Valid JSON may have a key twice, which `JSON.parse` does not tell: it takes the last. A client whose quotes are not
 * escaped could so put its own fact in the place of the real one.
 */
function isDisputed(members: readonly Member[], spelling: SpellingOf): boolean {
  const values = new Map<FieldSpelling, string>();
  return members.some(({ name, value }) => {
    const spelled = spelling(name);
    if (spelled === null || value === null) return false;
    const known = values.get(spelled);
    if (known === undefined) values.set(spelled, value);
    return known !== undefined && known !== value;
  });
}

/**
 * Reads a line of JSON, or of what is almost JSON.
 *
 * @param line - Begins with `{`
 * @returns `null` if it cannot be read
 */
export function readJsonLine(line: string, spelling: SpellingOf): ReadLine | null {
  const object = parseJson(line);
  if (object === null) return toRepaired(repairJson(line, spelling));
  const { fields, members, isRepeated } = collectFields(object, spelling);
  // As many keys as colons: none stands twice. Otherwise a text may just look like a key.
  if (!isRepeated && members === countKeys(line)) return { fields, isRepaired: false };
  const listed = listMembers(line, findJsonEnd)?.members ?? [];
  return isDisputed(listed, spelling)
    ? toRepaired(certainFields(listed, spelling))
    : { fields, isRepaired: false };
}

import { MAX_DEPTH } from '#shared/domain/logs/access/access-log-fields.ts';
import { bareValue, type FindEnd, findJsonEnd, quotedValue } from '#shared/domain/logs/access/json-value.ts';

/** A key, with the keys around it joined by dots, and its value as text; `null` for an array or an empty object. */
export type Member = { readonly name: string; readonly value: string | null };

/** What stands in an object, repeated keys included; what arrays hold is left out. */
export type ListedMembers = {
  readonly members: readonly Member[];
  /** Whether the line ends before the object does. The member that it ends in is left out. */
  readonly isCut: boolean;
};

/** Where the reading of a line is. */
type Reading = {
  readonly line: string;
  readonly findEnd: FindEnd;
  readonly members: Member[];
  /** The names of the open objects; that of the line itself is empty. */
  readonly open: string[];
  at: number;
};

/** `cut`: the line ends here. `broken`: it cannot be read further. `end`: the object has ended. */
type Step = 'member' | 'first-member' | 'next' | 'end' | 'cut' | 'broken';

const SPACE = /\s*/y;
const BARE = /[^"{}[\]]*/y;
const BRACKET_OR_QUOTE = /["{}[\]]/g;

/** @returns What a sticky pattern matches here; it can be nothing */
function take(reading: Reading, pattern: RegExp): string {
  pattern.lastIndex = reading.at;
  const [text = ''] = pattern.exec(reading.line) ?? [];
  reading.at += text.length;
  return text;
}

function addMember({ members, open }: Reading, name: string, value: string | null): void {
  if (open.length <= MAX_DEPTH) members.push({ name, value });
}

/** @returns The place behind an array, with all that is in it; `null` if the line ends before */
function findArrayEnd(line: string, from: number): number | null {
  let depth = 0;
  BRACKET_OR_QUOTE.lastIndex = from;
  for (let match = BRACKET_OR_QUOTE.exec(line); match !== null; match = BRACKET_OR_QUOTE.exec(line)) {
    const [character] = match;
    if (character === '"') {
      const end = findJsonEnd(line, match.index + 1);
      if (end === 'cut') return null;
      BRACKET_OR_QUOTE.lastIndex = end + 1;
      continue;
    }
    depth += character === '[' || character === '{' ? 1 : -1;
    if (depth === 0) return match.index + 1;
  }
  return null;
}

function readText(reading: Reading, name: string): Step {
  const from = reading.at + 1;
  const end = reading.findEnd(reading.line, from);
  if (typeof end === 'string') return end;
  addMember(reading, name, quotedValue(reading.line.slice(from, end)));
  reading.at = end + 1;
  return 'next';
}

/** A value without quotes ends with the comma before the next key, or with its object. */
function readBare(reading: Reading, name: string): Step {
  const text = take(reading, BARE).trimEnd();
  const stop = reading.line[reading.at];
  if (stop === undefined) return 'cut';
  if (stop === '}') {
    addMember(reading, name, bareValue(text));
    return 'next';
  }
  if (stop !== '"' || !text.endsWith(',')) return 'broken';
  addMember(reading, name, bareValue(text.slice(0, -1).trimEnd()));
  return 'member';
}

function readValue(reading: Reading, name: string): Step {
  const { line, at, open } = reading;
  const first = line[at];
  if (first === undefined) return 'cut';
  if (first === '"') return readText(reading, name);
  if (first === '{') {
    reading.at += 1;
    open.push(name);
    return 'first-member';
  }
  if (first !== '[') return readBare(reading, name);
  const end = findArrayEnd(line, at);
  if (end === null) return 'cut';
  addMember(reading, name, null);
  reading.at = end;
  return 'next';
}

function readMember(reading: Reading): Step {
  const { line, at, open } = reading;
  if (line[at] !== '"') return 'broken';
  const end = findJsonEnd(line, at + 1);
  if (end === 'cut') return 'cut';
  const key = quotedValue(line.slice(at + 1, end));
  reading.at = end + 1;
  take(reading, SPACE);
  if (reading.at >= line.length) return 'cut';
  if (line[reading.at] !== ':') return 'broken';
  reading.at += 1;
  take(reading, SPACE);
  const prefix = open.at(-1) ?? '';
  return readValue(reading, prefix === '' ? key : `${prefix}.${key}`);
}

function closeObject(reading: Reading, isEmpty: boolean): Step {
  reading.at += 1;
  const name = reading.open.pop() ?? '';
  if (isEmpty) addMember(reading, name, null);
  return reading.open.length === 0 ? 'end' : 'next';
}

function readStep(reading: Reading, step: Step): Step {
  take(reading, SPACE);
  const character = reading.line[reading.at];
  if (character === undefined) return 'cut';
  if (step === 'member') return readMember(reading);
  if (character === '}') return closeObject(reading, step === 'first-member');
  if (step === 'first-member') return readMember(reading);
  if (character !== ',') return 'broken';
  reading.at += 1;
  return 'member';
}

/**
 * Lists what stands in the object of a line, as `JSON.parse` would find it if it kept keys that stand twice. Values
 * without quotes may be any text. Takes time in proportion to the line as long as `findEnd` does.
 *
 * @param line - Begins with `{`
 * @param findEnd - Says where a value in quotes ends
 * @returns `null` if the line is no such object
 */
export function listMembers(line: string, findEnd: FindEnd): ListedMembers | null {
  const reading: Reading = { line, findEnd, members: [], open: [''], at: 1 };
  let step: Step = 'first-member';
  while (step === 'member' || step === 'first-member' || step === 'next') step = readStep(reading, step);
  if (step === 'end') take(reading, SPACE);
  if (step === 'broken' || (step === 'end' && reading.at < line.length)) return null;
  return { members: reading.members, isCut: step === 'cut' };
}

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FAILURE_TEXTS, OTHER_TEXTS } from '#test/fakes/execution-log-lines.ts';
import { createRandom } from '#test/fakes/random.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/access-logs/', import.meta.url));

const ID = '706499f2-afe6-11e8-b7eb-8d53f824f304';

/** What stands before the text of an execution-log line, in each of its forms. */
const PREFIXES = [
  `(${ID}) `,
  '(PDS1PEC4oAMFpyA=) ',
  `2017-06-05T13:57:47.369Z (${ID}) `,
  'Mon Jun 05 13:57:47 UTC 2017 : ',
  '',
];

/** What has a meaning in one of the formats, or for whoever reads it without care. */
const TOKENS = [
  ...[
    '"',
    '""',
    '\\',
    '\\"',
    '{',
    '}',
    '{}',
    '[',
    ']',
    ':',
    ',',
    '":"',
    '","',
    "'",
    '`',
    '&',
    '&lt;',
    '&#0;',
  ],
  ...['<', '>', '</', '/>', '<status>', '</request>', '<![CDATA[', '-', '(none)', 'null', '(', ')', ' - - ['],
  ...[
    '"status":"200"',
    ',"status":500',
    'status',
    'requestTimeEpoch',
    '__proto__',
    'constructor',
    'toString',
  ],
  ...[
    '1e999',
    '9'.repeat(20),
    '-1',
    '0x10',
    'NaN',
    'Infinity',
    '10/Jun/2023:15:36:28 +0000',
    '429',
    '200',
    '000',
  ],
  ...[
    ' ',
    '\t',
    '\n',
    '\r',
    '\u0000',
    '\u001b[2J',
    '\u2028',
    '\u202e',
    '\uFEFF',
    'é',
    '👍',
    '\uFFFD',
    '[TRUNCATED]',
  ],
  ...[
    'API Stage: a/b',
    'Method completed with status: 200',
    'Key throttle limit exceeded',
    `(${ID}) `,
    '},{"id":"',
  ],
];

const REPEATED = ['"', '\\', '{', '[', '(', '<', ',', ' ', 'a', '\\"', '":', '{"a":', '</a>', '-,', '\n'];

function accessLines(): string[] {
  return readdirSync(FIXTURES)
    .sort()
    .flatMap((name) => readFileSync(`${FIXTURES}${name}`, 'utf8').trimEnd().split('\n'));
}

function executionLines(): string[] {
  const texts = [...FAILURE_TEXTS.map(([text]) => text), ...OTHER_TEXTS];
  return texts.map((text, index) => `${PREFIXES[index % PREFIXES.length]}${text}`);
}

/** Lines of all kinds as they should be, which are damaged next. */
const HONEST_LINES: readonly string[] = [...accessLines(), ...executionLines()];

/** Writes a line that somebody wants to do harm with. */
export type WriteHostileLine = () => string;

/** The same seed gives the same lines. */
export function createWriteHostileLine(seed: number): WriteHostileLine {
  const random = createRandom(seed);
  const below = (end: number): number => Math.floor(random() * end);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;

  const MUTATIONS: readonly ((line: string) => string)[] = [
    (line) => line.slice(0, below(line.length + 1)),
    (line) => line.slice(below(line.length + 1)),
    (line) => insert(line, pick(TOKENS)),
    (line) => insert(line, pick(TOKENS)),
    (line) => insert(line, String.fromCharCode(below(256))),
    (line) => insert(line, pick(REPEATED).repeat(below(200))),
    (line) => line.replace(pick(TOKENS), () => pick(TOKENS)),
    (line) => line.replaceAll(pick(['"', ':', ',', ' ', '{', '<']), () => pick(TOKENS)),
    (line) => removed(line),
    (line) => doubled(line),
    (line) => `${line.slice(0, below(line.length + 1))}${pick(HONEST_LINES).slice(below(40))}`,
    (line) => JSON.stringify(line),
  ];

  function insert(line: string, text: string): string {
    const at = below(line.length + 1);
    return `${line.slice(0, at)}${text}${line.slice(at)}`;
  }

  function removed(line: string): string {
    const at = below(line.length + 1);
    return `${line.slice(0, at)}${line.slice(at + 1 + below(20))}`;
  }

  function doubled(line: string): string {
    const start = below(line.length + 1);
    const part = line.slice(start, start + below(60));
    return insert(line, part);
  }

  return () => {
    let line = pick(HONEST_LINES);
    for (let left = 1 + below(4); left > 0; left -= 1) line = pick(MUTATIONS)(line);
    return line;
  };
}

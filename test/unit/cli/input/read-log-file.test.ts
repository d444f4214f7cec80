import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '#cli/errors.ts';
import { createFileSource } from '#cli/input/read-log-file.ts';
import { useTempFolder } from '#test/fakes/temp-folder.ts';

/** Lines that gzip cannot shrink much, so that a file of them has several chunks. */
const LINES = Array.from({ length: 3_000 }, (_, index) =>
  JSON.stringify({ n: index + 1, x: createHash('sha512').update(String(index)).digest('base64') }),
);
const TEXT = `${LINES.join('\n')}\n`;
const PACKED = gzipSync(TEXT);

type Outcome = { readonly texts: string[]; readonly numbers: number[]; readonly error: unknown };

async function read(path: string): Promise<Outcome> {
  const outcome: Outcome = { texts: [], numbers: [], error: null };
  try {
    const { read: readEvents } = createFileSource({ name: path, bytes: null });
    for await (const { line, text } of readEvents({ onRead: () => {}, onProblem: expect.unreachable })) {
      outcome.texts.push(text);
      outcome.numbers.push(line ?? 0);
    }
    return outcome;
  } catch (error) {
    return { ...outcome, error };
  }
}

function readBytes(bytes: Uint8Array, name = 'access.log.gz'): Promise<Outcome> {
  return read(useTempFolder().write(name, bytes));
}

/** The complete lines that zlib itself gets out of the first part of a gzip file. */
function linesBeforeCut(packed: Buffer): string[] {
  return gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH })
    .toString('utf8')
    .split('\n')
    .slice(0, -1);
}

describe('createFileSource()', () => {
  it.each([
    ['plain', 'access.log', Buffer.from(TEXT)],
    ['.gz', 'access.log.gz', PACKED],
    ['gzip without .gz in its name', 'access.log', PACKED],
    ['plain with .gz in its name', 'access.log.gz', Buffer.from(TEXT)],
    [
      'gzip of several members',
      'all.gz',
      Buffer.concat(LINES.map((line) => gzipSync(`${line}\n`, { level: 1 }))),
    ],
    ['gzip that is padded with zeros', 'tape.gz', Buffer.concat([PACKED, Buffer.alloc(200_000)])],
  ])('createFileSource() gives all lines of a file that is %s', async (_, name, bytes) => {
    const { texts, numbers, error } = await readBytes(bytes, name);

    expect(error).toBe(null);
    expect(texts).toEqual(LINES);
    expect(numbers.at(-1)).toBe(LINES.length);
  });

  it('createFileSource() gives all lines where a gzip member ends with a chunk of the file', async () => {
    const chunkBytes = 65_536;
    const members = Array.from({ length: 3 }, (_, member) => {
      // Stored, not deflated: so its size can be chosen.
      const frame = gzipSync(Buffer.alloc(chunkBytes - 1_000), { level: 0 }).length - (chunkBytes - 1_000);
      return gzipSync(`${String(member).repeat(chunkBytes - frame - 1)}\n`, { level: 0 });
    });
    expect(members.map(({ length }) => length)).toEqual([chunkBytes, chunkBytes, chunkBytes]);

    const { texts, error } = await readBytes(Buffer.concat(members));

    expect(error).toBe(null);
    expect(texts.map((text) => text[0])).toEqual(['0', '1', '2']);
  });

  it('createFileSource() gives nothing for an empty file and for an empty gzip file', async () => {
    expect(await readBytes(Buffer.alloc(0))).toEqual({ texts: [], numbers: [], error: null });
    expect(await readBytes(gzipSync(''))).toEqual({ texts: [], numbers: [], error: null });
  });

  it('createFileSource() tells the bytes it read, before unpacking', async () => {
    const path = useTempFolder().write('access.gz', PACKED);
    let bytes = 0;
    const onRead = (more: number): void => {
      bytes += more;
    };

    const source = createFileSource({ name: path, bytes: null });
    for await (const { line } of source.read({ onRead, onProblem: expect.unreachable })) void line;

    expect(bytes).toBe(statSync(path).size);
  });

  it('createFileSource() gives all lines before the cut of a gzip file, then names file and line', async () => {
    const property = fc.asyncProperty(fc.integer({ min: 20, max: PACKED.length - 1 }), async (length) => {
      const packed = PACKED.subarray(0, length);
      const { texts, error } = await readBytes(packed, 'cut.gz');
      const expected = linesBeforeCut(packed);
      const end = `cut.gz: the gzip file ends early, after line ${expected.length}`;
      const isNamed = error instanceof UsageError && error.message.endsWith(end);
      return isNamed && JSON.stringify(texts) === JSON.stringify(expected);
    });

    await fc.assert(property, { numRuns: 40 });
  });

  it('createFileSource() ends for damage anywhere in a gzip file, and never gives a wrong line before saying so', async () => {
    const problem =
      /: (the gzip file (is damaged after|ends early, after) line (\d+)|is binary, not a text log)$/;
    const isNamed = (error: unknown, lastLine: number): boolean => {
      const match = error instanceof UsageError ? problem.exec(error.message) : null;
      return match !== null && Number(match[3] ?? lastLine) === lastLine;
    };
    // Bytes 3 to 9 of the header hold flags, a time and a system, which need not matter.
    const place = fc.oneof(fc.constant(2), fc.integer({ min: 10, max: PACKED.length - 1 }));
    const property = fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const packed = Buffer.from(PACKED);
      packed.writeUInt8(packed.readUInt8(at) ^ change, at);
      const { texts, numbers, error } = await readBytes(packed, 'damaged.gz');
      // Bytes that were unpacked before the checksum was reached may be wrong, but not those before the damage.
      const whole = Math.min(texts.length, linesBeforeCut(PACKED.subarray(0, at)).length);
      return (
        isNamed(error, numbers.at(-1) ?? 0) &&
        texts.slice(0, whole).every((text, index) => text === LINES[index])
      );
    });

    await fc.assert(property, { numRuns: 100 });
  });

  it.each([
    [
      'that follows the gzip data',
      Buffer.concat([PACKED, Buffer.from('garbage')]),
      /access\.gz: the gzip file is damaged after line \d{4}$/,
    ],
    [
      'in a gzip file of which only the magic bytes are left',
      PACKED.subarray(0, 2),
      /access\.gz: the gzip file ends early, after line 0$/,
    ],
  ])('createFileSource() names file and line for garbage %s', async (_, bytes, message) => {
    const { error } = await readBytes(bytes, 'access.gz');

    expect(error).toBeInstanceOf(UsageError);
    expect(error).toHaveProperty('message', expect.stringMatching(message));
  });

  it.each([
    ['a binary file', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3])],
    ['a binary file in gzip', gzipSync(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]))],
    ['text in UTF-16', Buffer.from('{"status":"200"}\n', 'utf16le')],
  ])('createFileSource() says that %s is binary', async (_, bytes) => {
    const { texts, error } = await readBytes(bytes, 'image.log');

    expect(texts).toEqual([]);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toHaveProperty(
      'message',
      expect.stringMatching(/\/image\.log: is binary, not a text log$/),
    );
  });

  it('createFileSource() names a file that is missing and the reason', async () => {
    const { error } = await read('/nowhere/access.log');

    expect(error).toBeInstanceOf(UsageError);
    expect(error).toHaveProperty('message', '/nowhere/access.log: cannot be read after line 0 (ENOENT)');
  });

  it('createFileSource() names a folder that is read as a file and the reason', async () => {
    const { path } = useTempFolder();

    const { error } = await read(path);

    expect(error).toBeInstanceOf(UsageError);
    expect(error).toHaveProperty('message', `${path}: cannot be read after line 0 (EISDIR)`);
  });
});

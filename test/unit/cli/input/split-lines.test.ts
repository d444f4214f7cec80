import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Line, splitLines } from '#cli/input/split-lines.ts';
import { createReadAccessLogLine, MAX_LINE_LENGTH } from '#shared/domain/logs/access/read-access-log-line.ts';

const MEGABYTE = 1_048_576;

async function* stream(chunks: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* chunks;
}

async function linesOf(chunks: Iterable<Buffer>): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of splitLines(stream(chunks))) lines.push(line);
  return lines;
}

/** Cuts the bytes at the places, wherever in a line or a character they are. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

/** What a simple reading of the whole text gives. */
function expectedLines(text: string): Line[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line, index) => ({ number: index + 1, text: line.endsWith('\r') ? line.slice(0, -1) : line }))
    .filter((line) => line.text.trim() !== '');
}

async function agrees(text: string, places: readonly number[]): Promise<boolean> {
  const lines = await linesOf(cut(Buffer.from(text), places));
  return JSON.stringify(lines) === JSON.stringify(expectedLines(text));
}

describe('splitLines()', () => {
  it.each([
    ['nothing', '', []],
    ['one line', 'a\n', [[1, 'a']]],
    [
      'a last line without its newline',
      'a\nb',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'carriage returns',
      'a\r\nb\r\n',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'only one carriage return of several',
      'a\r\r\nb\rc\n',
      [
        [1, 'a\r'],
        [2, 'b\rc'],
      ],
    ],
    [
      'a byte order mark',
      '\uFEFFa\nb',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'a byte order mark only where a file begins',
      'a\n\uFEFFb',
      [
        [1, 'a'],
        [2, '\uFEFFb'],
      ],
    ],
    ['nothing but a byte order mark', '\uFEFF', []],
    [
      'blank lines, which are counted but not given',
      '\n\r\n \t\na\n\n\nb\n\n',
      [
        [4, 'a'],
        [7, 'b'],
      ],
    ],
  ])('splitLines() takes %s', async (_, text, expected) => {
    expect(await linesOf([Buffer.from(text)])).toEqual(
      expected.map(([number, line]) => ({ number, text: line })),
    );
  });

  it('splitLines() joins a character that is cut between two chunks', async () => {
    const bytes = Buffer.from('preis: 5 €\r\nnächste 🚪\n');

    const lines = await linesOf([...bytes].map((byte) => Buffer.from([byte])));

    expect(lines).toEqual([
      { number: 1, text: 'preis: 5 €' },
      { number: 2, text: 'nächste 🚪' },
    ]);
  });

  it('splitLines() drops a carriage return whose newline is in the next chunk', async () => {
    expect(await linesOf([Buffer.from('a\r'), Buffer.from('\nb')])).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: 'b' },
    ]);
  });

  it('splitLines() gives the same lines however the bytes are cut, those of a split of the whole text', async () => {
    const unit = fc.constantFrom('\n', '\r', '\r\n', ' ', '\uFEFF', 'a', '{"status":"200"}', 'é', '€', '🚪');
    const text = fc.array(unit, { maxLength: 60 }).map((units) => units.join(''));

    await fc.assert(fc.asyncProperty(text, fc.array(fc.nat()), agrees), { numRuns: 500 });
  });

  it('splitLines() counts a line of 64 MB as one, keeps a bounded part of it and goes on behind it', async () => {
    function* chunks(): Generator<Buffer> {
      yield Buffer.from('first\n');
      for (let index = 0; index < 64; index += 1) yield Buffer.alloc(MEGABYTE, 'x');
      yield Buffer.from('\nlast\n');
    }

    const lines = await linesOf(chunks());

    expect(lines.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(lines[1]?.text.length).toBeGreaterThan(MAX_LINE_LENGTH);
    expect(lines[1]?.text.length).toBeLessThan(4 * MEGABYTE);
    expect(lines[2]?.text).toBe('last');
  });

  it.each(['x', 'é', '€', '🚪'])(
    'splitLines() keeps enough of 5 MB of %s for the parser to say too-long',
    async (character) => {
      const bytes = Buffer.from(character.repeat((5 * MEGABYTE) / Buffer.byteLength(character)));

      const [line, ...others] = await linesOf(cut(bytes, [1, MEGABYTE + 1, 3 * MEGABYTE + 2]));

      expect(others).toEqual([]);
      expect(createReadAccessLogLine()(line?.text ?? '')).toBe('too-long');
    },
  );

  it('splitLines() keeps all of a line that the parser takes, in characters of several bytes', async () => {
    const text = `{"status":"200","x":"${'€'.repeat(MAX_LINE_LENGTH - 23)}"}`;
    expect(text).toHaveLength(MAX_LINE_LENGTH);

    const [line] = await linesOf(cut(Buffer.from(text), [MEGABYTE, 2 * MEGABYTE]));

    expect(line?.text === text).toBe(true);
    expect(createReadAccessLogLine()(line?.text ?? '')).toMatchObject({ fields: { status: '200' } });
  });
});

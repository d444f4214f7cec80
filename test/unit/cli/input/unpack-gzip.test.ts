import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackGzip } from '#cli/input/unpack-gzip.ts';

/** Gives the bytes in parts of the given sizes, over and over. */
async function* inParts(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (let start = 0, part = 0; start < bytes.length; part += 1) {
    const size = sizes[part % sizes.length] ?? bytes.length;
    yield Buffer.from(bytes.subarray(start, start + size));
    start += size;
  }
}

async function unpack(bytes: Uint8Array, sizes: readonly number[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of unpackGzip(inParts(bytes, sizes))) parts.push(part);
  return Buffer.concat(parts);
}

const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 });

describe('unpackGzip()', () => {
  it('unpackGzip() gives back what was packed, in however many members and whatever parts it comes', async () => {
    const members = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(members, sizes, async (texts, partSizes) => {
      const packed = Buffer.concat(texts.map((text) => gzipSync(text)));
      return (await unpack(packed, partSizes)).equals(Buffer.concat(texts));
    });

    await fc.assert(property);
  });

  it('unpackGzip() gives bytes that are no gzip as they are', async () => {
    const noGzip = fc.uint8Array().filter(([first, second]) => first !== 0x1f || second !== 0x8b);
    const property = fc.asyncProperty(noGzip, sizes, async (bytes, partSizes) =>
      (await unpack(bytes, partSizes)).equals(bytes),
    );

    await fc.assert(property);
  });

  it.each([
    ['is one byte, the first of gzip', [0x1f]],
    ['is one other byte', [0x7b]],
    ['is empty', []],
  ])('unpackGzip() gives all of a file that %s', async (_, bytes) => {
    expect([...(await unpack(Buffer.from(bytes), [1]))]).toEqual(bytes);
  });

  it.each([
    ['plain text', Buffer.from('a\nb\nc\n')],
    ['gzip', gzipSync('a\nb\nc\n')],
  ])('unpackGzip() lets go of its source when nobody wants more of %s', async (_, bytes) => {
    let isOpen = true;
    async function* source(): AsyncGenerator<Buffer> {
      try {
        yield* inParts(bytes, [2]);
      } finally {
        isOpen = false;
      }
    }

    for await (const part of unpackGzip(source())) {
      expect(part.length).toBeGreaterThan(0);
      break;
    }

    expect(isOpen).toBe(false);
  });
});

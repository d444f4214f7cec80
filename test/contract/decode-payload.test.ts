import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import { collectGarbage } from '#test/fakes/collect-garbage.ts';

const MARKER = 'marker-4711';
const MAX_DECODED_BYTES = 100 * 1024 * 1024;

/** Any character of UTF-8, which has no halves of surrogate pairs. */
const character = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

function encode(text: string): string {
  return gzipSync(text).toString('base64');
}

function withWrongChecksum(text: string): string {
  const bytes = gzipSync(text);
  const checksumAt = bytes.length - 8;
  bytes.writeUInt8(bytes.readUInt8(checksumAt) ^ 1, checksumAt);
  return bytes.toString('base64');
}

async function failureOf(data: string): Promise<unknown> {
  return decodePayload(data).then(
    (bytes) => `decoded ${bytes.length} bytes`,
    (error: unknown) => error,
  );
}

describe('zlib-decode-payload', () => {
  it('decodePayload() returns what was packed, whatever it is', async () => {
    const property = fc.asyncProperty(
      fc.string({ unit: character, maxLength: 2_000 }),
      async (text) => Buffer.from(await decodePayload(encode(text))).toString('utf8') === text,
    );

    await fc.assert(property);
  });

  it('decodePayload() returns a payload of exactly the limit', async () => {
    const data = gzipSync(Buffer.alloc(MAX_DECODED_BYTES, 'a')).toString('base64');

    expect((await decodePayload(data)).length).toBe(MAX_DECODED_BYTES);
  });

  it('decodePayload() does not trust the size that a payload says it has', async () => {
    const packed = Buffer.concat([gzipSync(Buffer.alloc(MAX_DECODED_BYTES / 2, 'a')), gzipSync('')]);
    const beforeBytes = collectGarbage();

    const bytes = await decodePayload(packed.toString('base64'));
    // Before anything is freed: it is the number of parts that fills the heap.
    const usedBytes = process.memoryUsage().heapUsed - beforeBytes;

    expect(bytes.length).toBe(MAX_DECODED_BYTES / 2);
    expect(usedBytes).toBeLessThan(20_000_000);
  });

  it.each([
    ['text that is not base64', `${MARKER} is not base64!`],
    ['base64 of something else', Buffer.from(`${MARKER} in plain text`).toString('base64')],
    ['nothing', ''],
    ['gzip that is cut', encode(MARKER.repeat(100)).slice(0, 40)],
    ['gzip with a wrong checksum', withWrongChecksum(MARKER)],
  ])('decodePayload() throws for %s, without the content', async (_, data) => {
    const error = await failureOf(data);

    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      message: expect.stringContaining('Cannot decode the subscription payload'),
    });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(MARKER);
  });

  it('decodePayload() throws for a payload made to fill the memory', async () => {
    const bomb = gzipSync(Buffer.alloc(MAX_DECODED_BYTES + 1)).toString('base64');
    expect(bomb.length).toBeLessThan(200_000);

    expect(await failureOf(bomb)).toMatchObject({
      message: expect.stringContaining('Cannot decode the subscription payload'),
      cause: { code: 'ERR_BUFFER_TOO_LARGE' },
    });
  });
});

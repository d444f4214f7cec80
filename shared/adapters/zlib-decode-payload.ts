import { gunzipSync } from 'node:zlib';
import type { DecodePayload } from '#shared/application/ports.ts';

/**
 * An asynchronous invocation carries at most 1 MB; JSON logs shrink about 10 to 20 times. Anything that unpacks to
 * more than this was made to fill the memory.
 *
 * @see {@link https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html}
 */
export const MAX_DECODED_BYTES = 100 * 1024 * 1024;

/**
 * What Node takes by itself. The stated size may be less than what comes, as of several gzip members in a row: in parts of
 * a few bytes, 100 MB would fill the memory with their objects.
 */
const MIN_CHUNK_BYTES = 16 * 1024;

/**
 * The size that gzip data says it unpacks to, in its last four bytes. With room for just so much nothing has to be
 * joined; what says something else is unpacked all the same.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc1952#page-5 | ISIZE}
 */
function unpackedBytes(packed: Buffer): number {
  const stated = packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4);
  return Math.min(stated, MAX_DECODED_BYTES);
}

/** Decodes a subscription payload with zlib. The error says what failed, without the content. */
export const decodePayload: DecodePayload = async (data) => {
  try {
    // In one go: an invocation has nothing else to do, and the thread pool costs more than it saves.
    const packed = Buffer.from(data, 'base64');
    return gunzipSync(packed, {
      maxOutputLength: MAX_DECODED_BYTES,
      // One more: a part that is full to the last byte would be followed by an empty one.
      chunkSize: Math.max(MIN_CHUNK_BYTES, unpackedBytes(packed) + 1),
    });
  } catch (cause) {
    throw new Error('Cannot decode the subscription payload: it is not base64 of gzip', { cause });
  }
};

import { gunzipSync } from 'node:zlib';
import type { DecodePayload } from '#shared/application/ports.ts';

/**
 * An asynchronous invocation carries at most 1 MB; JSON logs shrink about 10 to 20 times. Anything that unpacks to
 * more than this was made to fill the memory.
 *
 * @see {@link https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html}
 */
const MAX_DECODED_BYTES = 100 * 1024 * 1024;

/** Large parts, so that few have to be joined. */
const CHUNK_BYTES = 1024 * 1024;

/** Decodes a subscription payload with zlib. The error says what failed, without the content. */
export const decodePayload: DecodePayload = async (data) => {
  try {
    // In one go: an invocation has nothing else to do, and the thread pool costs more than it saves.
    const bytes = gunzipSync(Buffer.from(data, 'base64'), {
      maxOutputLength: MAX_DECODED_BYTES,
      chunkSize: CHUNK_BYTES,
    });
    return bytes.toString('utf8');
  } catch (cause) {
    throw new Error('Cannot decode the subscription payload: it is not base64 of gzip', { cause });
  }
};

import { MAX_LINE_LENGTH } from '#shared/domain/logs/access/read-access-log-line.ts';

/** A line of a file; lines are counted from 1. */
export type Line = { readonly number: number; readonly text: string };

const LINE_FEED = 0x0a;

/**
 * More than the longest line can have, so that the parser sees that one is too long: it counts UTF-16 code units, and
 * each of them comes from 3 bytes at most.
 */
const KEPT_BYTES = 3 * MAX_LINE_LENGTH + 1;

/** Collects the bytes of one line and forgets what is beyond {@link KEPT_BYTES}. */
function createLineBuffer() {
  let parts: Buffer[] = [];
  let bytes = 0;
  return {
    add: (part: Buffer): void => {
      const kept = part.subarray(0, Math.max(0, KEPT_BYTES - bytes));
      if (kept.length > 0) parts.push(kept);
      bytes += kept.length;
    },
    take: (): string => {
      const text = Buffer.concat(parts).toString('utf8');
      parts = [];
      bytes = 0;
      return text.endsWith('\r') ? text.slice(0, -1) : text;
    },
  };
}

/**
 * Splits a stream of bytes into lines with bounded memory, however long a line is. Blank lines are left out but
 * counted; a byte order mark is dropped.
 */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  const buffer = createLineBuffer();
  let number = 0;
  const next = (): Line | null => {
    number += 1;
    const taken = buffer.take();
    const text = number === 1 ? taken.replace(/^\uFEFF/, '') : taken;
    return text.trim() === '' ? null : { number, text };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      buffer.add(chunk.subarray(start, end));
      start = end + 1;
      const line = next();
      if (line !== null) yield line;
    }
    buffer.add(chunk.subarray(start));
  }
  const last = next();
  if (last !== null) yield last;
}

import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { UsageError } from '#cli/errors.ts';
import { type LogFile, STDIN } from '#cli/input/find-log-files.ts';
import { type Line, splitLines } from '#cli/input/split-lines.ts';
import { unpackGzip } from '#cli/input/unpack-gzip.ts';

type Watch = {
  /** Called with the size of each part that was read, before unpacking. */
  readonly onBytes: (bytes: number) => void;
};

/** This much of a file is looked at to tell text from binary. */
const PROBE_BYTES = 8_192;

async function* counted(source: Readable, { onBytes }: Watch): AsyncGenerator<Buffer> {
  for await (const chunk of source as AsyncIterable<Buffer>) {
    onBytes(chunk.length);
    yield chunk;
  }
}

async function* checkedText(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let probedBytes = 0;
  for await (const chunk of chunks) {
    const left = Math.max(0, PROBE_BYTES - probedBytes);
    if (chunk.subarray(0, left).includes(0)) throw new UsageError('is binary, not a text log');
    probedBytes += chunk.length;
    yield chunk;
  }
}

function explain({ name }: LogFile, lastLine: number, cause: unknown): UsageError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (cause instanceof UsageError) return new UsageError(`${name}: ${message}`);
  if (code === 'Z_BUF_ERROR')
    return new UsageError(`${name}: the gzip file ends early, after line ${lastLine}`, { cause });
  if (code.startsWith('Z_'))
    return new UsageError(`${name}: the gzip file is damaged after line ${lastLine}`, { cause });
  return new UsageError(`${name}: cannot be read after line ${lastLine} (${code || message})`, { cause });
}

/**
 * Reads the lines of a log file, plain or gzip.
 *
 * @throws {UsageError} Naming file and line, if it is binary, damaged or cannot be read; lines before that are given
 */
export async function* readLogFile(file: LogFile, watch: Watch): AsyncGenerator<Line> {
  const source = file.name === STDIN ? process.stdin : createReadStream(file.name);
  let lastLine = 0;
  try {
    for await (const line of splitLines(checkedText(unpackGzip(counted(source, watch))))) {
      lastLine = line.number;
      yield line;
    }
  } catch (error) {
    throw explain(file, lastLine, error);
  }
}

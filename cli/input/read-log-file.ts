import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { UsageError } from '#cli/errors.ts';
import { type LogFile, STDIN } from '#cli/input/find-log-files.ts';
import { type Line, splitLines } from '#cli/input/split-lines.ts';

type Watch = {
  /** Called with the size of each part that was read, before unpacking. */
  readonly onBytes: (bytes: number) => void;
};

/** The first two bytes of every gzip file. */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** This much of a file is looked at to tell text from binary. */
const PROBE_BYTES = 8_192;

async function* counted(source: Readable, { onBytes }: Watch): AsyncGenerator<Buffer> {
  for await (const chunk of source as AsyncIterable<Buffer>) {
    onBytes(chunk.length);
    yield chunk;
  }
}

async function* chain(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Ends the unpacking; an end that comes too early is an `error` event, which the caller has its listener for. */
function end(gunzip: Gunzip): Promise<void> {
  return new Promise((resolve) => {
    gunzip.once('end', resolve).once('error', () => resolve());
    gunzip.end();
  });
}

/** Unpacks part by part, so that all that was good is given before damage further on is reported. */
async function* gunzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const out: Buffer[] = [];
  let failure: Error | null = null;
  gunzip
    .on('data', (part: Buffer) => out.push(part))
    .on('error', (error) => {
      failure = error;
    });
  for await (const chunk of chunks) {
    await new Promise<void>((resolve) => {
      gunzip.write(chunk, () => resolve());
    });
    yield* out.splice(0);
    if (failure !== null) throw failure;
  }
  await end(gunzip);
  yield* out.splice(0);
  if (failure !== null) throw failure;
}

/** Unpacks gzip, which is told by its first bytes, whatever the name says. */
async function* unpacked(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const first = await chunks.next();
  if (first.done === true) return;
  const all = chain(first.value, chunks);
  yield* first.value.subarray(0, 2).equals(GZIP_MAGIC) ? gunzipped(all) : all;
}

async function* checkedText(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let probed = false;
  for await (const chunk of chunks) {
    if (!probed && chunk.subarray(0, PROBE_BYTES).includes(0))
      throw new UsageError('is binary, not a text log');
    probed = true;
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
    for await (const line of splitLines(checkedText(unpacked(counted(source, watch))))) {
      lastLine = line.number;
      yield line;
    }
  } catch (error) {
    throw explain(file, lastLine, error);
  }
}

import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { UsageError } from '#cli/errors.ts';
import { splitExportedLine } from '#cli/input/exported-line.ts';
import { type LogFile, STDIN } from '#cli/input/find-log-files.ts';
import { holdsPayloads, PAYLOAD_PROBE_BYTES } from '#cli/input/payload-start.ts';
import { peek } from '#cli/input/peek.ts';
import { readPayloads } from '#cli/input/read-payloads.ts';
import type { EventSource, SourceEvent, Watch } from '#cli/input/source-event.ts';
import { splitLines } from '#cli/input/split-lines.ts';
import { unpackGzip } from '#cli/input/unpack-gzip.ts';

/** This much of a file is looked at to tell text from binary. */
const PROBE_BYTES = 8_192;

async function* counted(source: Readable, { onRead }: Watch): AsyncGenerator<Buffer> {
  for await (const chunk of source as AsyncIterable<Buffer>) {
    onRead(chunk.length);
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

async function* readLines(source: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<SourceEvent> {
  const nothing = { eventId: null, logGroup: null, logStream: null, payload: null };
  for await (const { number: line, text: exported } of splitLines(chunks)) {
    const { text, timeMs: timestampMs } = splitExportedLine(exported);
    yield { ...nothing, source, line, text, timestampMs };
  }
}

/**
 * Reads the lines of a log file, or the log events of a file of subscription payloads; plain or gzip.
 *
 * @throws {UsageError} Naming file and line, if it is binary, damaged or cannot be read; what was before is given
 */
async function* readLogFile(file: LogFile, watch: Watch): AsyncGenerator<SourceEvent> {
  const { name } = file;
  const bytes = name === STDIN ? process.stdin : createReadStream(name);
  let lastLine = 0;
  try {
    const text = checkedText(unpackGzip(counted(bytes, watch)));
    const { first, all } = await peek(text, PAYLOAD_PROBE_BYTES);
    const isPayloads = holdsPayloads(first.toString('utf8', 0, PAYLOAD_PROBE_BYTES));
    for await (const event of isPayloads ? readPayloads(name, all, watch) : readLines(name, all)) {
      lastLine = event.line ?? lastLine;
      yield event;
    }
  } catch (error) {
    throw explain(file, lastLine, error);
  }
}

/** A log file, or standard input, as a source of events. */
export function createFileSource(file: LogFile): EventSource {
  return {
    name: file.name,
    kind: 'file',
    size: file.bytes ?? 0,
    canReadTwice: file.bytes !== null,
    read: (watch) => readLogFile(file, watch),
  };
}

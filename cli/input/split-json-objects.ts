import { LINE_START_LENGTH, startsPayload } from '#cli/input/payload-start.ts';

/** An object in a stream of JSON, by the line on which it begins: its text, or why it has none. */
export type JsonObject =
  | { readonly ok: true; readonly line: number; readonly text: string }
  | { readonly ok: false; readonly line: number; readonly reason: 'cut' | 'too-long' | 'not-json' };

const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPENING_BRACE = 0x7b;
const OPENING: ReadonlySet<number> = new Set([OPENING_BRACE, 0x5b]);
const CLOSING: ReadonlySet<number> = new Set([0x7d, 0x5d]);
/** White space of JSON, and the bytes of a byte order mark. */
const IGNORED: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d, 0xef, 0xbb, 0xbf]);

/** Where the scan is; quotes and brackets are single bytes in UTF-8. */
type Scan = {
  readonly maxBytes: number;
  readonly found: JsonObject[];
  /** The part of the stream that is looked at, and where in it the object begins. */
  chunk: Buffer;
  start: number;
  /** What came of the object in earlier parts; nothing once it is too long. */
  parts: Buffer[];
  bytes: number;
  /** Brackets that are open; 0 between objects. */
  depth: number;
  isInString: boolean;
  isEscaped: boolean;
  /** Something else stands where an object should, and was reported. */
  isNoise: boolean;
  line: number;
  /** The line on which the object begins. */
  objectLine: number;
  /** The first characters of the line. */
  lineStart: string;
};

function keep(scan: Scan, part: Buffer): void {
  scan.bytes += part.length;
  if (scan.bytes <= scan.maxBytes) scan.parts.push(part);
  else scan.parts = [];
}

function begin(scan: Scan, at: number, before: string): void {
  scan.parts = [Buffer.from(before)];
  scan.bytes = before.length;
  scan.start = at;
  scan.objectLine = scan.line;
  scan.depth = 1;
  scan.isNoise = false;
}

function cut(scan: Scan): void {
  scan.found.push({ ok: false, line: scan.objectLine, reason: 'cut' });
  scan.depth = 0;
  scan.isInString = false;
  scan.isEscaped = false;
}

function end(scan: Scan, at: number): void {
  keep(scan, scan.chunk.subarray(scan.start, at + 1));
  const { objectLine: line, bytes, maxBytes, parts } = scan;
  scan.found.push(
    bytes > maxBytes
      ? { ok: false, line, reason: 'too-long' }
      : { ok: true, line, text: Buffer.concat(parts).toString('utf8') },
  );
}

function breakLine(scan: Scan): void {
  // JSON has no line break within a text.
  if (scan.isInString) cut(scan);
  scan.line += 1;
  scan.lineStart = '';
}

function scanString(scan: Scan, byte: number): void {
  if (scan.isEscaped) scan.isEscaped = false;
  else if (byte === BACKSLASH) scan.isEscaped = true;
  else if (byte === QUOTE) scan.isInString = false;
}

function scanBetween(scan: Scan, byte: number, at: number): void {
  if (byte === OPENING_BRACE) begin(scan, at, '');
  else if (!IGNORED.has(byte) && !scan.isNoise) {
    scan.found.push({ ok: false, line: scan.line, reason: 'not-json' });
    scan.isNoise = true;
  }
}

function scanObject(scan: Scan, byte: number, at: number): void {
  if (byte === QUOTE) scan.isInString = true;
  else if (OPENING.has(byte)) scan.depth += 1;
  else if (CLOSING.has(byte)) {
    scan.depth -= 1;
    if (scan.depth === 0) end(scan, at);
  } else if (byte === COLON && scan.objectLine < scan.line && startsPayload(scan.lineStart)) {
    cut(scan);
    begin(scan, at, scan.lineStart.slice(0, -1));
  }
}

function scanByte(scan: Scan, byte: number, at: number): void {
  if (byte === LINE_FEED) {
    breakLine(scan);
    return;
  }
  if (scan.lineStart.length < LINE_START_LENGTH) scan.lineStart += String.fromCharCode(byte);
  if (scan.isInString) scanString(scan, byte);
  else if (scan.depth === 0) scanBetween(scan, byte, at);
  else scanObject(scan, byte, at);
}

function startScan(maxBytes: number): Scan {
  return {
    maxBytes,
    found: [],
    chunk: Buffer.alloc(0),
    start: 0,
    parts: [],
    bytes: 0,
    depth: 0,
    isInString: false,
    isEscaped: false,
    isNoise: false,
    line: 1,
    objectLine: 1,
    lineStart: '',
  };
}

/**
 * Splits a stream of subscription payloads into JSON objects with bounded memory: one over several lines, one on each
 * line, or one after the other with nothing between. One that was cut does not take along those on later lines.
 *
 * @param maxBytes - Of one object
 */
export async function* splitJsonObjects(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<JsonObject> {
  const scan = startScan(maxBytes);
  for await (const chunk of chunks) {
    scan.chunk = chunk;
    scan.start = 0;
    for (let at = 0; at < chunk.length; at += 1) scanByte(scan, chunk[at] ?? 0, at);
    if (scan.depth > 0) keep(scan, chunk.subarray(scan.start));
    yield* scan.found.splice(0);
  }
  if (scan.depth > 0) cut(scan);
  yield* scan.found;
}

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** A request as it came, its body as bytes. */
export type RawRequest = {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/**
 * An answer, its body as it goes out; `drop`: the connection is closed without one; `silence`: it stays open, and
 * nothing comes.
 */
export type RawReply = RawAnswer | 'drop' | 'silence';

/** An answer as it goes out. */
export type RawAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** Reads a request to its end; a body that came as gzip is unpacked. */
export async function receiveRequest(request: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { method = 'GET', url: path = '/', headers } = request;
  if (headers['content-encoding'] !== 'gzip') return { method, path, headers, body };
  const { 'content-encoding': _, ...rest } = headers;
  return { method, path, headers: rest, body: gunzipSync(body) };
}

/** An answer in one of AWS's JSON protocols. */
export function jsonAnswer(status: number, body: unknown, version: '1.0' | '1.1' = '1.0'): RawAnswer {
  return {
    status,
    headers: { 'content-type': `application/x-amz-json-${version}` },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** An error in one of AWS's JSON protocols. */
export function jsonRefusal(status: number, code: string, message: string): RawAnswer {
  return jsonAnswer(status, { __type: code, message }, '1.1');
}

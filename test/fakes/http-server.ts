import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A request as a server of the tests got it; the body is unpacked if it came as gzip. */
export type ReceivedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/**
 * An answer, whose connection breaks after the body if `isCut`; or `reset`: it breaks after the request was read; or
 * `silence`: nothing ever comes.
 */
export type Reply =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly isCut?: true;
    }
  | 'reset'
  | 'silence';

export type Answer = (request: ReceivedRequest) => Reply;

/** An answer for which somebody else has to be asked first. */
export type SlowAnswer = (request: ReceivedRequest) => Promise<Reply>;

export type HttpServer = {
  readonly url: string;
  /** All requests since the start, in order. */
  readonly requests: readonly ReceivedRequest[];
  /** Answers the next request in another way than the usual one. */
  readonly answerOnce: (answer: Answer) => void;
  readonly stop: () => Promise<void>;
};

async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const { method = '', url: path = '', headers } = request;
  const isGzip = headers['content-encoding'] === 'gzip';
  return { method, path, headers, body: (isGzip ? gunzipSync(bytes) : bytes).toString('utf8') };
}

function send(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
  if (reply === 'silence') return;
  if (reply === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  response.writeHead(reply.status, reply.headers);
  if (reply.isCut) response.write(reply.body ?? '', () => request.socket.destroy());
  else response.end(reply.body);
}

/** Starts an HTTP server on a free port of this machine. */
export async function startHttpServer(answer: Answer | SlowAnswer): Promise<HttpServer> {
  const requests: ReceivedRequest[] = [];
  const exceptions: Answer[] = [];
  const server = createServer((request, response) => {
    receive(request).then(
      async (received) => {
        requests.push(received);
        send(await (exceptions.shift() ?? answer)(received), request, response);
      },
      () => request.socket.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answerOnce: (exception) => exceptions.push(exception),
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

/** The address of a port of this machine on which nothing listens. */
export async function refusingUrl(): Promise<string> {
  const { url, stop } = await startHttpServer(() => 'reset');
  await stop();
  return url;
}

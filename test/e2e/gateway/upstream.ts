import { REGION } from '#test/e2e/gateway/aws-call.ts';
import type { RawAnswer, RawReply, RawRequest } from '#test/e2e/gateway/raw-request.ts';

/** The emulator behind the gateway. */
export type Upstream = {
  /** Passes a request on as it is. */
  readonly forward: (request: RawRequest) => Promise<RawReply>;
  /** Makes a call of the gateway's own, which counts as nobody's. @throws {Error} If it fails */
  readonly call: (
    service: string,
    request: Omit<RawRequest, 'headers'> & { headers?: Record<string, string> },
  ) => Promise<string>;
};

/** They belong to one connection, not to the message. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'expect', 'upgrade'];

function passedOn(headers: RawRequest['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== undefined && !HOP_BY_HOP.includes(name))
      .map(([name, value]) => [name, String(value)]),
  );
}

async function send(url: string, request: RawRequest): Promise<RawAnswer> {
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const response = await fetch(url + request.path, {
    method: request.method,
    headers: passedOn(request.headers),
    ...(hasBody && { body: new Uint8Array(request.body) }),
    redirect: 'manual',
  });
  const headers = Object.fromEntries([...response.headers].filter(([name]) => !HOP_BY_HOP.includes(name)));
  // `fetch` has unpacked it.
  delete headers['content-encoding'];
  return { status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) };
}

function credentials(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
}

/** Nobody listens there, for now. */
function isUnreachable(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'fetch failed';
}

/** @param urlOf - Tells the emulator's address, which is not known before it runs */
export function createUpstream(urlOf: () => string): Upstream {
  return {
    forward: async (request) => {
      try {
        return await send(urlOf(), request);
      } catch (error) {
        if (isUnreachable(error)) return 'drop'; // as the network would, while the emulator restarts
        throw error;
      }
    },
    call: async (service, { method, path, headers = {}, body }) => {
      const reply = await send(urlOf(), {
        method,
        path,
        headers: { authorization: credentials(service), ...headers },
        body,
      });
      const answer = reply.body.toString('utf8');
      if (reply.status >= 300)
        throw new Error(`${service} ${method} ${path}: ${reply.status} ${answer.slice(0, 300)}`);
      return answer;
    },
  };
}

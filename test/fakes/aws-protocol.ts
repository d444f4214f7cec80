import type { Reply } from '#test/fakes/http-server.ts';

/** What an SDK client needs to talk to a server of the tests. The credentials are not real. */
export function clientConfig(endpoint: string, maxAttempts = 1) {
  return {
    endpoint,
    maxAttempts,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
}

/** An answer of a service that speaks AWS JSON. */
export function jsonReply(body: unknown): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(body),
  };
}

/** An error of a service that speaks AWS JSON. */
export function jsonError(status: number, code: string, message = code): Reply {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ __type: `com.amazonaws.test#${code}`, message }),
  };
}

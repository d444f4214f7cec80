import { gunzipSync } from 'node:zlib';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { clientConfig } from '#test/fakes/aws-protocol.ts';
import type { Answer, ReceivedRequest } from '#test/fakes/http-server.ts';

/** What the SDK hands to whoever sends its requests. */
type SdkRequest = Omit<ReceivedRequest, 'headers' | 'body'> & {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

function textOf({ headers, body }: SdkRequest): string {
  if (typeof body === 'string') return body;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return (headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
}

/**
 * The SDK's own client with the network cut away: it writes each request and reads each answer as it would from
 * CloudWatch, in this process.
 */
export function createAnsweredCloudWatch(answer: Answer): CloudWatchClient {
  return new CloudWatchClient({
    ...clientConfig('http://cloudwatch.test'),
    requestHandler: {
      handle: async (request: SdkRequest) => {
        const reply = answer({ ...request, body: textOf(request) });
        if (typeof reply === 'string') throw new Error(`A client without a network cannot be given ${reply}`);
        const { status: statusCode, headers = {}, body = '' } = reply;
        return { response: { statusCode, headers, body: Buffer.from(body) } };
      },
    },
  });
}

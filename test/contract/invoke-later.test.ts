import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createInvokeLater } from '#shared/adapters/lambda-invoke-later.ts';
import type { InvokeLater } from '#shared/application/letter-ports.ts';
import { clientConfig, jsonError } from '#test/fakes/aws-protocol.ts';
import { type HttpServer, startHttpServer } from '#test/fakes/http-server.ts';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:gatewatch-prod-ingest-access-logs';
const PAYLOAD = '{"awslogs":{"data":"H4sI"}}';

async function start(): Promise<{ server: HttpServer; invokeLater: InvokeLater }> {
  const server = await startHttpServer(() => ({ status: 202, body: '' }));
  const client = new LambdaClient(clientConfig(server.url));
  onTestFinished(() => {
    client.destroy();
    return server.stop();
  });
  return { server, invokeLater: createInvokeLater(client) };
}

describe('lambda-invoke-later', () => {
  it('invokeLater() hands the event over as it is, to be handled later', async () => {
    const { server, invokeLater } = await start();

    await invokeLater(ARN, PAYLOAD);

    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: `/2015-03-31/functions/${encodeURIComponent(ARN)}/invocations`,
        headers: { 'x-amz-invocation-type': 'Event' },
        body: PAYLOAD,
      },
    ]);
  });

  it.each([
    ['a function that is gone', jsonError(404, 'ResourceNotFoundException')],
    ['missing permission', jsonError(403, 'AccessDeniedException')],
    ['a throttled call', jsonError(429, 'TooManyRequestsException')],
    ['a payload that is too large', jsonError(413, 'RequestTooLargeException')],
    ['an outage', jsonError(500, 'ServiceException')],
    ['another answer than that it was taken', { status: 200, body: '' }],
  ])('invokeLater() throws for %s', async (_, reply) => {
    const { server, invokeLater } = await start();
    server.answerOnce(() => reply);

    await expect(invokeLater(ARN, PAYLOAD)).rejects.toThrow();
  });

  it('invokeLater() throws if nobody answers', async () => {
    const { server, invokeLater } = await start();
    server.answerOnce(() => 'reset');

    await expect(invokeLater(ARN, PAYLOAD)).rejects.toThrow();
  });
});

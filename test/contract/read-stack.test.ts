import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createReadStack } from '#shared/adapters/cloudformation-read-stack.ts';
import type { ReadStack } from '#shared/application/ports.ts';
import { clientConfig } from '#test/fakes/aws-protocol.ts';
import { answerCloudFormation, queryError } from '#test/fakes/cloudformation-server.ts';
import { type HttpServer, startHttpServer } from '#test/fakes/http-server.ts';

const STACKS = new Map([
  ['gatewatch-prod', { SubscribeMode: 'auto', Arn: 'arn:aws:lambda:us-east-1:1:function:a&b' }],
  ['failed', {}],
]);

async function start(): Promise<{ server: HttpServer; readStack: ReadStack }> {
  const server = await startHttpServer((request) => answerCloudFormation(STACKS, request));
  const client = new CloudFormationClient(clientConfig(server.url));
  onTestFinished(() => {
    client.destroy();
    return server.stop();
  });
  return { server, readStack: createReadStack(client) };
}

describe('cloudformation-read-stack', () => {
  it.each([...STACKS])('readStack() reads the outputs of %s', async (name, outputs) => {
    const { readStack } = await start();

    expect(await readStack(name)).toEqual(outputs);
  });

  it('readStack() finds that there is no such stack', async () => {
    const { readStack } = await start();

    expect(await readStack('nowhere')).toBeNull();
  });

  it.each([
    [
      'missing permission',
      queryError(403, 'AccessDenied', 'not authorized to perform: cloudformation:DescribeStacks'),
    ],
    ['another invalid request', queryError(400, 'ValidationError', '1 validation error detected')],
    ['an outage', queryError(500, 'InternalFailure', 'internal')],
  ])('readStack() throws for %s', async (_, reply) => {
    const { server, readStack } = await start();
    server.answerOnce(() => reply);

    await expect(readStack('gatewatch-prod')).rejects.toThrow();
  });

  it('readStack() throws if nobody answers', async () => {
    const { server, readStack } = await start();
    server.answerOnce(() => 'reset');

    await expect(readStack('gatewatch-prod')).rejects.toThrow();
  });
});

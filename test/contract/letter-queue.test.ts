import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryLetterQueue } from '#shared/adapters/memory-letter-queue.ts';
import { createSqsLetterQueue } from '#shared/adapters/sqs-letter-queue.ts';
import { describeLetterQueue } from '#test/contract/letter-queue.contract.ts';
import { clientConfig, jsonError } from '#test/fakes/aws-protocol.ts';
import { type HttpServer, startHttpServer } from '#test/fakes/http-server.ts';
import { createSqsStandIn } from '#test/fakes/sqs-server.ts';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function start(nowMs: () => number): Promise<{ client: SQSClient; url: string; server: HttpServer }> {
  const server = await startHttpServer(createSqsStandIn(nowMs).answer);
  const client = new SQSClient(clientConfig(server.url));
  stops.push(async () => {
    client.destroy();
    await server.stop();
  });
  return { client, server, url: `${server.url}/123456789012/Letters` };
}

describeLetterQueue('memory-letter-queue', createMemoryLetterQueue);

describeLetterQueue('sqs-letter-queue', async (now) => {
  const { client, url } = await start(() => now().getTime());
  return createSqsLetterQueue(client, url);
});

describe('sqs-letter-queue on SQS', () => {
  it.each(['AccessDenied', 'AWS.SimpleQueueService.NonExistentQueue', 'RequestThrottled'])(
    'receive() throws for %s',
    async (code) => {
      const { client, url, server } = await start(() => 0);
      server.answerOnce(() => jsonError(400, code));

      await expect(createSqsLetterQueue(client, url).receive()).rejects.toThrow(code);
    },
  );

  it('release() throws for a parameter that is wrong in another way', async () => {
    const { client, url, server } = await start(() => 0);
    const letter = { id: '1', receipt: '1', body: '', sentAtMs: 0 };
    server.answerOnce(() =>
      jsonError(400, 'InvalidParameterValue', 'Value 0 for VisibilityTimeout is invalid'),
    );

    await expect(createSqsLetterQueue(client, url).release(letter)).rejects.toThrow('VisibilityTimeout');
  });

  it('remove() throws for an outage', async () => {
    const { client, url, server } = await start(() => 0);
    const letter = { id: '1', receipt: '1', body: '', sentAtMs: 0 };
    server.answerOnce(() => jsonError(503, 'ServiceUnavailable'));

    await expect(createSqsLetterQueue(client, url).remove(letter)).rejects.toThrow('ServiceUnavailable');
  });
});

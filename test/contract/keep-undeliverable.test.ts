import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSqsKeepUndeliverable } from '#shared/adapters/sqs-keep-undeliverable.ts';
import { parseLetter } from '#shared/config/dead-letter.ts';
import { clientConfig, jsonError } from '#test/fakes/aws-protocol.ts';
import { startHttpServer } from '#test/fakes/http-server.ts';
import { undeliverableLetter } from '#test/fakes/letters.ts';
import { createSqsStandIn } from '#test/fakes/sqs-server.ts';

const LETTER = JSON.parse(undeliverableLetter());

async function start() {
  const sqs = createSqsStandIn(() => 0);
  const server = await startHttpServer(sqs.answer);
  const client = new SQSClient(clientConfig(server.url));
  onTestFinished(() => {
    client.destroy();
    return server.stop();
  });
  const url = `${server.url}/123456789012/AlertDeadLetters`;
  return { sqs, server, keepUndeliverable: createSqsKeepUndeliverable(client, url) };
}

describe('sqs-keep-undeliverable', () => {
  it('keepUndeliverable() puts a letter into the queue that a redrive can read', async () => {
    const { sqs, keepUndeliverable } = await start();

    await keepUndeliverable(LETTER);

    const bodies = sqs.bodies('AlertDeadLetters');
    expect(bodies.map((body) => JSON.parse(body))).toEqual([LETTER]);
    expect(parseLetter(bodies[0] ?? '')).toMatchObject({ kind: 'undeliverable', message: LETTER });
  });

  it('keepUndeliverable() throws if the queue does not take it', async () => {
    const { server, keepUndeliverable } = await start();
    server.answerOnce(() => jsonError(403, 'AccessDenied'));

    await expect(keepUndeliverable(LETTER)).rejects.toThrow('AccessDenied');
  });
});

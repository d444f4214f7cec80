import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMemoryKeepPointer } from '#shared/adapters/memory-keep-pointer.ts';
import { createSqsKeepPointer } from '#shared/adapters/sqs-keep-pointer.ts';
import type { Pointer } from '#shared/domain/dead-letters/pointer.ts';
import { clientConfig, jsonError } from '#test/fakes/aws-protocol.ts';
import { startHttpServer } from '#test/fakes/http-server.ts';
import { createSqsStandIn } from '#test/fakes/sqs-server.ts';

const POINTER: Pointer = {
  reason: 'poison-plan-changed',
  requestId: 'request-1',
  ledgerKey: 'ab'.repeat(32),
  range: {
    owner: '123456789012',
    logGroup: '/aws/api-gateway/orders-api',
    logStream: 'stream-1',
    firstEventId: '1',
    lastEventId: '9',
  },
  events: 9,
  receivedAtMs: Date.parse('2026-03-02T14:00:00Z'),
  chunksSent: 1,
  chunks: 3,
  sizeBytes: null,
};

async function start() {
  const sqs = createSqsStandIn(() => 0);
  const server = await startHttpServer(sqs.answer);
  const client = new SQSClient(clientConfig(server.url));
  onTestFinished(() => {
    client.destroy();
    return server.stop();
  });
  const url = `${server.url}/123456789012/IngestDeadLetters`;
  return { sqs, server, keepPointer: createSqsKeepPointer(client, url, 'ingest-access-logs') };
}

describe('memory-keep-pointer', () => {
  it('keepPointer() keeps what it is given', async () => {
    const { keepPointer, pointers } = createMemoryKeepPointer();

    await keepPointer(POINTER);

    expect(pointers).toEqual([POINTER]);
  });
});

describe('sqs-keep-pointer', () => {
  it('keepPointer() puts a message into the queue, flat, with who found it', async () => {
    const { sqs, keepPointer } = await start();

    await keepPointer(POINTER);

    expect(sqs.bodies('IngestDeadLetters').map((body) => JSON.parse(body))).toEqual([
      {
        schemaVersion: 1,
        type: 'pointer',
        function: 'ingest-access-logs',
        reason: 'poison-plan-changed',
        requestId: 'request-1',
        ledgerKey: 'ab'.repeat(32),
        owner: '123456789012',
        logGroup: '/aws/api-gateway/orders-api',
        logStream: 'stream-1',
        firstEventId: '1',
        lastEventId: '9',
        events: 9,
        receivedAt: '2026-03-02T14:00:00.000Z',
        chunksSent: 1,
        chunks: 3,
        sizeBytes: null,
      },
    ]);
  });

  it('keepPointer() throws if SQS does not take it', async () => {
    const { server, keepPointer } = await start();
    server.answerOnce(() => jsonError(403, 'AccessDenied'));

    await expect(keepPointer(POINTER)).rejects.toThrow('AccessDenied');
  });
});

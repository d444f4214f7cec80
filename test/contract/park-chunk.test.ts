import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryParkChunk } from '#shared/adapters/memory-park-chunk.ts';
import { decodeParkedChunk } from '#shared/adapters/parked-chunk-message.ts';
import { createSqsParkChunk, MAX_MESSAGE_BYTES } from '#shared/adapters/sqs-park-chunk.ts';
import type { ParkedChunk } from '#shared/domain/metrics/parked-chunk.ts';
import { clientConfig, jsonError } from '#test/fakes/aws-protocol.ts';
import { type HttpServer, startHttpServer } from '#test/fakes/http-server.ts';
import { latencies, requests } from '#test/fakes/metric-data.ts';
import { createSqsStandIn, type SqsStandIn } from '#test/fakes/sqs-server.ts';

const CHUNK: ParkedChunk = {
  key: 'ab'.repeat(32),
  chunkIndex: 3,
  planHash: 'plan',
  receivedAtMs: Date.parse('2026-03-02T14:00:00Z'),
  data: [requests({ values: [5] }), latencies([1.25, 20], [3, 4])],
};

/** Nothing that gzip could make smaller. */
function incompressible(data: number): ParkedChunk {
  let state = 1;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return {
    ...CHUNK,
    data: Array.from({ length: data }, () =>
      latencies(Array.from({ length: 150 }, random), Array(150).fill(1)),
    ),
  };
}

describe('memory-park-chunk', () => {
  it('parkChunk() keeps what it is given', async () => {
    const { parkChunk, parked } = createMemoryParkChunk();

    expect(await parkChunk(CHUNK)).toBe(true);
    expect(parked).toEqual([CHUNK]);
  });
});

describe('sqs-park-chunk', () => {
  let sqs: SqsStandIn;
  let server: HttpServer;
  let client: SQSClient;
  let queueUrl: string;

  beforeEach(async () => {
    sqs = createSqsStandIn(() => 0);
    server = await startHttpServer(sqs.answer);
    client = new SQSClient(clientConfig(server.url));
    queueUrl = `${server.url}/123456789012/ParkedMetrics`;
  });

  afterEach(async () => {
    client.destroy();
    await server.stop();
  });

  it('parkChunk() puts a message into the queue that reads back as what was parked', async () => {
    expect(await createSqsParkChunk(client, queueUrl)(CHUNK)).toBe(true);

    const [body = ''] = sqs.bodies('ParkedMetrics');
    expect(decodeParkedChunk(body)).toEqual(CHUNK);
    expect(JSON.parse(body)).toMatchObject({ schemaVersion: 1, key: CHUNK.key, chunkIndex: 3 });
  });

  it('parkChunk() returns false for what is too large, and sends nothing', async () => {
    const large = incompressible(200);

    expect(await createSqsParkChunk(client, queueUrl)(large)).toBe(false);

    expect(server.requests).toEqual([]);
    expect(sqs.bodies('ParkedMetrics')).toEqual([]);
  });

  it('parkChunk() keeps every message that it sends below 256 KiB', async () => {
    const parkChunk = createSqsParkChunk(client, queueUrl);

    const taken: boolean[] = [];
    for (let data = 60; data <= 180; data += 10) taken.push(await parkChunk(incompressible(data)));

    expect(new Set(taken)).toEqual(new Set([true, false]));
    const sizes = sqs.bodies('ParkedMetrics').map((body) => Buffer.byteLength(body));
    expect(Math.max(...sizes)).toBeLessThan(MAX_MESSAGE_BYTES);
    expect(Math.max(...sizes)).toBeGreaterThan(MAX_MESSAGE_BYTES * 0.8);
  });

  it.each(['AccessDenied', 'AWS.SimpleQueueService.NonExistentQueue', 'ServiceUnavailable'])(
    'parkChunk() throws for %s',
    async (code) => {
      server.answerOnce(() => jsonError(400, code));

      await expect(createSqsParkChunk(client, queueUrl)(CHUNK)).rejects.toThrow(code);
    },
  );

  it('parkChunk() throws when the answer is lost: nobody knows whether the queue has it', async () => {
    server.answerOnce((request) => {
      sqs.answer(request);
      return 'reset';
    });

    await expect(createSqsParkChunk(client, queueUrl)(CHUNK)).rejects.toThrow();

    expect(sqs.bodies('ParkedMetrics')).toHaveLength(1);
  });
});

describe('decodeParkedChunk()', () => {
  it.each([
    ['no JSON', 'secret'],
    ['another object', '{}'],
    ['another version', JSON.stringify({ ...CHUNK, schemaVersion: 2, data: 'x' })],
    ['data that is no gzip', JSON.stringify({ ...CHUNK, schemaVersion: 1, data: 'x' })],
    ['an array', '[]'],
    ['null', 'null'],
  ])('decodeParkedChunk() returns null for %s', (_, body) => {
    expect(decodeParkedChunk(body)).toBeNull();
  });
});

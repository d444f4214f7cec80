import { describe, expect, it } from 'vitest';
import { createMemoryLedger } from '#shared/adapters/memory-ledger.ts';
import { decodeParkedChunk, encodeParkedChunk } from '#shared/adapters/parked-chunk-message.ts';
import { createSendParkedMetrics } from '#shared/application/send-parked-metrics.ts';
import type { ParkedChunk } from '#shared/domain/metrics/parked-chunk.ts';
import { createLetterPorts } from '#test/fakes/letter-ports.ts';
import { latencies, requests, START_MS } from '#test/fakes/metric-data.ts';
import { createUnreliableCloudWatch, type Fate } from '#test/fakes/unreliable-cloudwatch.ts';

const DAY_MS = 24 * 60 * 60_000;

const CHUNK: ParkedChunk = {
  key: 'ab'.repeat(32),
  chunkIndex: 2,
  planHash: 'plan',
  receivedAtMs: START_MS,
  data: [requests({ values: [5] }), latencies([10], [5])],
};

function createFixture(fates: readonly Fate[] = []) {
  const clock = { nowMs: START_MS + 60_000 };
  const now = () => new Date(clock.nowMs);
  const cloudWatch = createUnreliableCloudWatch(fates);
  const letters = createLetterPorts();
  const sendParked = createSendParkedMetrics({
    decodeParkedChunk,
    ledger: cloudWatch.mortal(createMemoryLedger(now)),
    publishMetricData: cloudWatch.publishMetricData,
    ...letters,
    now,
    wait: async (milliseconds) => {
      clock.nowMs += milliseconds;
    },
  });
  const send = (chunk: ParkedChunk | string = CHUNK, requestId = 'request-1') =>
    sendParked(typeof chunk === 'string' ? chunk : encodeParkedChunk(chunk), {
      requestId,
      deadlineMs: clock.nowMs + 30_000,
    });
  const counted = () => cloudWatch.metrics.total('RequestCount', {});
  return { clock, cloudWatch, letters, send, counted };
}

describe('sendParkedMetrics()', () => {
  it('sendParkedMetrics() counts a call once, however often it comes out of the queue', async () => {
    const { send, counted } = createFixture();

    const statuses = [(await send()).status, (await send(CHUNK, 'request-2')).status];

    expect(statuses).toEqual(['sent', 'repeated']);
    expect(counted()).toBe(5);
  });

  it('sendParkedMetrics() tells calls of one envelope apart', async () => {
    const { send, counted } = createFixture();

    await send();
    await send({ ...CHUNK, chunkIndex: 3 });

    expect(counted()).toBe(10);
  });

  it('sendParkedMetrics() puts off what CloudWatch throttles, and counts it the next time', async () => {
    const { send, counted, letters } = createFixture(new Array<Fate>(8).fill('throttle'));

    const first = await send();
    const second = await send(CHUNK, 'request-2');

    expect(first).toMatchObject({ status: 'put-off', metricCalls: 8, rejected: {} });
    expect(second.status).toBe('sent');
    expect([counted(), letters.doubts]).toEqual([5, []]);
  });

  it('sendParkedMetrics() puts off a copy of what is being sent', async () => {
    const { send } = createFixture(['die-before']);
    await expect(send()).rejects.toThrow();

    expect((await send(CHUNK, 'request-2')).status).toBe('put-off');
  });

  it('sendParkedMetrics() states what may be counted twice after an attempt that was killed', async () => {
    const { send, clock, letters, counted } = createFixture(['die-after']);
    await expect(send()).rejects.toThrow();
    clock.nowMs += 30_000;

    await send(CHUNK, 'request-2');

    expect([counted(), letters.doubts]).toEqual([10, [5]]);
  });

  it('sendParkedMetrics() leaves out what has become too old, and counts it', async () => {
    const { send, clock, counted } = createFixture();
    const data = [requests({ values: [5] }), requests({ values: [7], timestampMs: START_MS + DAY_MS })];
    clock.nowMs = START_MS + 14 * DAY_MS;

    const report = await send({ ...CHUNK, data });

    expect(report).toMatchObject({ status: 'sent', rejected: { 'too-old': 5 } });
    expect(counted()).toBe(7);
  });

  it('sendParkedMetrics() calls CloudWatch for nothing that is too old altogether', async () => {
    const { send, clock, cloudWatch } = createFixture();
    clock.nowMs = START_MS + 15 * DAY_MS;

    expect(await send()).toMatchObject({ status: 'sent', metricCalls: 0, rejected: { 'too-old': 5 } });
    expect(cloudWatch.calls()).toBe(0);
  });

  it('sendParkedMetrics() points to data that CloudWatch refuses as invalid, and is done with it', async () => {
    const { send, letters } = createFixture(['refuse']);

    const report = await send();

    expect(report).toMatchObject({ status: 'sent', rejected: { 'poison-refused-data': 5 } });
    expect(letters.pointers).toMatchObject([
      { reason: 'poison-refused-data', ledgerKey: CHUNK.key, range: null, events: 5, chunksSent: 2 },
    ]);
    expect((await send(CHUNK, 'request-2')).status).toBe('repeated');
  });

  it('sendParkedMetrics() points to a message that is none, without its content', async () => {
    const { send, letters } = createFixture();

    const report = await send('sécret-4711');

    expect(report).toMatchObject({ status: 'poison', rejected: { 'poison-parked-message': 1 } });
    expect(letters.pointers).toMatchObject([{ reason: 'poison-parked-message', sizeBytes: 12 }]);
    expect(JSON.stringify(letters.pointers)).not.toContain('4711');
  });
});

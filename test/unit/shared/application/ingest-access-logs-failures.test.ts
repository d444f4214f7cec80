import { describe, expect, it } from 'vitest';
import type { IngestDependencies } from '#shared/application/count-once.ts';
import { accessLogLine, packLines } from '#test/fakes/access-log-envelope.ts';
import { createIngestFixture, manyLines, ORDERS, STAGE, START_MS } from '#test/fakes/access-log-ingest.ts';
import { createLetterPorts } from '#test/fakes/letter-ports.ts';
import type { Fate } from '#test/fakes/unreliable-cloudwatch.ts';

describe('ingestAccessLogs() while CloudWatch, SQS or Lambda fail', () => {
  it('ingestAccessLogs() backs off while CloudWatch throttles, and counts once', async () => {
    const { invoke, cloudWatch } = createIngestFixture({ fates: ['throttle', 'throttle'] });

    const report = await invoke(packLines([accessLogLine(START_MS)]));

    expect(report).toMatchObject({ metricCalls: 3, possiblyRepeatedEvents: 0 });
    expect(cloudWatch.metrics.total('RequestCount', {})).toBe(1);
  });

  it('ingestAccessLogs() parks what CloudWatch throttles until the deadline nears, and what comes after it', async () => {
    const fates: Fate[] = ['accept', ...new Array<Fate>(9).fill('throttle')];
    const { invoke, cloudWatch, letters, keys } = createIngestFixture({ fates });
    const data = packLines(manyLines());

    const report = await invoke(data);
    const repeated = await invoke(data, 'request-2');

    expect(letters.parked.length).toBeGreaterThan(1);
    expect(report).toMatchObject({
      status: 'counted',
      requests: 1_200,
      parkedCalls: letters.parked.length,
      possiblyRepeatedEvents: 0,
    });
    expect(letters.parked.map(({ key, chunkIndex }) => [key, chunkIndex])).toEqual(
      letters.parked.map((_, index) => [keys[0], index + 1]),
    );
    expect(JSON.stringify(letters.parked)).not.toContain('00000000-0000-4000-8000-000000000001');
    for (const { data: chunk } of letters.parked) await cloudWatch.metrics.publishMetricData(chunk);
    expect(cloudWatch.metrics.total('RequestCount', {})).toBe(1_200);
    expect(repeated.status).toBe('repeated');
  });

  it('ingestAccessLogs() throws when what is throttled is too large to park, and its retry goes on', async () => {
    const fates: Fate[] = ['accept', ...new Array<Fate>(9).fill('throttle')];
    const { invoke, cloudWatch } = createIngestFixture({ fates, ports: { parkChunk: async () => false } });
    const data = packLines(manyLines());

    await expect(invoke(data)).rejects.toThrow('did not take metric data in time');
    while (cloudWatch.calls() < fates.length) await cloudWatch.publishMetricData([]);
    const report = await invoke(data);

    expect(report).toMatchObject({ status: 'counted', possiblyRepeatedEvents: 0 });
    expect(cloudWatch.metrics.total('RequestCount', {})).toBe(1_200);
  });

  it('ingestAccessLogs() sends nothing itself that may be in the queue', async () => {
    let attempts = 0;
    const letters = createLetterPorts();
    const parkChunk: IngestDependencies['parkChunk'] = async (chunk) => {
      attempts += 1;
      await letters.parkChunk(chunk);
      if (attempts === 1) throw new Error('No answer from SQS');
      return true;
    };
    const fates: Fate[] = new Array<Fate>(9).fill('throttle');
    const { invoke, cloudWatch } = createIngestFixture({ fates, ports: { parkChunk } });
    const data = packLines([accessLogLine(START_MS)]);

    await expect(invoke(data)).rejects.toThrow('No answer from SQS');
    const report = await invoke(data);

    expect(report).toMatchObject({ status: 'counted', parkedCalls: 1, metricCalls: 0 });
    expect(cloudWatch.metrics.total('RequestCount', {})).toBe(0);
    expect(letters.parked).toHaveLength(2);
  });

  it('ingestAccessLogs() sends itself what comes after a call that may be in the queue', async () => {
    let attempts = 0;
    const letters = createLetterPorts();
    const parkChunk: IngestDependencies['parkChunk'] = async (chunk) => {
      attempts += 1;
      if (attempts === 1) throw new Error('No answer from SQS');
      return letters.parkChunk(chunk);
    };
    const fates: Fate[] = new Array<Fate>(9).fill('throttle');
    const { invoke, cloudWatch } = createIngestFixture({ fates, ports: { parkChunk } });
    const data = packLines(manyLines());

    await expect(invoke(data)).rejects.toThrow('No answer from SQS');
    while (cloudWatch.calls() < fates.length) await cloudWatch.publishMetricData([]);
    const report = await invoke(data);

    expect(letters.parked.map(({ chunkIndex }) => chunkIndex)).toEqual([0]);
    expect(report).toMatchObject({ status: 'counted', parkedCalls: 1 });
    expect(report.metricCalls).toBeGreaterThan(0);
  });

  it('ingestAccessLogs() goes on after a call that CloudWatch refuses as invalid, and points to it', async () => {
    const { invoke, cloudWatch, letters, keys } = createIngestFixture({ fates: ['refuse'] });
    const data = packLines(manyLines());

    const report = await invoke(data);

    const [pointer] = letters.pointers;
    expect(report).toMatchObject({
      status: 'counted',
      rejected: { 'poison-refused-data': { count: pointer?.events } },
    });
    expect(cloudWatch.calls()).toBeGreaterThan(1);
    expect(letters.pointers).toMatchObject([
      {
        reason: 'poison-refused-data',
        ledgerKey: keys[0],
        range: { logGroup: '/aws/api-gateway/orders-api', firstEventId: '0'.padStart(56, '0') },
        receivedAtMs: START_MS + 90_000,
        chunksSent: 0,
        chunks: cloudWatch.calls(),
      },
    ]);
    expect((await invoke(data, 'request-2')).status).toBe('repeated');
  });

  it('ingestAccessLogs() tells of a refused call also if another attempt counts the rest', async () => {
    const fates: Fate[] = ['refuse', ...new Array<Fate>(9).fill('throttle')];
    const { invoke, cloudWatch, letters } = createIngestFixture({
      fates,
      ports: { parkChunk: async () => false },
    });
    const data = packLines(manyLines());
    await expect(invoke(data)).rejects.toThrow('did not take metric data in time');
    while (cloudWatch.calls() < fates.length) await cloudWatch.publishMetricData([]);

    const report = await invoke(data);

    expect(letters.pointers).toHaveLength(1);
    expect(report.rejected).toMatchObject({ 'poison-refused-data': { count: letters.pointers[0]?.events } });
  });

  it('ingestAccessLogs() leaves out on a late retry what has become too old since, and counts it', async () => {
    const { invoke, clock, cloudWatch } = createIngestFixture({ fates: ['die-before'] });
    const data = packLines([accessLogLine(START_MS), accessLogLine(START_MS + (3 * 60 * 60_000) / 2)]);
    await expect(invoke(data)).rejects.toThrow();
    clock.nowMs = START_MS + 14 * 24 * 60 * 60_000;

    const report = await invoke(data);

    expect(report.rejected).toMatchObject({ 'too-old': { count: 1 } });
    expect(cloudWatch.metrics.total('RequestCount', {})).toBe(1);
  });

  it('ingestAccessLogs() reports what may be counted twice when an answer was lost', async () => {
    const { invoke, cloudWatch } = createIngestFixture({ fates: ['lose-answer'] });

    const report = await invoke(packLines([accessLogLine(START_MS), accessLogLine(START_MS)]));

    expect(report.possiblyRepeatedEvents).toBe(2);
    expect(cloudWatch.metrics.total('RequestCount', {})).toBe(4);
  });

  it('ingestAccessLogs() lets no second invocation in while the first holds the lease', async () => {
    const { invoke } = createIngestFixture({ fates: ['die-before'] });
    const data = packLines([accessLogLine(START_MS)]);

    await expect(invoke(data, 'request-1')).rejects.toThrow();

    await expect(invoke(data, 'request-2')).rejects.toThrow('Another invocation');
  });

  it('ingestAccessLogs() keeps a pointer to an envelope whose plan has changed after it was sent', async () => {
    const { invoke, clock, known, keys, letters } = createIngestFixture({ fates: ['die-after'] });
    const data = packLines([accessLogLine(START_MS, { apiId: '-', stage: '-' })]);
    await expect(invoke(data)).rejects.toThrow();
    clock.nowMs += 60_000;
    known.push(ORDERS);

    const report = await invoke(data);

    expect(report).toMatchObject({
      status: 'poison',
      events: 1,
      requests: 0,
      rejected: { 'poison-plan-changed': { count: 1 } },
    });
    expect(letters.pointers).toMatchObject([
      { reason: 'poison-plan-changed', ledgerKey: keys[0], events: 1, chunksSent: 0, chunks: 1 },
    ]);
    expect((await invoke(data, 'request-2')).status).toBe('repeated');
  });

  it('ingestAccessLogs() remembers a doubt through an attempt that sent nothing', async () => {
    const fates = [...new Array<Fate>(3).fill('lose-answer'), ...new Array<Fate>(50).fill('throttle')];
    const { invoke, cloudWatch, known } = createIngestFixture({
      fates,
      ports: { parkChunk: async () => false },
    });
    const data = packLines([accessLogLine(START_MS, { apiId: '-', stage: '-' })]);
    await expect(invoke(data)).rejects.toThrow('did not take metric data in time');
    await expect(invoke(data, 'request-2')).rejects.toThrow('did not take metric data in time');
    while (cloudWatch.calls() < fates.length) await cloudWatch.publishMetricData([]);
    known.push(ORDERS);

    expect((await invoke(data, 'request-3')).status).toBe('poison');
    expect(cloudWatch.metrics.total('RequestCount', STAGE)).toBe(0);
  });

  it('ingestAccessLogs() goes by the newest inventory as long as nothing was sent', async () => {
    // As many throttled calls as there is time for: nothing was counted.
    const fates = new Array<Fate>(50).fill('throttle');
    const { invoke, cloudWatch, known } = createIngestFixture({
      fates,
      ports: { parkChunk: async () => false },
    });
    const data = packLines([accessLogLine(START_MS, { apiId: '-', stage: '-' })]);
    await expect(invoke(data)).rejects.toThrow();
    known.push(ORDERS);
    while (cloudWatch.calls() < 50) await cloudWatch.publishMetricData([]);

    await invoke(data);

    expect(cloudWatch.metrics.total('RequestCount', STAGE)).toBe(1);
    expect(cloudWatch.metrics.total('RequestCount', { ApiId: 'unknown', Stage: 'unknown' })).toBe(0);
  });
});

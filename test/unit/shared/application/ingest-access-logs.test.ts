import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createMemoryLedger } from '#shared/adapters/memory-ledger.ts';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import type { IngestDependencies } from '#shared/application/count-once.ts';
import { createIngestAccessLogs } from '#shared/application/ingest-access-logs.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { accessLogLine, packLines } from '#test/fakes/access-log-envelope.ts';
import { createLetterPorts } from '#test/fakes/letter-ports.ts';
import { createUnreliableCloudWatch, type Fate } from '#test/fakes/unreliable-cloudwatch.ts';

const START_MS = 1_780_000_020_000;
const STAGE = { ApiId: 'a1b2c3', Stage: 'prod' };

type Circumstances = {
  readonly fates?: readonly Fate[];
  readonly inventory?: readonly InventoryItem[];
  readonly ports?: Partial<Pick<IngestDependencies, 'parkChunk' | 'keepPointer'>>;
};

function createFixture({ fates = [], inventory = [], ports = {} }: Circumstances = {}) {
  const clock = { nowMs: START_MS + 90_000 };
  const now = () => new Date(clock.nowMs);
  const cloudWatch = createUnreliableCloudWatch(fates);
  const known = [...inventory];
  const letters = createLetterPorts();
  const keys: string[] = [];
  const ledger = cloudWatch.mortal(createMemoryLedger(now));
  const ingest = createIngestAccessLogs({
    accountId: '123456789012',
    decodePayload,
    readInventory: async () => known,
    ledger: {
      ...ledger,
      claim: (claim) => {
        keys.push(claim.key);
        return ledger.claim(claim);
      },
    },
    publishMetricData: cloudWatch.publishMetricData,
    ...letters,
    ...ports,
    ownLogGroupPrefix: '/aws/lambda/gatewatch-prod-',
    now,
    wait: async (milliseconds) => {
      clock.nowMs += milliseconds;
    },
  });
  const invoke = (data: string, requestId = 'request-1') =>
    ingest(data, { requestId, deadlineMs: clock.nowMs + 60_000 });
  return { clock, cloudWatch, invoke, keys, known, letters };
}

const ORDERS: InventoryItem = {
  apiId: 'a1b2c3',
  apiName: 'orders-api',
  apiType: 'REST',
  stage: 'prod',
  logGroup: '/aws/api-gateway/orders-api',
  integrationTimeoutMs: 29_000,
  schemaVersion: 1,
};

/** Enough different seconds and stages for more than one PutMetricData call. */
function manyLines(): string[] {
  return Array.from({ length: 1_200 }, (_, index) =>
    accessLogLine(START_MS + index * 1_000, { apiId: index % 2 === 0 ? 'a1b2c3' : 'd4e5f6' }),
  );
}

/** One event of it is to be damaged. */
const DAMAGED = {
  messageType: 'DATA_MESSAGE',
  owner: '123456789012',
  logGroup: '/orders',
  logStream: 'a',
  logEvents: [{ id: '1', timestamp: 1_780_000_000_000, message: 'damaged' }],
};

function packText(text: string): string {
  return gzipSync(text).toString('base64');
}

describe('ingestAccessLogs()', () => {
  it('ingestAccessLogs() counts requests per second and causes per minute at the time of the request', async () => {
    const { invoke, cloudWatch } = createFixture();
    const lines = [
      accessLogLine(START_MS + 100),
      accessLogLine(START_MS + 900),
      accessLogLine(START_MS + 1_500, { status: '429', errorType: 'THROTTLED', integrationStatus: '-' }),
      accessLogLine(START_MS + 2_500, {
        status: '504',
        errorType: 'INTEGRATION_TIMEOUT',
        integrationStatus: '-',
      }),
    ];

    const report = await invoke(packLines(lines));

    const [perSecond, throttled, timeouts] = await cloudWatch.metrics.readMetrics(
      [
        { name: 'RequestCount', dimensions: {}, statistic: 'Sum', periodSeconds: 1 },
        { name: 'ThrottledCount', dimensions: STAGE, statistic: 'Sum', periodSeconds: 1 },
        {
          name: 'ErrorCount',
          dimensions: { ...STAGE, Cause: 'integration.timeout' },
          statistic: 'Sum',
          periodSeconds: 60,
        },
      ],
      { fromMs: START_MS - (START_MS % 60_000), toMs: START_MS + 60_000 },
    );
    expect(report).toMatchObject({
      status: 'counted',
      events: 4,
      requests: 4,
      metricCalls: 1,
      ingestLagMs: 87_500,
    });
    expect(perSecond).toEqual(
      new Map([
        [START_MS, 2],
        [START_MS + 1_000, 1],
        [START_MS + 2_000, 1],
      ]),
    );
    expect(throttled).toEqual(new Map([[START_MS + 1_000, 1]]));
    expect([...(timeouts?.values() ?? [])]).toEqual([1]);
  });

  it('ingestAccessLogs() counts a repeated delivery once', async () => {
    const { invoke, cloudWatch } = createFixture();
    const data = packLines([accessLogLine(START_MS)]);

    await invoke(data);
    const repeated = await invoke(data, 'request-2');

    expect(repeated.status).toBe('repeated');
    expect(cloudWatch.metrics.total('RequestCount', {})).toBe(1);
  });

  it('ingestAccessLogs() knows an envelope by what CloudWatch Logs says of it, as it always has', async () => {
    const { invoke, keys } = createFixture();

    await invoke(packLines([accessLogLine(START_MS), accessLogLine(START_MS), accessLogLine(START_MS)]));

    // Another key would count the envelopes again that are repeated while a new version is deployed.
    const parts = ['123456789012', '/aws/api-gateway/orders-api', '0123456789abcdef0123456789abcdef'];
    const identity = [...parts, '0'.padStart(56, '0'), '2'.padStart(56, '0'), 3];
    expect(keys).toEqual([createHash('sha256').update(JSON.stringify(identity)).digest('hex')]);
  });

  it('ingestAccessLogs() counts rejects by reason and points to the first, without its text', async () => {
    const { invoke } = createFixture();
    const lines = ['secret-text', accessLogLine(START_MS), 'secret-text', '{"requestId":"x"}'];

    const report = await invoke(packLines(lines));

    expect(report.requests).toBe(1);
    expect(report.rejected).toEqual({
      'unknown-format': { count: 2, firstEventId: '0'.padStart(56, '0') },
      'no-status': { count: 1, firstEventId: '3'.padStart(56, '0') },
    });
    expect(JSON.stringify(report)).not.toContain('secret-text');
  });

  it('ingestAccessLogs() leaves control messages and other accounts uncounted', async () => {
    const { invoke, cloudWatch } = createFixture();
    const control = packLines([], { messageType: 'CONTROL_MESSAGE' });
    const foreign = packLines([accessLogLine(START_MS)], { owner: '999999999999' });

    expect((await invoke(control)).status).toBe('control');
    expect(await invoke(foreign)).toMatchObject({
      status: 'other-account',
      requests: 0,
      rejected: { 'other-account': { count: 1, firstEventId: '0'.padStart(56, '0') } },
    });
    expect(cloudWatch.calls()).toBe(0);
  });

  it.each([
    ['is not gzip', 'bm90IGd6aXA='],
    ['is empty', ''],
    ['lacks its events', packLines([], { logEvents: 'x' })],
    ['holds an event that is no JSON', packText(JSON.stringify(DAMAGED).replace('damaged', '\\x'))],
  ])('ingestAccessLogs() keeps a pointer, and nothing else, to a payload that %s', async (_, data) => {
    const { invoke, keys, letters } = createFixture();

    const report = await invoke(data);

    expect(report).toMatchObject({ status: 'poison', rejected: { 'poison-payload': { count: 1 } } });
    expect(keys).toEqual([]);
    expect(letters.pointers).toEqual([
      {
        reason: 'poison-payload',
        requestId: 'request-1',
        ledgerKey: null,
        range: null,
        events: null,
        receivedAtMs: null,
        chunksSent: null,
        chunks: null,
        sizeBytes: data.length,
      },
    ]);
  });

  it('ingestAccessLogs() throws when not even the pointer can be kept', async () => {
    const keepPointer = async () => {
      throw new Error('SQS is down');
    };
    const { invoke } = createFixture({ ports: { keepPointer } });

    await expect(invoke('bm90IGd6aXA=')).rejects.toThrow('SQS is down');
  });

  it.each([
    ['own-log-group', '/aws/lambda/gatewatch-prod-ingest-access-logs'],
    ['not-api-gateway', '/aws/lambda/orders'],
    ['not-api-gateway', 'API-Gateway-Execution-Logs_a1b2c3/prod'],
  ])('ingestAccessLogs() refuses as %s all events of %s', async (status, logGroup) => {
    const { invoke, cloudWatch, keys } = createFixture();

    const report = await invoke(packLines([accessLogLine(START_MS), accessLogLine(START_MS)], { logGroup }));

    expect(report).toMatchObject({ status, requests: 0, rejected: { [status]: { count: 2 } } });
    expect([cloudWatch.calls(), keys]).toEqual([0, []]);
  });

  it('ingestAccessLogs() gives lines without identity the only stage that writes to their log group', async () => {
    const { invoke, cloudWatch } = createFixture({ inventory: [ORDERS] });

    const report = await invoke(packLines([accessLogLine(START_MS, { apiId: '-', stage: '-' })]));

    expect(report.unidentified).toBe(0);
    expect(cloudWatch.metrics.total('RequestCount', STAGE)).toBe(1);
  });

  it('ingestAccessLogs() counts lines that nothing identifies under the stage unknown', async () => {
    const { invoke, cloudWatch } = createFixture();

    const report = await invoke(packLines([accessLogLine(START_MS, { apiId: '-', stage: '-' })]));

    expect(report.unidentified).toBe(1);
    expect(cloudWatch.metrics.total('RequestCount', { ApiId: 'unknown', Stage: 'unknown' })).toBe(1);
  });

  it('ingestAccessLogs() backs off while CloudWatch throttles, and counts once', async () => {
    const { invoke, cloudWatch } = createFixture({ fates: ['throttle', 'throttle'] });

    const report = await invoke(packLines([accessLogLine(START_MS)]));

    expect(report).toMatchObject({ metricCalls: 3, possiblyRepeatedEvents: 0 });
    expect(cloudWatch.metrics.total('RequestCount', {})).toBe(1);
  });

  it('ingestAccessLogs() parks what CloudWatch throttles until the deadline nears, and what comes after it', async () => {
    const fates: Fate[] = ['accept', ...new Array<Fate>(9).fill('throttle')];
    const { invoke, cloudWatch, letters, keys } = createFixture({ fates });
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
    const { invoke, cloudWatch } = createFixture({ fates, ports: { parkChunk: async () => false } });
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
    const { invoke, cloudWatch } = createFixture({ fates, ports: { parkChunk } });
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
    const { invoke, cloudWatch } = createFixture({ fates, ports: { parkChunk } });
    const data = packLines(manyLines());

    await expect(invoke(data)).rejects.toThrow('No answer from SQS');
    while (cloudWatch.calls() < fates.length) await cloudWatch.publishMetricData([]);
    const report = await invoke(data);

    expect(letters.parked.map(({ chunkIndex }) => chunkIndex)).toEqual([0]);
    expect(report).toMatchObject({ status: 'counted', parkedCalls: 1 });
    expect(report.metricCalls).toBeGreaterThan(0);
  });

  it('ingestAccessLogs() goes on after a call that CloudWatch refuses as invalid, and points to it', async () => {
    const { invoke, cloudWatch, letters, keys } = createFixture({ fates: ['refuse'] });
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
    const { invoke, cloudWatch, letters } = createFixture({ fates, ports: { parkChunk: async () => false } });
    const data = packLines(manyLines());
    await expect(invoke(data)).rejects.toThrow('did not take metric data in time');
    while (cloudWatch.calls() < fates.length) await cloudWatch.publishMetricData([]);

    const report = await invoke(data);

    expect(letters.pointers).toHaveLength(1);
    expect(report.rejected).toMatchObject({ 'poison-refused-data': { count: letters.pointers[0]?.events } });
  });

  it('ingestAccessLogs() leaves out on a late retry what has become too old since, and counts it', async () => {
    const { invoke, clock, cloudWatch } = createFixture({ fates: ['die-before'] });
    const data = packLines([accessLogLine(START_MS), accessLogLine(START_MS + (3 * 60 * 60_000) / 2)]);
    await expect(invoke(data)).rejects.toThrow();
    clock.nowMs = START_MS + 14 * 24 * 60 * 60_000;

    const report = await invoke(data);

    expect(report.rejected).toMatchObject({ 'too-old': { count: 1 } });
    expect(cloudWatch.metrics.total('RequestCount', {})).toBe(1);
  });

  it('ingestAccessLogs() reports what may be counted twice when an answer was lost', async () => {
    const { invoke, cloudWatch } = createFixture({ fates: ['lose-answer'] });

    const report = await invoke(packLines([accessLogLine(START_MS), accessLogLine(START_MS)]));

    expect(report.possiblyRepeatedEvents).toBe(2);
    expect(cloudWatch.metrics.total('RequestCount', {})).toBe(4);
  });

  it('ingestAccessLogs() lets no second invocation in while the first holds the lease', async () => {
    const { invoke } = createFixture({ fates: ['die-before'] });
    const data = packLines([accessLogLine(START_MS)]);

    await expect(invoke(data, 'request-1')).rejects.toThrow();

    await expect(invoke(data, 'request-2')).rejects.toThrow('Another invocation');
  });

  it('ingestAccessLogs() keeps a pointer to an envelope whose plan has changed after it was sent', async () => {
    const { invoke, clock, known, keys, letters } = createFixture({ fates: ['die-after'] });
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
    const { invoke, cloudWatch, known } = createFixture({ fates, ports: { parkChunk: async () => false } });
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
    const { invoke, cloudWatch, known } = createFixture({ fates, ports: { parkChunk: async () => false } });
    const data = packLines([accessLogLine(START_MS, { apiId: '-', stage: '-' })]);
    await expect(invoke(data)).rejects.toThrow();
    known.push(ORDERS);
    while (cloudWatch.calls() < 50) await cloudWatch.publishMetricData([]);

    await invoke(data);

    expect(cloudWatch.metrics.total('RequestCount', STAGE)).toBe(1);
    expect(cloudWatch.metrics.total('RequestCount', { ApiId: 'unknown', Stage: 'unknown' })).toBe(0);
  });
});

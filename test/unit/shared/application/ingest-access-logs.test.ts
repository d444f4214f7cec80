import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMemoryLedger } from '#shared/adapters/memory-ledger.ts';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import { createIngestAccessLogs } from '#shared/application/ingest-access-logs.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { accessLogLine, packLines } from '#test/fakes/access-log-envelope.ts';
import { createUnreliableCloudWatch, type Fate, Killed } from '#test/fakes/unreliable-cloudwatch.ts';

const START_MS = 1_780_000_020_000;
const STAGE = { ApiId: 'a1b2c3', Stage: 'prod' };

function createFixture({ fates = [], inventory = [] }: { fates?: Fate[]; inventory?: InventoryItem[] } = {}) {
  const clock = { nowMs: START_MS + 90_000 };
  const now = () => new Date(clock.nowMs);
  const cloudWatch = createUnreliableCloudWatch(fates);
  const known = [...inventory];
  const keys: string[] = [];
  const ledger = createMemoryLedger(now);
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
    now,
    wait: async (milliseconds) => {
      clock.nowMs += milliseconds;
    },
  });
  const invoke = (data: string, requestId = 'request-1') =>
    ingest(data, { requestId, deadlineMs: clock.nowMs + 60_000 });
  return { clock, cloudWatch, invoke, keys, known };
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
    expect(await invoke(foreign)).toMatchObject({ status: 'other-account', events: 1, requests: 0 });
    expect(cloudWatch.calls()).toBe(0);
  });

  it('ingestAccessLogs() throws on a payload that is none, naming what is missing', async () => {
    const { invoke } = createFixture();

    await expect(invoke('bm90IGd6aXA=')).rejects.toThrow('not base64 of gzip');
    await expect(invoke(packLines([], { logEvents: 'x' }))).rejects.toThrow('logEvents is missing');
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

  it('ingestAccessLogs() throws when CloudWatch throttles until the deadline, and its retry goes on', async () => {
    const fates: Fate[] = ['accept', ...new Array<Fate>(9).fill('throttle')];
    const { invoke, cloudWatch } = createFixture({ fates });
    const data = packLines(manyLines());

    await expect(invoke(data)).rejects.toThrow('chunk 2 of');
    const report = await invoke(data);

    expect(report).toMatchObject({ status: 'counted', possiblyRepeatedEvents: 0 });
    expect(cloudWatch.metrics.total('RequestCount', {})).toBe(1_200);
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

    await expect(invoke(data, 'request-1')).rejects.toThrow(Killed);

    await expect(invoke(data, 'request-2')).rejects.toThrow('Another invocation');
  });

  it('ingestAccessLogs() refuses to go on with a plan that has changed', async () => {
    const { invoke, clock, known } = createFixture({ fates: ['die-after'] });
    const data = packLines([accessLogLine(START_MS, { apiId: '-', stage: '-' })]);
    await expect(invoke(data)).rejects.toThrow(Killed);
    clock.nowMs += 60_000;
    known.push(ORDERS);

    await expect(invoke(data)).rejects.toThrow('another version');
  });

  it('ingestAccessLogs() goes by the newest inventory as long as nothing was sent', async () => {
    // As many throttled calls as there is time for: nothing was counted.
    const { invoke, cloudWatch, known } = createFixture({ fates: new Array<Fate>(50).fill('throttle') });
    const data = packLines([accessLogLine(START_MS, { apiId: '-', stage: '-' })]);
    await expect(invoke(data)).rejects.toThrow();
    known.push(ORDERS);
    while (cloudWatch.calls() < 50) await cloudWatch.publishMetricData([]);

    await invoke(data);

    expect(cloudWatch.metrics.total('RequestCount', STAGE)).toBe(1);
    expect(cloudWatch.metrics.total('RequestCount', { ApiId: 'unknown', Stage: 'unknown' })).toBe(0);
  });
});

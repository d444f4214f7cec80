import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { accessLogLine, packLines } from '#test/fakes/access-log-envelope.ts';
import { createIngestFixture, ORDERS, STAGE, START_MS } from '#test/fakes/access-log-ingest.ts';

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
    const { invoke, cloudWatch } = createIngestFixture();
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
    const { invoke, cloudWatch } = createIngestFixture();
    const data = packLines([accessLogLine(START_MS)]);

    await invoke(data);
    const repeated = await invoke(data, 'request-2');

    expect(repeated.status).toBe('repeated');
    expect(cloudWatch.metrics.total('RequestCount', {})).toBe(1);
  });

  it('ingestAccessLogs() knows an envelope by what CloudWatch Logs says of it, as it always has', async () => {
    const { invoke, keys } = createIngestFixture();

    await invoke(packLines([accessLogLine(START_MS), accessLogLine(START_MS), accessLogLine(START_MS)]));

    // Another key would count the envelopes again that are repeated while a new version is deployed.
    const parts = ['123456789012', '/aws/api-gateway/orders-api', '0123456789abcdef0123456789abcdef'];
    const identity = [...parts, '0'.padStart(56, '0'), '2'.padStart(56, '0'), 3];
    expect(keys).toEqual([createHash('sha256').update(JSON.stringify(identity)).digest('hex')]);
  });

  it('ingestAccessLogs() counts rejects by reason and points to the first, without its text', async () => {
    const { invoke } = createIngestFixture();
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
    const { invoke, cloudWatch } = createIngestFixture();
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
    const { invoke, keys, letters } = createIngestFixture();

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
    const { invoke } = createIngestFixture({ ports: { keepPointer } });

    await expect(invoke('bm90IGd6aXA=')).rejects.toThrow('SQS is down');
  });

  it.each([
    ['own-log-group', '/aws/lambda/gatewatch-prod-ingest-access-logs'],
    ['not-api-gateway', '/aws/lambda/orders'],
    ['not-api-gateway', 'API-Gateway-Execution-Logs_a1b2c3/prod'],
  ])('ingestAccessLogs() refuses as %s all events of %s', async (status, logGroup) => {
    const { invoke, cloudWatch, keys } = createIngestFixture();

    const report = await invoke(packLines([accessLogLine(START_MS), accessLogLine(START_MS)], { logGroup }));

    expect(report).toMatchObject({ status, requests: 0, rejected: { [status]: { count: 2 } } });
    expect([cloudWatch.calls(), keys]).toEqual([0, []]);
  });

  it('ingestAccessLogs() gives lines without identity the only stage that writes to their log group', async () => {
    const { invoke, cloudWatch } = createIngestFixture({ inventory: [ORDERS] });

    const report = await invoke(packLines([accessLogLine(START_MS, { apiId: '-', stage: '-' })]));

    expect(report.unidentified).toBe(0);
    expect(cloudWatch.metrics.total('RequestCount', STAGE)).toBe(1);
  });

  it('ingestAccessLogs() counts lines that nothing identifies under the stage unknown', async () => {
    const { invoke, cloudWatch } = createIngestFixture();

    const report = await invoke(packLines([accessLogLine(START_MS, { apiId: '-', stage: '-' })]));

    expect(report.unidentified).toBe(1);
    expect(cloudWatch.metrics.total('RequestCount', { ApiId: 'unknown', Stage: 'unknown' })).toBe(1);
  });
});

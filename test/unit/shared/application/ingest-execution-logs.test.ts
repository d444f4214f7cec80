import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createMemoryLedger } from '#shared/adapters/memory-ledger.ts';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import { createIngestAccessLogs } from '#shared/application/ingest-access-logs.ts';
import { createIngestExecutionLogs } from '#shared/application/ingest-execution-logs.ts';
import type { Ledger } from '#shared/application/ledger-ports.ts';
import type { Envelope } from '#shared/domain/logs/payload/envelope.ts';
import { toLogEventList } from '#shared/domain/logs/payload/log-events.ts';
import { executionEnvelope, executionEvent } from '#test/fakes/execution-log-envelope.ts';
import { createLetterPorts } from '#test/fakes/letter-ports.ts';
import { createUnreliableCloudWatch, type Fate } from '#test/fakes/unreliable-cloudwatch.ts';

const START_MS = Date.UTC(2026, 2, 16, 12);
const STAGE = { ApiId: 'a1b2c3', Stage: 'prod' };
const TIMEOUT = 'Execution failed due to a timeout error';

function pack(envelope: Envelope): string {
  const logEvents = toLogEventList(envelope.logEvents);
  const payload = { messageType: 'DATA_MESSAGE', subscriptionFilters: ['gatewatch'], ...envelope, logEvents };
  return gzipSync(JSON.stringify(payload)).toString('base64');
}

function packTexts(...texts: string[]): string {
  return pack(executionEnvelope(texts.map((text, index) => executionEvent(index, text, START_MS))));
}

function createFixture(fates: readonly Fate[] = []) {
  const clock = { nowMs: START_MS + 90_000 };
  const now = () => new Date(clock.nowMs);
  const cloudWatch = createUnreliableCloudWatch(fates);
  const letters = createLetterPorts();
  const keys: string[] = [];
  const memory = cloudWatch.mortal(createMemoryLedger(now));
  const ledger: Ledger = {
    ...memory,
    claim: (claim) => {
      keys.push(claim.key);
      return memory.claim(claim);
    },
  };
  const dependencies = {
    accountId: '123456789012',
    decodePayload,
    ledger,
    publishMetricData: cloudWatch.publishMetricData,
    ...letters,
    now,
    wait: async (milliseconds: number) => {
      clock.nowMs += milliseconds;
    },
  };
  const invocation = (requestId: string) => ({ requestId, deadlineMs: clock.nowMs + 60_000 });
  const ingest = createIngestExecutionLogs(dependencies);
  const ingestAccess = createIngestAccessLogs({
    ...dependencies,
    readInventory: async () => [],
    ownLogGroupPrefix: '/aws/lambda/gatewatch-prod-',
  });
  return {
    clock,
    cloudWatch,
    keys,
    invoke: (data: string, requestId = 'request-1') => ingest(data, invocation(requestId)),
    invokeAccess: (data: string) => ingestAccess(data, invocation('request-2')),
  };
}

describe('ingestExecutionLogs()', () => {
  it('ingestExecutionLogs() counts the lines of a WebSocket stage, whichever of the two forms its group’s name has', async () => {
    const { cloudWatch, invoke } = createFixture();
    const events = [executionEvent(1, TIMEOUT, START_MS)];

    const report = await invoke(pack(executionEnvelope(events, { logGroup: '/aws/apigateway/a1b2c3/prod' })));

    expect(report).toMatchObject({ requests: 1, rejected: {} });
    expect(cloudWatch.metrics.total('ExecutionCause', { ...STAGE, Cause: 'integration.timeout' })).toBe(1);
  });

  it('ingestExecutionLogs() counts each failed request once, under its most specific cause', async () => {
    const { invoke, cloudWatch } = createFixture();

    const report = await invoke(
      packTexts(
        `(a) ${TIMEOUT}`,
        '(b) Execution failed due to configuration error: Invalid permissions on Lambda function',
        '(b) Execution failed due to configuration error: Authorizer error',
        `(c) ${TIMEOUT}`,
        '(c) Method completed with status: 504',
      ),
    );

    expect(report).toEqual({
      status: 'counted',
      events: 5,
      requests: 3,
      rejected: { unclassified: { count: 1, firstEventId: '4'.padStart(56, '0') } },
      metricCalls: 1,
      parkedCalls: 0,
      possiblyRepeatedEvents: 0,
      ingestLagMs: 90_000,
    });
    const total = (Cause: string) => cloudWatch.metrics.total('ExecutionCause', { ...STAGE, Cause });
    expect(total('integration.timeout')).toBe(2);
    expect(total('auth.authorizer-misconfigured')).toBe(1);
    expect(total('integration.permission')).toBe(0);
  });

  it('ingestExecutionLogs() leaves the counts of access logs alone', async () => {
    const { invoke, cloudWatch } = createFixture();

    await invoke(packTexts(`(a) ${TIMEOUT}`));

    expect(cloudWatch.metrics.total('RequestCount', {})).toBe(0);
    expect(cloudWatch.metrics.total('ErrorCount', { ...STAGE, Cause: 'integration.timeout' })).toBe(0);
  });

  it('ingestExecutionLogs() counts a repeated delivery once', async () => {
    const { invoke, cloudWatch } = createFixture();
    const data = packTexts(`(a) ${TIMEOUT}`);

    await invoke(data);
    const repeated = await invoke(data, 'request-2');

    expect(repeated).toMatchObject({ status: 'repeated', requests: 0, rejected: {} });
    expect(cloudWatch.calls()).toBe(1);
  });

  it('ingestExecutionLogs() calls CloudWatch for no envelope without a failure', async () => {
    const { invoke, cloudWatch } = createFixture();

    const report = await invoke(packTexts('(a) Method completed with status: 200'));

    expect(report).toMatchObject({ status: 'counted', requests: 0, metricCalls: 0, ingestLagMs: null });
    expect(cloudWatch.calls()).toBe(0);
  });

  it('ingestExecutionLogs() refuses a group that holds no execution logs, and other accounts', async () => {
    const { invoke, cloudWatch } = createFixture();
    const events = [executionEvent(0, `(a) ${TIMEOUT}`, START_MS)];

    const otherGroup = await invoke(pack(executionEnvelope(events, { logGroup: '/aws/lambda/orders' })));
    const otherAccount = await invoke(pack(executionEnvelope(events, { owner: '999999999999' })));

    expect(otherGroup).toMatchObject({
      status: 'counted',
      requests: 0,
      rejected: { 'not-execution-log': { count: 1 } },
    });
    expect(otherAccount).toMatchObject({ status: 'other-account', events: 1, requests: 0 });
    expect(cloudWatch.calls()).toBe(0);
  });

  it('ingestExecutionLogs() reports what may be counted twice when an answer was lost', async () => {
    const { invoke, cloudWatch } = createFixture(['lose-answer']);

    const report = await invoke(packTexts(`(a) ${TIMEOUT}`, '(b) Unauthorized request: b'));

    expect(report).toMatchObject({ requests: 2, possiblyRepeatedEvents: 2 });
    expect(cloudWatch.metrics.total('ExecutionCause', { ...STAGE, Cause: 'integration.timeout' })).toBe(2);
  });

  it('ingestExecutionLogs() goes on after an attempt that was killed', async () => {
    const { invoke, clock } = createFixture(['die-after']);
    const data = packTexts(`(a) ${TIMEOUT}`);

    await expect(invoke(data)).rejects.toThrow();
    clock.nowMs += 60_000;

    expect(await invoke(data, 'request-2')).toMatchObject({ status: 'counted', possiblyRepeatedEvents: 1 });
  });

  it('ingestExecutionLogs() and ingestAccessLogs() do not take an envelope from each other', async () => {
    const { invoke, invokeAccess, keys } = createFixture();
    // A name that both kinds of logs may have.
    const logGroup = '/aws/apigateway/a1b2c3/prod';
    const data = pack(executionEnvelope([executionEvent(0, `(a) ${TIMEOUT}`, START_MS)], { logGroup }));

    const statuses = [(await invoke(data)).status, (await invokeAccess(data)).status];

    expect(statuses).toEqual(['counted', 'counted']);
    expect(new Set(keys).size).toBe(2);
  });

  it('ingestExecutionLogs() publishes and reports nothing of keys, bodies or request ids', async () => {
    const { invoke, cloudWatch } = createFixture();
    const secret = 's3cr3t-value';

    const report = await invoke(
      packTexts(
        `(request-s3cr3t-id) Method request headers: {x-api-key=${secret}}`,
        `(request-s3cr3t-id) Method request body before transformations: {"password":"${secret}"}`,
        `(request-s3cr3t-id) Lambda execution failed with status 200 due to customer function error: ${secret}`,
        `(other-s3cr3t-id) API Key ${secret} exceeded quota limit for API Stage a1b2c3/prod: Key quota exhausted`,
        secret,
      ),
    );

    const series = cloudWatch.metrics.listDimensions('ExecutionCause');
    expect(report.requests).toBe(2);
    expect(series).toHaveLength(2);
    expect(JSON.stringify([report, series])).not.toContain('s3cr3t');
  });
});

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createMemoryLedger } from '#shared/adapters/memory-ledger.ts';
import { createMemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import { createIngestExecutionLogs } from '#shared/application/ingest-execution-logs.ts';
import {
  EXECUTION_FILTER_PATTERN,
  parseExecutionLine,
} from '#shared/domain/logs/execution/execution-line.ts';
import {
  EXECUTION_SAMPLES,
  hasSamples,
  readPayload,
  readSampleMessages,
  type SamplePayload,
  SUBSCRIPTION,
} from '#test/fakes/execution-samples.ts';
import { matchesFilterPattern } from '#test/fakes/filter-pattern.ts';
import { createLetterPorts } from '#test/fakes/letter-ports.ts';

/** What INDEX.md of the folder, and a look at the lines, say: the causes of the lines in their order. */
const EXPECTED = {
  'exec-rest-authorizer-401.txt': ['auth.unauthorized'],
  'exec-rest-ericallam-lambda-timeout-502.subscription.json': ['integration.function-error'],
  'exec-rest-ericallam-method-throttle-429.subscription.json': ['throttle.method'],
  'exec-rest-jazz-info-200x2.subscription.json': [],
  'exec-rest-test-invoke-200-awsdocs.txt': [],
  'exec-rest-usage-plan-429.txt': ['throttle.usage-plan', 'throttle.quota', 'throttle.quota'],
};

function isKept(message: string): boolean {
  return matchesFilterPattern(EXECUTION_FILTER_PATTERN, message);
}

async function ingest(payload: SamplePayload) {
  const [first] = payload.logEvents;
  const now = () => new Date((first?.timestamp ?? 0) + 90_000);
  const metrics = createMemoryMetrics();
  const ingestExecutionLogs = createIngestExecutionLogs({
    accountId: payload.owner,
    decodePayload,
    ledger: createMemoryLedger(now),
    publishMetricData: metrics.publishMetricData,
    ...createLetterPorts(),
    now,
    wait: async () => {},
  });
  const data = gzipSync(JSON.stringify(payload)).toString('base64');
  const invocation = { requestId: 'request-1', deadlineMs: now().getTime() + 60_000 };
  return { report: await ingestExecutionLogs(data, invocation), metrics };
}

describe.skipIf(!hasSamples)('published execution logs', () => {
  it('the folder of published logs holds all that are expected', () => {
    expect(EXECUTION_SAMPLES).toEqual(expect.arrayContaining(Object.keys(EXPECTED)));
  });

  it.each(Object.entries(EXPECTED))('parseExecutionLine() reads the causes of %s', (name, causes) => {
    const lines = readSampleMessages(name).map(parseExecutionLine);

    expect(lines.flatMap((line) => (line === null ? [] : [line.cause]))).toEqual(causes);
  });

  it.each(EXECUTION_SAMPLES)(
    'EXECUTION_FILTER_PATTERN lets through the lines of %s that have a cause, and no other',
    (name) => {
      const messages = readSampleMessages(name);

      expect(messages.filter(isKept)).toEqual(
        messages.filter((message) => parseExecutionLine(message) !== null),
      );
    },
  );

  it.each(EXECUTION_SAMPLES.filter((name) => name.endsWith(SUBSCRIPTION)))(
    'ingestExecutionLogs() counts %s alike with and without the filter pattern',
    async (name) => {
      const payload = readPayload(name);
      const kept = payload.logEvents.filter(({ message }) => isKept(message));

      const whole = await ingest(payload);
      const filtered = await ingest({ ...payload, logEvents: kept });

      expect(filtered.metrics.listDimensions('ExecutionCause')).toEqual(
        whole.metrics.listDimensions('ExecutionCause'),
      );
      expect(filtered.report).toMatchObject({ requests: whole.report.requests, rejected: {} });
      expect(whole.report.rejected['unclassified']?.count).toBe(payload.logEvents.length - kept.length);
    },
  );

  it.each(['exec-rest-ericallam-method-throttle-429', 'exec-rest-ericallam-lambda-timeout-502'])(
    'ingestExecutionLogs() counts the request of %s under its API and stage',
    async (name) => {
      const { metrics, report } = await ingest(readPayload(`${name}${SUBSCRIPTION}`));

      expect(report.requests).toBe(1);
      expect(metrics.listDimensions('ExecutionCause')).toEqual([
        expect.objectContaining({ ApiId: 'uwe3g5jm54', Stage: 'Prod' }),
      ]);
    },
  );
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createMemoryLedger } from '#shared/adapters/memory-ledger.ts';
import { createMemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import { createIngestExecutionLogs } from '#shared/application/ingest-execution-logs.ts';
import { EXECUTION_FILTER_PATTERN, parseExecutionLine } from '#shared/domain/logs/execution-line.ts';
import type { LogEvent } from '#shared/domain/logs/log-events.ts';
import { matchesFilterPattern } from '#test/fakes/filter-pattern.ts';

/** Logs that others have published. They are no part of this repository, and lie beside it where there are any. */
const FOLDER = fileURLToPath(new URL('../../../shared/samples', import.meta.url));
const SUBSCRIPTION = '.subscription.json';

/** What INDEX.md of the folder, and a look at the lines, say: the causes of the lines in their order. */
const EXPECTED = {
  'exec-rest-authorizer-401.txt': ['auth.unauthorized'],
  'exec-rest-ericallam-lambda-timeout-502.subscription.json': ['integration.function-error'],
  'exec-rest-ericallam-method-throttle-429.subscription.json': ['throttle.method'],
  'exec-rest-jazz-info-200x2.subscription.json': [],
  'exec-rest-test-invoke-200-awsdocs.txt': [],
  'exec-rest-usage-plan-429.txt': ['throttle.usage-plan', 'throttle.quota', 'throttle.quota'],
};

type Payload = { readonly owner: string; readonly logEvents: readonly LogEvent[] };

const isThere = existsSync(FOLDER);
const names = isThere ? readdirSync(FOLDER).filter((name) => name.startsWith('exec-')) : [];

if (!isThere) console.warn('real samples: absent. The tests against published execution logs do not run.');

function readText(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

function readMessages(name: string): string[] {
  if (!name.endsWith(SUBSCRIPTION)) return readText(name).trimEnd().split('\n');
  return (JSON.parse(readText(name)) as Payload).logEvents.map(({ message }) => message);
}

function isKept(message: string): boolean {
  return matchesFilterPattern(EXECUTION_FILTER_PATTERN, message);
}

async function ingest(payload: Payload) {
  const [first] = payload.logEvents;
  const now = () => new Date((first?.timestamp ?? 0) + 90_000);
  const metrics = createMemoryMetrics();
  const ingestExecutionLogs = createIngestExecutionLogs({
    accountId: payload.owner,
    decodePayload,
    ledger: createMemoryLedger(now),
    publishMetricData: metrics.publishMetricData,
    now,
    wait: async () => {},
  });
  const data = gzipSync(JSON.stringify(payload)).toString('base64');
  const invocation = { requestId: 'request-1', deadlineMs: now().getTime() + 60_000 };
  return { report: await ingestExecutionLogs(data, invocation), metrics };
}

describe.skipIf(!isThere)('published execution logs', () => {
  it('the folder of published logs holds all that are expected', () => {
    expect(names).toEqual(expect.arrayContaining(Object.keys(EXPECTED)));
  });

  it.each(Object.entries(EXPECTED))('parseExecutionLine() reads the causes of %s', (name, causes) => {
    const lines = readMessages(name).map(parseExecutionLine);

    expect(lines.flatMap((line) => (line === null ? [] : [line.cause]))).toEqual(causes);
  });

  it.each(names)(
    'EXECUTION_FILTER_PATTERN lets through the lines of %s that have a cause, and no other',
    (name) => {
      const messages = readMessages(name);

      expect(messages.filter(isKept)).toEqual(
        messages.filter((message) => parseExecutionLine(message) !== null),
      );
    },
  );

  it.each(names.filter((name) => name.endsWith(SUBSCRIPTION)))(
    'ingestExecutionLogs() counts %s alike with and without the filter pattern',
    async (name) => {
      const payload = JSON.parse(readText(name)) as Payload;
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
      const { metrics, report } = await ingest(JSON.parse(readText(`${name}${SUBSCRIPTION}`)) as Payload);

      expect(report.requests).toBe(1);
      expect(metrics.listDimensions('ExecutionCause')).toEqual([
        expect.objectContaining({ ApiId: 'uwe3g5jm54', Stage: 'Prod' }),
      ]);
    },
  );
});

import { createMemoryLedger } from '#shared/adapters/memory-ledger.ts';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import type { IngestDependencies } from '#shared/application/count-once.ts';
import { createIngestAccessLogs } from '#shared/application/ingest-access-logs.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { accessLogLine } from '#test/fakes/access-log-envelope.ts';
import { createLetterPorts } from '#test/fakes/letter-ports.ts';
import { createUnreliableCloudWatch, type Fate } from '#test/fakes/unreliable-cloudwatch.ts';

/** When the first request was, epoch milliseconds. */
export const START_MS = 1_780_000_020_000;
/** The stage of the lines, as dimensions. */
export const STAGE = { ApiId: 'a1b2c3', Stage: 'prod' };

type Circumstances = {
  readonly fates?: readonly Fate[];
  readonly inventory?: readonly InventoryItem[];
  readonly ports?: Partial<Pick<IngestDependencies, 'parkChunk' | 'keepPointer'>>;
};

/** The ingest of access logs with everything around it in memory, and on a clock that waits for nobody. */
export function createIngestFixture({ fates = [], inventory = [], ports = {} }: Circumstances = {}) {
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

/** The stage that writes to the log group of the lines. */
export const ORDERS: InventoryItem = {
  apiId: 'a1b2c3',
  apiName: 'orders-api',
  apiType: 'REST',
  stage: 'prod',
  logGroup: '/aws/api-gateway/orders-api',
  integrationTimeoutMs: 29_000,
  schemaVersion: 1,
};

/** Enough different seconds and stages for more than one PutMetricData call. */
export function manyLines(): string[] {
  return Array.from({ length: 1_200 }, (_, index) =>
    accessLogLine(START_MS + index * 1_000, { apiId: index % 2 === 0 ? 'a1b2c3' : 'd4e5f6' }),
  );
}

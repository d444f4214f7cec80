import type { IngestDependencies, Invocation } from '#shared/application/count-once.ts';
import type { EnvelopeReport } from '#shared/application/envelope-report.ts';
import { createIngestOnce } from '#shared/application/ingest-once.ts';
import type { ReadInventory } from '#shared/application/inventory-ports.ts';
import { createIdentifyStage } from '#shared/domain/inventory/identify-stage.ts';
import { judgeAccessLogGroup } from '#shared/domain/logs/access/judge-access-log-group.ts';
import { type CountedEnvelope, countEnvelope } from '#shared/domain/metrics/count-envelope.ts';
import { planMetricData } from '#shared/domain/metrics/plan-metric-data.ts';

/** What became of one envelope of access logs. */
export type IngestReport = EnvelopeReport & {
  /** Requests whose lines had to be repaired. */
  readonly repaired: number;
  /** Requests counted under the stage `unknown`. */
  readonly unidentified: number;
  readonly statuses: ReadonlyMap<number, number>;
};

type Dependencies = IngestDependencies & {
  readonly readInventory: ReadInventory;
  /** How the names of Gatewatch's own log groups begin. */
  readonly ownLogGroupPrefix: string;
};

/**
 * Counts the requests of one subscription payload into CloudWatch metrics, once however often it is delivered.
 *
 * @returns A use case that throws on outages, so that the delivery is repeated
 */
export function createIngestAccessLogs({ readInventory, ownLogGroupPrefix, ...dependencies }: Dependencies) {
  const ingest = createIngestOnce<CountedEnvelope>(
    {
      ledgerScope: [],
      refuse: async (logGroup) => judgeAccessLogGroup(logGroup, await readInventory(), ownLogGroupPrefix),
      plan: async (envelope, receivedAtMs) => {
        const identify = createIdentifyStage(envelope.logGroup, await readInventory());
        const counted = countEnvelope(envelope, identify, receivedAtMs);
        return { counted, chunks: planMetricData(counted.aggregate) };
      },
    },
    dependencies,
  );
  return async (data: string, invocation: Invocation): Promise<IngestReport> => {
    const { report, counted } = await ingest(data, invocation);
    return {
      ...report,
      repaired: counted?.repaired ?? 0,
      unidentified: counted?.unidentified ?? 0,
      statuses: counted?.aggregate.statuses ?? new Map<number, number>(),
    };
  };
}

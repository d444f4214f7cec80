import {
  createIngestOnce,
  type EnvelopeReport,
  type IngestDependencies,
  type Invocation,
} from '#shared/application/ingest-once.ts';
import type { ReadInventory } from '#shared/application/ports.ts';
import { createIdentifyStage } from '#shared/domain/inventory/identify-stage.ts';
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

type Dependencies = IngestDependencies & { readonly readInventory: ReadInventory };

/**
 * Counts the requests of one subscription payload into CloudWatch metrics, once however often it is delivered.
 *
 * @returns A use case that throws on malformed payloads and outages, so that the delivery is repeated
 */
export function createIngestAccessLogs({ readInventory, ...dependencies }: Dependencies) {
  const ingest = createIngestOnce<CountedEnvelope>(
    {
      ledgerScope: [],
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

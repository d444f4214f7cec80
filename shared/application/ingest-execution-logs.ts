import type { IngestDependencies, Invocation } from '#shared/application/count-once.ts';
import type { EnvelopeReport } from '#shared/application/envelope-report.ts';
import { createIngestOnce } from '#shared/application/ingest-once.ts';
import { type CountedCauses, countExecutionCauses } from '#shared/domain/metrics/count-execution-causes.ts';
import { planExecutionCauses } from '#shared/domain/metrics/plan-execution-causes.ts';

/**
 * Counts the failed requests of one subscription payload by cause, once however often it is delivered. The log group's
 * name says which stage they belong to.
 *
 * @returns A use case that throws on outages, so that the delivery is repeated
 */
export function createIngestExecutionLogs(dependencies: IngestDependencies) {
  const ingest = createIngestOnce<CountedCauses>(
    {
      ledgerScope: ['execution'],
      // Its events tell themselves: each that is in no execution-log group is rejected.
      refuse: async () => null,
      plan: async (envelope, receivedAtMs) => {
        const counted = countExecutionCauses(envelope, receivedAtMs);
        return { counted, chunks: planExecutionCauses(counted) };
      },
    },
    dependencies,
  );
  return async (data: string, invocation: Invocation): Promise<EnvelopeReport> =>
    (await ingest(data, invocation)).report;
}

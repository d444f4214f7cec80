import fc from 'fast-check';
import { it } from 'vitest';
import { createMemoryLedger } from '#shared/adapters/memory-ledger.ts';
import { decodePayload } from '#shared/adapters/zlib-decode-payload.ts';
import { createIngestAccessLogs } from '#shared/application/ingest-access-logs.ts';
import { accessLogLine, packLines } from '#test/fakes/access-log-envelope.ts';
import { createLetterPorts } from '#test/fakes/letter-ports.ts';
import { createUnreliableCloudWatch, type Fate } from '#test/fakes/unreliable-cloudwatch.ts';

const START_MS = 1_780_000_020_000;
const FATES: Fate[] = ['accept', 'throttle', 'lose-request', 'lose-answer', 'die-before', 'die-after'];

/** Lambda delivers again until it succeeds, and now and then once more after that, with another request id. */
async function deliverUntilCounted(data: string, fates: readonly Fate[]) {
  const clock = { nowMs: START_MS + 90_000 };
  const now = () => new Date(clock.nowMs);
  const cloudWatch = createUnreliableCloudWatch(fates);
  const letters = createLetterPorts();
  const ingest = createIngestAccessLogs({
    accountId: '123456789012',
    decodePayload,
    readInventory: async () => [],
    ledger: cloudWatch.mortal(createMemoryLedger(now)),
    publishMetricData: cloudWatch.publishMetricData,
    ...letters,
    ownLogGroupPrefix: '/aws/lambda/gatewatch-prod-',
    now,
    wait: async (milliseconds) => {
      clock.nowMs += milliseconds;
    },
  });
  const invoke = (requestId: string) => ingest(data, { requestId, deadlineMs: clock.nowMs + 10_000 });
  for (let attempt = 0; attempt <= fates.length; attempt += 1) {
    try {
      await invoke('request-1');
      const repeated = await invoke('request-2');
      for (const { data: chunk } of letters.parked) await cloudWatch.metrics.publishMetricData(chunk);
      return { doubt: letters.doubts.reduce((sum, events) => sum + events, 0), repeated, cloudWatch };
    } catch {
      clock.nowMs += 60_000;
    }
  }
  throw new Error('Never counted');
}

it('a delivered batch is counted once, except where an answer was lost, and then within the printed interval', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...FATES), { maxLength: 12 }),
      fc.integer({ min: 1, max: 3_000 }),
      async (fates, requests) => {
        // Different seconds, so that a large batch takes several PutMetricData calls.
        const lines = Array.from({ length: requests }, (_, index) => accessLogLine(START_MS + index * 1_000));

        const { doubt, repeated, cloudWatch } = await deliverUntilCounted(packLines(lines), fates);

        const sum = cloudWatch.metrics.total('RequestCount', {});
        const isCertain = fates
          .slice(0, cloudWatch.calls())
          .every((fate) => fate === 'accept' || fate === 'throttle');
        return (
          sum >= requests &&
          sum - doubt <= requests &&
          (!isCertain || (sum === requests && doubt === 0)) &&
          repeated.status === 'repeated'
        );
      },
    ),
    { numRuns: 60 },
  );
});

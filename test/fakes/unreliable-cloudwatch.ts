import { createMemoryMetrics, type MemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import type { Ledger } from '#shared/application/ledger-ports.ts';
import type { PublishMetricData } from '#shared/application/ports.ts';

/**
 * What happens to one call: `accept`; `throttle` and `refuse` count nothing and say so; `lose-request` and `lose-answer`
 * look the same to the caller, but only the second one counts; `die-before` and `die-after` kill the caller as well.
 */
export type Fate =
  | 'accept'
  | 'throttle'
  | 'refuse'
  | 'lose-request'
  | 'lose-answer'
  | 'die-before'
  | 'die-after';

/** The invocation was killed; nothing after it runs. */
class Killed extends Error {
  override readonly name = 'Killed';
}

const ANSWERS = { accept: 'accepted', throttle: 'not-counted', refuse: 'refused' } as const;

/** CloudWatch with a fate for each call; when they are used up, it accepts. */
export function createUnreliableCloudWatch(fates: readonly Fate[]): {
  readonly publishMetricData: PublishMetricData;
  /** The ledger as a caller sees it: until the next one comes, who was killed writes nothing down. */
  readonly mortal: (ledger: Ledger) => Ledger;
  readonly metrics: MemoryMetrics;
  readonly calls: () => number;
} {
  const metrics = createMemoryMetrics();
  let calls = 0;
  let isDead = false;
  return {
    metrics,
    calls: () => calls,
    mortal: (ledger) => ({
      claim: (claim) => {
        isDead = false;
        return ledger.claim(claim);
      },
      record: async (progress) => {
        if (isDead) throw new Killed();
        await ledger.record(progress);
      },
    }),
    publishMetricData: async (chunk) => {
      const fate = fates[calls] ?? 'accept';
      calls += 1;
      if (fate === 'accept' || fate === 'lose-answer' || fate === 'die-after')
        await metrics.publishMetricData(chunk);
      if (fate === 'die-before' || fate === 'die-after') {
        isDead = true;
        throw new Killed();
      }
      return fate === 'lose-request' || fate === 'lose-answer' ? 'unknown' : ANSWERS[fate];
    },
  };
}

import { createMemoryMetrics, type MemoryMetrics } from '#shared/adapters/memory-metrics.ts';
import type { PublishMetricData } from '#shared/application/ports.ts';

/**
 * What happens to one call: `accept`; `throttle` counts nothing and says so; `lose-request` and `lose-answer` look
 * the same to the caller, but only the second one counts; `die-before` and `die-after` kill the caller as well.
 */
export type Fate = 'accept' | 'throttle' | 'lose-request' | 'lose-answer' | 'die-before' | 'die-after';

/** The invocation was killed; nothing after it runs. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** CloudWatch with a fate for each call; when they are used up, it accepts. */
export function createUnreliableCloudWatch(fates: readonly Fate[]): {
  readonly publishMetricData: PublishMetricData;
  readonly metrics: MemoryMetrics;
  readonly calls: () => number;
} {
  const metrics = createMemoryMetrics();
  let calls = 0;
  return {
    metrics,
    calls: () => calls,
    publishMetricData: async (chunk) => {
      const fate = fates[calls] ?? 'accept';
      calls += 1;
      const isCounted = fate === 'accept' || fate === 'lose-answer' || fate === 'die-after';
      if (isCounted) await metrics.publishMetricData(chunk);
      if (fate === 'die-before' || fate === 'die-after') throw new Killed();
      if (fate === 'throttle') return 'not-counted';
      return fate === 'accept' ? 'accepted' : 'unknown';
    },
  };
}

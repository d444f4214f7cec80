import type { DrillStack } from '#cli/drill/drill-stack.ts';
import type { DrillReport } from '#shared/application/run-drill.ts';
import { POLL_MS } from '#shared/application/watch-drill.ts';

/** True if every hop came. */
export function isPassed({ hops, wasInterrupted }: DrillReport): boolean {
  return !wasInterrupted && hops.every(({ problem }) => problem === null);
}

/** The document of `gatewatch drill --json`: a public contract (docs/drill.md). */
export function drillJson({ name, account }: DrillStack, report: DrillReport): object {
  const { drill, hops, notTold, clockAheadMs } = report;
  return {
    schemaVersion: 1,
    command: 'drill',
    ...account,
    stack: name,
    id: drill.id,
    severity: drill.severity,
    startedAt: new Date(drill.startedAtMs).toISOString(),
    isPassed: isPassed(report),
    hops: hops.map(({ sentAtMs, ...hop }) => ({
      ...hop,
      sentAt: sentAtMs === null ? null : new Date(sentAtMs).toISOString(),
    })),
    notTold,
    pollMs: POLL_MS,
    clockAheadMs,
  };
}

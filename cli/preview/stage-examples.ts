import type { Example } from '#cli/preview/example.ts';
import { judged } from '#cli/preview/example-findings.ts';
import { STAGES } from '#cli/preview/example-stages.ts';

/** Stories about one stage. */
export const STAGE_EXAMPLES: readonly Example[] = [
  {
    name: 'errors',
    summary: 'a stage fails with 504: its integration is too slow',
    severity: 'critical',
    findings: [
      judged({
        kind: 'error-budget',
        stage: STAGES.orders,
        cause: 'integration.timeout',
        latest: { recentRatio: 0.041, budgetRatio: 0.001 },
        peaks: { recentRatio: 0.062 },
        sums: { bad: 1_310, requests: 31_900 },
      }),
    ],
  },
  {
    name: 'stage-throttled',
    summary: 'a stage refuses with its own limit, which no log names',
    severity: 'warning',
    findings: [
      judged({
        kind: 'throttling.stage',
        stage: STAGES.users,
        cause: 'throttle.unknown-level',
        sums: { refused: 2_140, requests: 61_000 },
      }),
    ],
  },
  {
    name: 'client-throttled',
    summary: 'clients are above their usage plan',
    severity: 'warning',
    findings: [
      judged({
        kind: 'throttling.client',
        stage: STAGES.orders,
        cause: 'throttle.usage-plan',
        sums: { refused: 940, requests: 20_300, byRate: 905, byQuota: 35 },
      }),
    ],
  },
  {
    name: 'slow',
    summary: 'a stage is slow, and runs into its timeout',
    severity: 'warning',
    findings: [
      judged({
        kind: 'latency',
        stage: STAGES.orders,
        latest: { p99Ms: 21_400, usualMs: 640 },
        peaks: { p99Ms: 24_900 },
      }),
      judged({
        kind: 'timeout-budget',
        stage: STAGES.orders,
        latest: { p99Ms: 24_100, timeoutMs: 29_000 },
        peaks: { p99Ms: 24_800 },
      }),
    ],
  },
  {
    name: 'bodies',
    summary: 'an execution log holds request and response bodies',
    severity: 'warning',
    findings: [judged({ kind: 'logging.bodies', stage: STAGES.orders, sums: { linesSeen: 1_204 } })],
  },
];

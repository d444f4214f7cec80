import type { Example } from '#cli/preview/example.ts';
import { judged } from '#cli/preview/example-findings.ts';
import { STAGES } from '#cli/preview/example-stages.ts';

const SILENT = { counted: 18_400, logged: 0, share: 0.12, hasAccessLog: 1, silentStages: 2 };
const STANDS_SINCE_MS = Date.UTC(2026, 2, 2, 13, 51);

/** Stories about what Gatewatch cannot see. */
export const BLIND_EXAMPLES: readonly Example[] = [
  {
    name: 'blind-logs',
    summary: 'two stages have requests, and send no log events',
    severity: 'warning',
    findings: [
      judged({ kind: 'blind.logs', stage: STAGES.payments, latest: SILENT }),
      judged({ kind: 'blind.logs', stage: STAGES.users, latest: { ...SILENT, counted: 9_150, share: 0.06 } }),
    ],
  },
  {
    name: 'unlogged',
    summary: 'a busy stage has no access log at all',
    severity: 'warning',
    findings: [
      judged({
        kind: 'blind.logs',
        stage: STAGES.search,
        latest: { counted: 42_000, logged: 0, share: 0.28, hasAccessLog: 0 },
      }),
    ],
  },
  {
    name: 'blind-metrics',
    summary: 'an evaluator stands still',
    severity: 'critical',
    findings: [
      judged({
        kind: 'blind.metrics',
        scope: { function: 'detect-anomalies' },
        latest: {
          'stands:detect-anomalies': STANDS_SINCE_MS,
          'runs:detect-anomalies/watch': STANDS_SINCE_MS,
        },
      }),
    ],
  },
];

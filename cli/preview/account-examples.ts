import type { Example } from '#cli/preview/example.ts';
import { judged } from '#cli/preview/example-findings.ts';
import { EXAMPLE_ACCOUNT, STAGES } from '#cli/preview/example-stages.ts';
import { stageKey } from '#shared/domain/inventory/stage.ts';

const QUOTA = { quotaRps: 10_000, quotaBurst: 5_000, 'source:get-account': 1 };

const BUSY = {
  ...QUOTA,
  demandRps: 10_240,
  usedRatio: 1.02,
  peakRps: 14_900,
  peakUsedRatio: 1.49,
  tokensUsed: 5_000,
};

const REFUSED = {
  requests: 180_000,
  refused: 3_420,
  observed: 0,
  inferred: 3_420,
  [`refused:${stageKey(STAGES.payments)}`]: 1_204,
  [`requests:${stageKey(STAGES.payments)}`]: 29_366,
  [`refused:${stageKey(STAGES.users)}`]: 310,
  [`requests:${stageKey(STAGES.users)}`]: 15_500,
};

const LOW = judged({
  kind: 'headroom.low',
  severity: 'warning',
  latest: {
    ...QUOTA,
    demandRps: 8_510,
    usedRatio: 0.851,
    peakRps: 9_620,
    peakUsedRatio: 0.962,
    tokensUsed: 900,
  },
});

const NEIGHBOUR = judged({
  kind: 'noisy-neighbour',
  stage: STAGES.orders,
  latest: {
    nowRps: 6_100,
    usualRps: 900,
    nowShare: 0.6,
    usualShare: 0.18,
    limitRps: 1_500,
    limitBurst: 750,
    limitRefusedRps: 4_600,
  },
});

/** Stories about the throttle that all APIs of an account share. */
export const ACCOUNT_EXAMPLES: readonly Example[] = [
  {
    name: 'account-exhausted',
    summary: 'one stage takes the quota of the account, and others are refused',
    severity: 'critical',
    before: [LOW],
    findings: [
      LOW,
      judged({
        kind: 'headroom.exhausted',
        latest: BUSY,
        sums: { secondsAtZero: 41, predictedThrottles: 3_300, requests: 180_000, refused: 3_420 },
      }),
      NEIGHBOUR,
      judged({ kind: 'throttling.account', latest: QUOTA, sums: REFUSED }),
    ],
  },
  {
    name: 'burst',
    summary: 'single seconds empty the burst bucket',
    severity: 'warning',
    findings: [
      judged({
        kind: 'burst.exhausted',
        latest: { ...BUSY, demandRps: 4_100, usedRatio: 0.41 },
        sums: { secondsAtZero: 6, predictedThrottles: 1_950 },
      }),
    ],
  },
  {
    name: 'forecast',
    summary: 'the quota will be reached within the hour',
    severity: 'warning',
    findings: [
      judged({
        kind: 'headroom.forecast',
        latest: {
          ...QUOTA,
          slopeRpsPerMinute: 62,
          minutesToQuota: 44,
          earliestMinutes: 31,
          latestMinutes: 62,
          usesEarlierDays: 1,
        },
      }),
    ],
  },
  {
    name: 'quota-lowered',
    summary: 'AWS gave the account a lower throttle',
    severity: 'warning',
    findings: [
      judged({
        kind: 'quota.changed',
        scope: EXAMPLE_ACCOUNT,
        latest: {
          fromRps: 10_000,
          toRps: 6_000,
          fromBurst: 5_000,
          toBurst: 3_000,
          'reason:read': 1,
          'source:get-account': 1,
        },
      }),
    ],
  },
];

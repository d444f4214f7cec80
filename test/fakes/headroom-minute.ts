import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';
import { NO_OUTLOOK } from '#shared/domain/headroom/forecast/outlook.ts';
import type { HeadroomMinute, StageMinuteDemand } from '#shared/domain/headroom/judging/headroom-minute.ts';
import { NO_THROTTLE } from '#shared/domain/headroom/throttling/throttle-layers.ts';

const QUOTA = { rateRps: 1_000, burst: 500 };
const ACCOUNT = { accountId: '123456789012', region: 'us-east-1' };

/** A stage as busy as ever, with the given differences. */
export function createStageDemand(
  apiId: string,
  differences: Partial<StageMinuteDemand> = {},
): StageMinuteDemand {
  return {
    id: { apiId, stage: 'prod' },
    scope: { ...ACCOUNT, apiId, apiName: `${apiId}-api`, stage: 'prod' },
    requests: 6_000,
    throttled: 0,
    layers: NO_THROTTLE,
    isUnlogged: false,
    nowRps: 100,
    usualRps: 100,
    ...differences,
  };
}

/** A minute of an account that uses a share of its quota of 1,000 rps evenly, with the given differences. */
export function createHeadroomMinute(
  usedRatio: number,
  account: Partial<MinuteHeadroom> = {},
  stages: readonly StageMinuteDemand[] = [],
): HeadroomMinute {
  const demandRps = usedRatio * QUOTA.rateRps;
  return {
    account: {
      minuteMs: Date.UTC(2026, 2, 2, 14),
      requests: demandRps * 60,
      throttled: 0,
      refusedEarlier: 0,
      unloggedRps: 0,
      demandRps,
      admittedRps: demandRps,
      usedRatio,
      peakRps: demandRps,
      peakUsedRatio: usedRatio,
      peakAtMs: Date.UTC(2026, 2, 2, 14),
      tokensLeft: QUOTA.burst,
      predictedThrottles: 0,
      maxMissedThrottles: 0,
      secondsAtZero: 0,
      burstIsExact: true,
      clippedSeconds: 0,
      ...account,
    },
    stages,
    quota: QUOTA,
    accountScope: ACCOUNT,
    outlook: NO_OUTLOOK,
  };
}

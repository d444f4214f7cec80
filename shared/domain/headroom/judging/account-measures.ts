import type { Judgement } from '#shared/domain/detection/occurrence.ts';
import { accountThrottled } from '#shared/domain/headroom/demand/quota-use.ts';
import type { HeadroomMinute } from '#shared/domain/headroom/judging/headroom-minute.ts';

/** The account's numbers of a minute, as every judgement about the account carries them. */
export function accountMeasures({
  account,
  quota,
}: HeadroomMinute): Pick<Judgement, 'latest' | 'sums' | 'peaks'> {
  return {
    latest: {
      demandRps: account.demandRps,
      usedRatio: account.usedRatio,
      quotaRps: quota.rateRps,
      quotaBurst: quota.burst,
      unloggedRps: account.unloggedRps,
      clippedSeconds: account.clippedSeconds,
      ...(quota.rateSource !== undefined && { [`source:${quota.rateSource}`]: 1 }),
    },
    sums: {
      requests: account.requests,
      refused: accountThrottled(account),
      predictedThrottles: account.predictedThrottles,
      secondsAtZero: account.secondsAtZero,
    },
    peaks: {
      demandRps: account.demandRps,
      usedRatio: account.usedRatio,
      peakRps: account.peakRps,
      peakUsedRatio: account.peakUsedRatio,
      tokensUsed: quota.burst - account.tokensLeft,
      clippedSeconds: account.clippedSeconds,
    },
  };
}

import type { Scope } from '#shared/domain/detection/finding.ts';
import type { StageDemand } from '#shared/domain/headroom/find-culprit.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/minute-headroom.ts';
import type { Quota } from '#shared/domain/headroom/quota.ts';
import type { QuotaInForce } from '#shared/domain/headroom/quota-in-force.ts';

/** One stage in the judged minute. */
export type StageMinuteDemand = StageDemand & {
  readonly scope: Scope;
  readonly requests: number;
  /** 429s that API Gateway made. */
  readonly throttled: number;
};

/** Everything the judgement of one minute rests on. */
export type HeadroomMinute = {
  readonly account: MinuteHeadroom;
  readonly stages: readonly StageMinuteDemand[];
  readonly quota: Quota & Partial<Pick<QuotaInForce, 'rateSource'>>;
  readonly accountScope: Scope;
};

import type { Scope } from '#shared/domain/detection/finding.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';
import type { Outlook } from '#shared/domain/headroom/forecast/outlook.ts';
import type { StageDemand } from '#shared/domain/headroom/neighbours/find-culprit.ts';
import type { Quota } from '#shared/domain/headroom/quota/quota.ts';
import type { QuotaInForce } from '#shared/domain/headroom/quota/quota-in-force.ts';
import type { ThrottleLayers } from '#shared/domain/headroom/throttling/throttle-layers.ts';

/** One stage in the judged minute. */
export type StageMinuteDemand = StageDemand & {
  readonly scope: Scope;
  readonly requests: number;
  /** 429s that API Gateway made. */
  readonly throttled: number;
  /** The same by the layer that made them. */
  readonly layers: ThrottleLayers;
  /** True where API Gateway's own counts stand in for a log: then nothing is known of its seconds and its 429s. */
  readonly isUnlogged: boolean;
};

/** Everything the judgement of one minute rests on. */
export type HeadroomMinute = {
  readonly account: MinuteHeadroom;
  /** All known stages in a minute with trouble; none in a minute that is clean for each of them. */
  readonly stages: readonly StageMinuteDemand[];
  readonly quota: Quota & Partial<Pick<QuotaInForce, 'rateSource'>>;
  readonly accountScope: Scope;
  readonly outlook: Outlook;
  /** Requests per second of the stage that takes the quota of the others; absent where there is none, or nobody has read them. */
  readonly culpritSeconds?: readonly number[];
};

import type { Quota } from '#shared/domain/headroom/quota/quota.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** One route of a simulated stage. */
export type SimulatedRoute = {
  readonly method: string;
  readonly path: string;
  /** Share of the stage's requests; the shares of a stage add up to 1. */
  readonly share: number;
  readonly medianMs: number;
};

/** One simulated stage. */
export type SimulatedStage = {
  readonly item: InventoryItem;
  /** Mean rate over a day. */
  readonly meanRps: number;
  /** What all its clients together may ask for; what is above never reaches the account throttle. Absent without a plan. */
  readonly usagePlan?: Quota;
  readonly routes: readonly SimulatedRoute[];
};

/**
 * Something that goes wrong. Times are milliseconds after the start of the scenario. A `surge` replaces the usual rate of the
 * API, a `climb` goes from it to another in a straight line.
 */
export type Episode = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly apiName: string;
} & (
  | { readonly kind: 'surge'; readonly rps: number }
  | { readonly kind: 'climb'; readonly toRps: number }
  | { readonly kind: 'function-errors'; readonly path: string; readonly ratio: number }
  | { readonly kind: 'timeouts'; readonly path: string; readonly ratio: number }
);

/** An account for a time: who calls what, and what goes wrong. */
export type Scenario = {
  readonly accountId: string;
  readonly region: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly quota: Quota;
  readonly stages: readonly SimulatedStage[];
  readonly episodes: readonly Episode[];
  /** `even` is the mean at all times; `daily` has a night and a day. */
  readonly rhythm: 'daily' | 'even';
  /** Whether the 429s of the account throttle are logged: API Gateway may drop those of excessive ones. */
  readonly logsAccountRefusals: boolean;
};

/** Where and when a scenario plays. */
export type Setting = {
  /** All rates follow it. */
  readonly quota: Quota;
  readonly region: string;
  /** Midnight UTC of the day, epoch milliseconds. */
  readonly dayMs: number;
};

/** A scenario that can be asked for by name, with what is true of it. */
export type ScenarioDefinition = {
  /** What happens, in one line. */
  readonly summary: string;
  /** What is to be found, and what must not be said; one sentence each. */
  readonly truth: readonly string[];
  /** The rate quota in requests per second that gives a log of a sensible size. */
  readonly quotaRps: number;
  readonly create: (setting: Setting) => Scenario;
};

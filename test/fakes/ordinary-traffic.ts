import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { type Noise, normal } from '#test/fakes/climbing-demand.ts';
import { inventoryOf } from '#test/fakes/replayed-account.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** Parts of the account's requests, by the id of the API. The one without a log is counted by API Gateway only. */
const SHARES = { orders: 0.45, users: 0.25, payments: 0.15, partner: 0.1, reports: 0.05 } as const;
const UNLOGGED = 'reports';
/** The clients of this one have usage plans, of which some meet the end now and then. */
const WITH_USAGE_PLANS = 'partner';

/** How busy an account is at which time. */
export type Ordinary = {
  /** The mean at the busiest time of a working day, without noise. */
  readonly peakRps: number;
  /** Of the account as a whole, and once more of each stage. */
  readonly noise: Noise;
};

/** What one stage was asked for in one minute. */
export type OrdinaryStage = {
  readonly item: InventoryItem;
  readonly perSecond: Float64Array;
  /** 429s of usage plans, which are among the requests. */
  readonly throttled: Float64Array;
  readonly serverErrors: number;
};

/** An inventory of four stages with a log and one without. */
export const ORDINARY_STAGES: readonly InventoryItem[] = inventoryOf(
  ...Object.keys(SHARES).map((apiId) => ({ apiId, stage: 'prod' })),
).map((item) => ({ ...item, logGroup: item.apiId === UNLOGGED ? null : `/logs/${item.apiId}` }));

/** The part of the busiest time's demand, 0..1: most in the afternoon, less at night and at the weekend. Day 0 is a Monday. */
function usualPart(minute: number): number {
  const hour = (minute % DAY_MINUTES) / 60;
  const isWeekend = Math.floor(minute / DAY_MINUTES) % 7 >= 5;
  const ofDay = 0.3 + (0.7 * (1 + Math.cos((2 * Math.PI * (hour - 14)) / 24))) / 2;
  return isWeekend ? 0.6 * ofDay : ofDay;
}

/** A number that wanders around 1, minute by minute. */
function createWander({ deviationRatio, likeness }: Noise, random: () => number): () => number {
  let state = normal(random);
  return () => {
    state = likeness * state + Math.sqrt(1 - likeness ** 2) * normal(random);
    return Math.max(0, 1 + deviationRatio * state);
  };
}

/** How many of many independent requests come. */
function poisson(mean: number, random: () => number): number {
  return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
}

/**
 * Minutes of an ordinary account, one after the other from a Monday 00:00 on. Twice a working day a stage is deployed and
 * gets nothing for up to 40 seconds.
 */
export function createOrdinaryTraffic({ peakRps, noise }: Ordinary, random: () => number) {
  const wander = createWander(noise, random);
  const stages = ORDINARY_STAGES.map((item) => ({ item, wander: createWander(noise, random) }));
  return (minute: number): OrdinaryStage[] => {
    const accountRps = peakRps * usualPart(minute) * wander();
    const deployed = random() < 2 / DAY_MINUTES ? Math.floor(random() * stages.length) : -1;
    const gap = Math.floor(random() * 20);
    return stages.map((stage, index) => {
      const share = SHARES[stage.item.apiId as keyof typeof SHARES];
      const rps = accountRps * share * stage.wander();
      const perSecond = Float64Array.from({ length: 60 }, (_, second) =>
        index === deployed && second >= gap && second < 2 * gap + 20 ? 0 : poisson(rps, random),
      );
      const throttled = new Float64Array(60);
      if (stage.item.apiId === WITH_USAGE_PLANS && random() < 0.1) {
        const second = Math.floor(random() * 60);
        throttled[second] = Math.min(perSecond[second] ?? 0, 1 + Math.floor(random() * 8));
      }
      return { item: stage.item, perSecond, throttled, serverErrors: poisson(60 * rps * 0.0002, random) };
    });
  };
}

/** The start of such a minute, epoch milliseconds. */
export function startOf(minute: number): number {
  return Date.UTC(2026, 5, 1) + minute * MINUTE_MS;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fewestTokens,
  mostRefusals,
  simulateBurstBucket,
} from '#shared/domain/headroom/demand/burst-bucket.ts';
import { evaluateMinutes } from '#shared/domain/headroom/demand/minute-headroom.ts';
import type { Quota } from '#shared/domain/headroom/quota/quota.ts';

/** Where in their second the requests arrive, each 0 for its start to 1 for its end. */
type Arrivals = (requests: number, second: number) => readonly number[];

const whole = (max: number) => fc.integer({ min: 1, max });
/** In eighths, and moments in 64ths of a second: what computers add exactly. */
const fractional = (max: number) => fc.integer({ min: 8, max: 8 * max }).map((eighths) => eighths / 8);
const moment = fc.nat(64).map((parts) => parts / 64);

const quota = fc.record({
  rateRps: fc.oneof(whole(40), fractional(40)),
  burst: fc.oneof(whole(20), whole(120), fractional(60)),
});

/** A quota, a demand around it, and how full the bucket is at first. */
const demanded = quota.chain((of) => {
  const second = fc.oneof(
    fc.nat(Math.ceil(of.rateRps)),
    fc.constantFrom(0, Math.floor(of.rateRps / 4), Math.floor(of.burst / 2), Math.ceil(of.burst)),
    fc.nat(Math.ceil(3 * of.rateRps)),
  );
  return fc.record({
    quota: fc.constant(of),
    demand: fc.array(second, { minLength: 1, maxLength: 12 }),
    startTokens: fc.oneof(
      fc.constantFrom(0, of.burst),
      fc.nat(8 * of.burst).map((eighths) => eighths / 8),
    ),
  });
});

const bunched: fc.Arbitrary<Arrivals> = fc.oneof(
  fc.constant<Arrivals>((requests) => new Array<number>(requests).fill(1)),
  fc.constant<Arrivals>((requests) => new Array<number>(requests).fill(0)),
  fc
    .array(fc.boolean(), { minLength: 12, maxLength: 12 })
    .map<Arrivals>(
      (ends) => (requests, second) => new Array<number>(requests).fill(ends[second] === true ? 1 : 0),
    ),
  fc
    .array(moment, { minLength: 1, maxLength: 50 })
    .map<Arrivals>(
      (offsets) => (requests, second) =>
        Array.from(
          { length: requests },
          (_, index) => offsets[(index + 7 * second) % offsets.length] ?? 0,
        ).sort((a, b) => a - b),
    ),
);

/** The bucket request by request: it refills all the time, and a request takes a whole token or is refused. */
function refusalsOf(
  demand: readonly number[],
  { rateRps, burst }: Quota,
  startTokens: number,
  arrivals: Arrivals,
): number[] {
  let tokens = startTokens;
  let atSeconds = 0;
  return demand.map((requests, second) => {
    let refused = 0;
    for (const offset of arrivals(requests, second)) {
      tokens = Math.min(burst, tokens + rateRps * (second + offset - atSeconds));
      atSeconds = second + offset;
      if (tokens >= 1) tokens -= 1;
      else refused += 1;
    }
    return refused;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The most refusals of all ways to let each second come at its start or at its end. */
function worstOf(demand: readonly number[], of: Quota, startTokens: number): number {
  const ways = Array.from({ length: 2 ** demand.length }, (_, way) =>
    refusalsOf(demand, of, startTokens, (requests, second) =>
      new Array<number>(requests).fill((way >> second) & 1),
    ),
  );
  return Math.max(...ways.map(sum));
}

describe('mostRefusals()', () => {
  it('mostRefusals() is never below what a bucket refuses request by request, in any stretch of seconds', () => {
    const property = fc.property(demanded, bunched, fc.nat(), fc.nat(), (given, arrivals, from, length) => {
      const { quota, demand, startTokens } = given;
      const start = from % demand.length;
      const end = start + 1 + (length % (demand.length - start));

      const refused = refusalsOf(demand, quota, startTokens, arrivals);
      const fewest = fewestTokens(demand, quota, startTokens)[start] ?? Number.NaN;
      return sum(refused.slice(start, end)) <= mostRefusals(demand.slice(start, end), quota, fewest);
    });

    fc.assert(property, { numRuns: 5_000 });
  });

  it('mostRefusals() is what the worst arrivals of all reach', () => {
    const whole = demanded.map(({ quota: { rateRps, burst }, demand, startTokens }) => ({
      of: { rateRps: Math.ceil(rateRps), burst: Math.ceil(burst) },
      seconds: demand.slice(0, 6),
      tokens: Math.floor(startTokens),
    }));
    const property = fc.property(whole, ({ of, seconds, tokens }) => {
      expect(mostRefusals(seconds, of, tokens)).toBe(worstOf(seconds, of, tokens));
    });

    fc.assert(property, { numRuns: 1_000 });
  });

  it('mostRefusals() is 0 where any two neighbouring seconds fit into the burst', () => {
    const property = fc.property(quota, fc.array(fc.nat(), { maxLength: 60 }), (of, any) => {
      const demand = any
        .map((value) => value % (Math.floor(of.burst / 2) + 1))
        .map((n) => Math.min(n, Math.floor(of.rateRps)));

      return mostRefusals(demand, of, of.burst) === 0;
    });

    fc.assert(property, { numRuns: 1_000 });
  });
});

it('simulateBurstBucket() predicts no more refusals up to any second than come, however requests arrive', () => {
  const property = fc.property(demanded, bunched, ({ quota, demand, startTokens }, arrivals) => {
    const refused = refusalsOf(demand, quota, startTokens, arrivals);
    const { predictedThrottles } = simulateBurstBucket(demand, quota, startTokens);

    return demand.every(
      (_, second) => sum(predictedThrottles.slice(0, second + 1)) <= sum(refused.slice(0, second + 1)),
    );
  });

  fc.assert(property, { numRuns: 5_000 });
});

it('evaluateMinutes() misses no more refusals in a minute than it says, wherever the bucket began', () => {
  const property = fc.property(demanded, bunched, fc.nat(), (given, arrivals, shift) => {
    const { quota, demand, startTokens } = given;
    const requests = Array.from(
      { length: 180 },
      (_, second) => demand[(second + shift) % demand.length] ?? 0,
    );
    const throttled = requests.map(() => 0);

    const refused = refusalsOf(requests, quota, startTokens, (count, second) => arrivals(count, second % 12));
    return evaluateMinutes({ startMs: 0, requests, throttled }, quota).every(
      ({ minuteMs, predictedThrottles, maxMissedThrottles }) =>
        sum(refused.slice(minuteMs / 1_000, minuteMs / 1_000 + 60)) <=
        predictedThrottles + maxMissedThrottles,
    );
  });

  fc.assert(property, { numRuns: 500 });
});

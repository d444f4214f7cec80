import { halfUsedHour, MINUTE_MS } from '#shared/domain/simulation/five-apis.ts';
import type { Scenario, ScenarioDefinition, Setting } from '#shared/domain/simulation/scenario.ts';

/** Shares of the quota: of shop-api when the climb begins and ends, if nothing ends it before. */
const FROM_SHARE = 0.3;
const TO_SHARE = 0.9;
const CLIMB_FROM_MS = 10 * MINUTE_MS;
const CLIMB_MS = 45 * MINUTE_MS;

/** The climb of shop-api up to a time. */
function climbTo(toMs: number, { quota }: Setting) {
  const share = FROM_SHARE + ((TO_SHARE - FROM_SHARE) * (toMs - CLIMB_FROM_MS)) / CLIMB_MS;
  const climb = { kind: 'climb', apiName: 'shop-api', fromMs: CLIMB_FROM_MS } as const;
  return { ...climb, toRps: share * quota.rateRps, toMs };
}

function createClimb(setting: Setting): Scenario {
  const endMs = CLIMB_FROM_MS + CLIMB_MS;
  return { ...halfUsedHour(setting), durationMs: endMs, episodes: [climbTo(endMs, setting)] };
}

/** A climb that reaches the quota. */
export const CLIMB: ScenarioDefinition = {
  summary: 'a smooth climb that reaches the quota',
  truth: [
    '12:10 to 12:55: shop-api grows in a straight line, so all APIs together go from 46 % of the quota to 106 %.',
    'They reach the quota at 12:50:30.',
    'Before that the account throttle refuses next to nothing: only what chance brings in a burst.',
    'Nobody is to blame but shop-api, which is the biggest as well.',
  ],
  quotaRps: 100,
  create: createClimb,
};

const BREAK_MS = 38 * MINUTE_MS;

function createBrokenClimb(setting: Setting): Scenario {
  const climb = climbTo(BREAK_MS, setting);
  const durationMs = 65 * MINUTE_MS;
  const { apiName, toRps: rps } = climb;
  return {
    ...halfUsedHour(setting),
    durationMs,
    episodes: [climb, { kind: 'surge', apiName, rps, fromMs: BREAK_MS, toMs: durationMs }],
  };
}

/** A climb that ends before it reaches the quota. */
export const CLIMB_ENDS: ScenarioDefinition = {
  summary: 'the same climb, which breaks off before it reaches the quota',
  truth: [
    '12:10 to 12:38: shop-api grows in a straight line, so all APIs together go from 46 % of the quota to 83 %.',
    'From 12:38 on they stay there. The quota is never reached.',
    'Until then a forecast is right; a few minutes later it is wrong, and must end.',
  ],
  quotaRps: 100,
  create: createBrokenClimb,
};

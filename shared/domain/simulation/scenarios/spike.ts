import { calmHour, MINUTE_MS } from '#shared/domain/simulation/five-apis.ts';
import type { Scenario, ScenarioDefinition, Setting } from '#shared/domain/simulation/scenario.ts';

/** 12:30:20, in the middle of a minute. */
const SPIKE_MS = 30 * MINUTE_MS + 20_000;

function create(setting: Setting): Scenario {
  const surge = { kind: 'surge', apiName: 'partner-api', rps: 2 * setting.quota.rateRps } as const;
  return { ...calmHour(setting), episodes: [{ ...surge, fromMs: SPIKE_MS, toMs: SPIKE_MS + 3_000 }] };
}

/** What no view per minute shows: three seconds at twice the quota, in a minute that uses 12 % of it. */
export const SPIKE: ScenarioDefinition = {
  summary: 'three seconds at twice the quota, in a minute that uses 12 % of it',
  truth: [
    '12:30:20 to 12:30:23: partner-api asks for 2 × the quota; all APIs together use 2 % of it before and after.',
    'The minute uses 12 % of the quota, so nothing that looks at minutes sees anything.',
    'The burst bucket runs empty and the account throttle refuses about 2.5 s worth of the quota; partner-api caused it.',
    'The rate quota is not used up, and no stage is at a limit of its own.',
  ],
  quotaRps: 200,
  create,
};

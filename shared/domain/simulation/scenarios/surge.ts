import { halfUsedHour, MINUTE_MS } from '#shared/domain/simulation/five-apis.ts';
import type { Scenario, ScenarioDefinition, Setting } from '#shared/domain/simulation/scenario.ts';

const TIMES = { fromMs: 20 * MINUTE_MS, toMs: 25 * MINUTE_MS };

function create(setting: Setting): Scenario {
  const { rateRps } = setting.quota;
  return {
    ...halfUsedHour(setting),
    durationMs: 35 * MINUTE_MS,
    episodes: [
      { kind: 'surge', apiName: 'partner-api', rps: 0.8 * rateRps, ...TIMES },
      { kind: 'surge', apiName: 'shop-api', rps: 0.36 * rateRps, ...TIMES },
    ],
  };
}

/** The smallest API takes the quota of all; the biggest grows too, since its clients repeat what was refused. */
export const SURGE: ScenarioDefinition = {
  summary: 'the smallest API takes the quota; the biggest grows a little',
  truth: [
    '12:20 to 12:25: partner-api, usually 1 % of the quota, asks for 80 % of it; all APIs together for 132 %.',
    'shop-api, the biggest, grows from 30 % to 36 %: its clients repeat what is refused. It is not to blame.',
    'The account throttle refuses requests of all five APIs; no stage is at a limit of its own.',
    'Before and after, all APIs together use 46 % of the quota.',
  ],
  quotaRps: 100,
  create,
};

import { halfUsedHour, MINUTE_MS } from '#shared/domain/simulation/five-apis.ts';
import type { Scenario, ScenarioDefinition, Setting } from '#shared/domain/simulation/scenario.ts';

const PLAN_RATIO = 0.05;

function createWith(executionLogLevel: 'ERROR' | 'OFF') {
  return (setting: Setting): Scenario => {
    const { rateRps } = setting.quota;
    const usagePlan = { rateRps: PLAN_RATIO * rateRps, burst: PLAN_RATIO * rateRps };
    return {
      ...halfUsedHour(setting, { usagePlan, executionLogLevel }),
      durationMs: 35 * MINUTE_MS,
      episodes: [
        {
          kind: 'surge',
          apiName: 'partner-api',
          rps: 0.9 * rateRps,
          fromMs: 20 * MINUTE_MS,
          toMs: 26 * MINUTE_MS,
        },
      ],
    };
  };
}

const TRUTH = [
  '12:20 to 12:26: clients of partner-api ask for 90 % of the quota of the account; their usage plan lets 5 % through.',
  'The log has requests for 135 % of the quota, and 429s for 85 % of it. The access log does not say whose they are.',
  'The account throttle is asked for 50 % of its quota and refuses nothing. Nobody is hurt, and nobody takes the shared quota.',
];

/** The limit of a client at work, in a log that has more requests than the quota. */
export const USAGE_PLAN: ScenarioDefinition = {
  summary: 'a usage plan refuses its clients, who ask for more than the quota of the account',
  truth: [...TRUTH, 'The execution log of partner-api, level ERROR, names the usage plan.'],
  quotaRps: 100,
  create: createWith('ERROR'),
};

/** The same without the log that tells whose 429s these are. */
export const USAGE_PLAN_UNTOLD: ScenarioDefinition = {
  summary: 'the same, without an execution log that names the usage plan',
  truth: [
    ...TRUTH,
    'There is no execution log, so all that can be told is that it was not the account throttle.',
  ],
  quotaRps: 100,
  create: createWith('OFF'),
};

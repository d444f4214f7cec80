import { halfUsedHour, MINUTE_MS } from '#shared/domain/simulation/five-apis.ts';
import type { Scenario, ScenarioDefinition, Setting } from '#shared/domain/simulation/scenario.ts';

function create(setting: Setting): Scenario {
  const { rateRps } = setting.quota;
  return {
    ...halfUsedHour(setting),
    durationMs: 35 * MINUTE_MS,
    episodes: [
      {
        kind: 'surge',
        apiName: 'partner-api',
        rps: 1.05 * rateRps,
        fromMs: 20 * MINUTE_MS,
        toMs: 26 * MINUTE_MS,
      },
    ],
    logsAccountRefusals: false,
  };
}

/** The account throttle refuses a third of all requests, and the logs show none of it. */
export const CAPPED: ScenarioDefinition = {
  summary: 'the throttle refuses a third of all requests, and the logs show no 429',
  truth: [
    '12:20 to 12:26: partner-api, usually 1 % of the quota, asks for 105 % of it; all APIs together for 150 %.',
    'The account throttle refuses a third of the requests. API Gateway drops the logs of all of them: the log has no 429.',
    'What is logged lies flat at the quota, and less of every API than it usually has, but of partner-api, which caused it.',
    'Before and after, all APIs together use 46 % of the quota.',
  ],
  quotaRps: 100,
  create,
};

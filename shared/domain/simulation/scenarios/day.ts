import { fiveApis, MINUTE_MS } from '#shared/domain/simulation/five-apis.ts';
import type { Scenario, ScenarioDefinition, Setting } from '#shared/domain/simulation/scenario.ts';

function create({ quota, region, dayMs }: Setting): Scenario {
  const at = (hour: number, minute: number): number => (60 * hour + minute) * MINUTE_MS;
  return {
    accountId: '123456789012',
    region,
    startMs: dayMs,
    durationMs: 24 * 60 * MINUTE_MS,
    quota,
    stages: fiveApis(quota),
    episodes: [
      {
        kind: 'function-errors',
        apiName: 'payments-api',
        path: '/payments',
        ratio: 0.8,
        fromMs: at(9, 40),
        toMs: at(10, 5),
      },
      { kind: 'surge', apiName: 'partner-api', rps: 1.6 * quota.rateRps, fromMs: at(14, 2), toMs: at(14, 6) },
      {
        kind: 'timeouts',
        apiName: 'reports-api',
        path: '/reports/{id}',
        ratio: 0.7,
        fromMs: at(20, 10),
        toMs: at(20, 35),
      },
    ],
    rhythm: 'daily',
    logsAccountRefusals: true,
  };
}

/**
 * The bundled sample: in the morning one route's Lambda function fails, in the afternoon the smallest API surges past the
 * account's quota while the others are hurt, in the evening a backend gets so slow that its requests time out.
 */
export const DAY: ScenarioDefinition = {
  summary: 'a day with three incidents: failing function, surge, timeouts',
  truth: [
    '09:40 to 10:05: the Lambda function of POST /payments fails for 80 % of its requests.',
    '14:02 to 14:06: partner-api, the smallest API, asks for 1.6 × the quota of the account; the others are refused.',
    '20:10 to 20:35: the backend of GET /reports/{id} is too slow for 70 % of its requests.',
    'These are three incidents; there is no other.',
  ],
  quotaRps: 20,
  create,
};

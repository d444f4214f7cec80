import { expect, it } from 'vitest';
import { estimateLogCost } from '#shared/domain/logging/estimate-log-cost.ts';
import { totalUsdPerMonth } from '#shared/domain/logging/total-log-cost.ts';

const ORDERS = { apiId: 'a1', apiName: 'orders-api', apiType: 'REST', stage: 'prod' } as const;
const TWIN = { ...ORDERS, apiId: 'a2' };

/** Of a line of so many bytes with its overhead; 1,000 are 0.5 USD. */
function cost(bytes: number) {
  return estimateLogCost(bytes - 26, { requests: 1_000_000, days: 30, usdPerGb: 0.5 });
}

it.each([
  ['stages of their own', [ORDERS, { ...ORDERS, stage: 'dev' }], 0.75],
  ['HTTP APIs of one name', [ORDERS, TWIN].map((stage) => ({ ...stage, apiType: 'HTTP' as const })), 0.75],
  ['REST APIs of one name, which share a metric', [ORDERS, TWIN], 0.5],
])('totalUsdPerMonth() adds up %s', (_, stages, usd) => {
  const costs = stages.map((stage, index) => ({ stage, cost: cost(index === 0 ? 500 : 1_000) }));

  expect(totalUsdPerMonth(costs)).toBeCloseTo(usd);
});

it('totalUsdPerMonth() takes no log for nothing', () => {
  expect(totalUsdPerMonth([{ stage: ORDERS, cost: null }])).toBe(0);
  expect(
    totalUsdPerMonth([
      { stage: TWIN, cost: cost(1_000) },
      { stage: ORDERS, cost: null },
    ]),
  ).toBeCloseTo(0.5);
});

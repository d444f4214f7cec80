import { type InventoryItem, unlistedStage } from '#shared/domain/inventory/stage.ts';

/** The account of the examples, which is AWS's own for documentation. */
export const EXAMPLE_ACCOUNT = { accountId: '123456789012', region: 'us-east-1' } as const;

const ORDERS = { apiId: 'a1b2c3d4e5', stage: 'prod' };
const PAYMENTS = { apiId: 'p4y5m6n7t8', stage: 'prod' };
const USERS = { apiId: 'u5e6r7s8x9', stage: 'prod' };
const SEARCH = { apiId: 's1e2a3r4c5', stage: '$default' };

/** Their stages, by API. */
export const STAGES = { orders: ORDERS, payments: PAYMENTS, users: USERS, search: SEARCH } as const;

/** What the inventory knows of them. */
export const EXAMPLE_INVENTORY: readonly InventoryItem[] = [
  {
    ...unlistedStage(ORDERS),
    apiName: 'orders-api',
    logGroup: '/aws/api-gateway/orders-api/prod',
    limits: null,
    tracing: true,
    executionLogLevel: 'INFO',
    logsBodies: true,
  },
  {
    ...unlistedStage(PAYMENTS),
    apiName: 'payments-api',
    logGroup: '/aws/api-gateway/payments-api/prod',
    limits: null,
  },
  {
    ...unlistedStage(USERS),
    apiName: 'users-api',
    logGroup: '/aws/api-gateway/users-api/prod',
    limits: { rateRps: 2_000, burst: 1_000 },
  },
  {
    ...unlistedStage(SEARCH),
    apiName: 'search-api',
    apiType: 'HTTP',
    logGroup: '/aws/api-gateway/search-api',
  },
];

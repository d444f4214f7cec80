import { describe, expect, it } from 'vitest';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { judgeAccessLogGroup } from '#shared/domain/logs/access/judge-access-log-group.ts';

const OWN = '/aws/lambda/gatewatch-prod-';

function stage(differences: Partial<InventoryItem>): InventoryItem {
  return {
    apiId: 'a1b2c3',
    apiName: 'orders-api',
    apiType: 'REST',
    stage: 'prod',
    logGroup: null,
    integrationTimeoutMs: 29_000,
    schemaVersion: 1,
    ...differences,
  };
}

const CHAT = stage({ apiType: 'WEBSOCKET', executionLogGroup: 'API-Gateway-Execution-Logs_a1b2c3/prod' });

describe('judgeAccessLogGroup()', () => {
  it.each([
    ['a group of any name', '/aws/api-gateway/orders', []],
    [
      'a group that the inventory names, whatever it is called',
      '/aws/lambda/odd',
      [stage({ logGroup: '/aws/lambda/odd' })],
    ],
    ['the group of a canary', '/aws/lambda/odd/Canary', [stage({ logGroup: '/aws/lambda/odd' })]],
    ['a group like that of a WebSocket stage, of which nothing is known', '/aws/apigateway/a1b2c3/prod', []],
    [
      'a group that holds the access logs of a WebSocket stage, too',
      '/aws/apigateway/a1b2c3/prod',
      [{ ...CHAT, logGroup: '/aws/apigateway/a1b2c3/prod' }],
    ],
    ['a stack of a longer name', '/aws/vendedlogs/gatewatch-prod-x', []],
  ])('judgeAccessLogGroup() takes %s', (_, group, inventory) => {
    expect(judgeAccessLogGroup(group, inventory, OWN)).toBeNull();
  });

  it.each([
    ['not-api-gateway', 'another function', '/aws/lambda/orders', []],
    ['not-api-gateway', 'another stack of Gatewatch', '/aws/lambda/gatewatch-test-ingest-access-logs', []],
    ['not-api-gateway', 'execution logs', 'API-Gateway-Execution-Logs_a1b2c3/prod', []],
    ['not-api-gateway', 'execution logs of a known WebSocket stage', '/aws/apigateway/a1b2c3/prod', [CHAT]],
    ['own-log-group', 'a function of ours', `${OWN}dispatch-alerts`, []],
    [
      'own-log-group',
      'a function of ours, even if a stage logs there',
      `${OWN}x`,
      [stage({ logGroup: `${OWN}x` })],
    ],
  ])('judgeAccessLogGroup() refuses as %s the group of %s', (reason, _, group, inventory) => {
    expect(judgeAccessLogGroup(group, inventory, OWN)).toBe(reason);
  });
});

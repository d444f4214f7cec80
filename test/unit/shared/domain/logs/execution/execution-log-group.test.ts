import { describe, expect, it } from 'vitest';
import { unlistedStage } from '#shared/domain/inventory/stage.ts';
import {
  executionLogGroups,
  parseExecutionLogGroup,
} from '#shared/domain/logs/execution/execution-log-group.ts';

describe('parseExecutionLogGroup()', () => {
  it.each([
    ['API-Gateway-Execution-Logs_fixture001/Prod', { apiId: 'fixture001', stage: 'Prod' }],
    ['API-Gateway-Execution-Logs_fixture001/Prod/Canary', { apiId: 'fixture001', stage: 'Prod' }],
    ['API-Gateway-Execution-Logs_fixture001/Canary', { apiId: 'fixture001', stage: 'Canary' }],
    ['API-Gateway-Execution-Logs_fixture001/Canary/Canary', { apiId: 'fixture001', stage: 'Canary' }],
    ['API-Gateway-Execution-Logs_a1b2c3/my_stage-2', { apiId: 'a1b2c3', stage: 'my_stage-2' }],
    ['/aws/apigateway/a1b2c3/live', { apiId: 'a1b2c3', stage: 'live' }],
    ['/aws/apigateway/a1b2c3/Canary', { apiId: 'a1b2c3', stage: 'Canary' }],
  ])('parseExecutionLogGroup() reads API and stage from %s', (logGroup, stage) => {
    expect(parseExecutionLogGroup(logGroup)).toEqual(stage);
  });

  it.each([
    '/aws/api-gateway/orders-api',
    '/aws/lambda/API-Gateway-Execution-Logs_fixture001/Prod',
    'API-Gateway-Execution-Logs_fixture001',
    'API-Gateway-Execution-Logs_fixture001/',
    'API-Gateway-Execution-Logs_/Prod',
    'API-Gateway-Execution-Logs_fixture001/Prod/Other',
    'API-Gateway-Execution-Logs_fixture001/Prod/Canary/x',
    `API-Gateway-Execution-Logs_${'a'.repeat(65)}/Prod`,
    '/aws/apigateway/welcome',
    '/aws/apigateway/',
    '/aws/apigateway/a1b2c3/',
    '/aws/apigateway//live',
    '/aws/apigateway/a1b2c3/live/Canary',
    '/aws/apigateway/orders-api/live',
    '/aws/apigateway/orders_api/live',
    '/aws/apigateway/a1b2c3/live stage',
    '/aws/api-gateway/a1b2c3/live',
    'x/aws/apigateway/a1b2c3/live',
    `/aws/apigateway/${'a'.repeat(65)}/live`,
    '/aws/apigateway/welcome',
    '',
  ])('parseExecutionLogGroup() refuses %s', (logGroup) => {
    expect(parseExecutionLogGroup(logGroup)).toBeNull();
  });
});

describe('executionLogGroups()', () => {
  const NAMED = 'API-Gateway-Execution-Logs_a1/live';
  const stage = { ...unlistedStage({ apiId: 'a1', stage: 'live' }), executionLogGroup: NAMED };

  it('names the one group of a REST stage', () => {
    expect(executionLogGroups({ ...stage, apiType: 'REST' })).toEqual([NAMED]);
  });

  it('names both groups that a WebSocket stage may write to, the documented form first', () => {
    const groups = executionLogGroups({ ...stage, apiType: 'WEBSOCKET' });

    expect(groups).toEqual([NAMED, '/aws/apigateway/a1/live']);
    expect(groups.map(parseExecutionLogGroup)).toEqual([
      { apiId: 'a1', stage: 'live' },
      { apiId: 'a1', stage: 'live' },
    ]);
  });

  it.each([null, undefined])('names none where the stage has no execution log: %s', (executionLogGroup) => {
    const { executionLogGroup: _, ...bare } = stage;
    const item = executionLogGroup === undefined ? bare : { ...bare, executionLogGroup };

    expect(executionLogGroups({ ...item, apiType: 'WEBSOCKET' })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { parseExecutionLogGroup } from '#shared/domain/logs/execution-log-group.ts';

describe('parseExecutionLogGroup()', () => {
  it.each([
    ['API-Gateway-Execution-Logs_fixture001/Prod', { apiId: 'fixture001', stage: 'Prod' }],
    ['API-Gateway-Execution-Logs_fixture001/Prod/Canary', { apiId: 'fixture001', stage: 'Prod' }],
    ['API-Gateway-Execution-Logs_fixture001/Canary', { apiId: 'fixture001', stage: 'Canary' }],
    ['API-Gateway-Execution-Logs_fixture001/Canary/Canary', { apiId: 'fixture001', stage: 'Canary' }],
    ['API-Gateway-Execution-Logs_a1b2c3/my_stage-2', { apiId: 'a1b2c3', stage: 'my_stage-2' }],
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
    '',
  ])('parseExecutionLogGroup() refuses %s', (logGroup) => {
    expect(parseExecutionLogGroup(logGroup)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { hasExecutionPrefix, kindOfLogGroup } from '#shared/domain/logs/joined/log-kind.ts';

describe('kindOfLogGroup()', () => {
  it.each([
    ['API-Gateway-Execution-Logs_a1b2c3/prod', 'execution'],
    ['API-Gateway-Execution-Logs_a1b2c3/prod/Canary', 'execution'],
    ['/aws/apigateway/a1b2c3/prod', 'either'],
    ['/aws/apigateway/welcome', 'access'],
    ['/aws/api-gateway/orders', 'access'],
  ])('kindOfLogGroup() tells what %s holds', (logGroup, kind) => {
    expect(kindOfLogGroup(logGroup)).toBe(kind);
  });
});

describe('hasExecutionPrefix()', () => {
  it.each([
    ['(00000000-0000-4000-8000-000000000001) Extended Request Id: x=', true],
    ['2026-03-02T10:00:00.000Z (a) Method completed with status: 200', true],
    ['Thu Aug 31 01:07:25 UTC 2017 : Starting execution for request: test-invoke-request', true],
    ['{"requestId":"a","status":"200"}', false],
    ['192.0.2.1 - - [02/Mar/2026:10:00:00 +0000]"GET /orders HTTP/1.1" 200 5 a b', false],
    ['<request id="a">', false],
  ])('hasExecutionPrefix() tells how %j begins', (text, expected) => {
    expect(hasExecutionPrefix(text)).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { concernsUs } from '#shared/domain/alarms/concerns-us.ts';
import { createAlarmChange } from '#test/fakes/alarm-events.ts';

const NOBODYS = { stackName: 'gatewatch-prod', names: [] };

function withMetric(namespace: string, dimensions: Record<string, string> = {}) {
  const metric = { namespace, name: 'Any', dimensions, stat: null, periodSeconds: null, returnData: true };
  return createAlarmChange({ metrics: [metric] });
}

function withExpression(expression: string) {
  return createAlarmChange({ metrics: [], expressions: [{ expression, label: null, returnData: true }] });
}

function named(name: string) {
  return createAlarmChange({ name, metrics: [] });
}

describe('concernsUs()', () => {
  it.each([
    ['AWS/ApiGateway', {}, true],
    ['AWS/ApiGateway', { Function: 'any' }, true],
    ['Gatewatch', { ApiId: 'a1b2c3', Stage: 'prod' }, true],
    ['Gatewatch', {}, true],
    ['Gatewatch', { Function: 'dispatch-alerts' }, false],
    ['AWS/Lambda', {}, false],
    ['AWS/ApiGatewayV3', {}, false],
    ['', {}, false],
  ])('concernsUs() of a metric of %j with %j is %j', (namespace, dimensions, expected) => {
    expect(concernsUs(withMetric(namespace, dimensions), NOBODYS)).toBe(expected);
  });

  it.each([
    ['SELECT SUM("5XXError") FROM "AWS/ApiGateway" GROUP BY ApiName', true],
    ['SELECT SUM(Requests) FROM SCHEMA("Gatewatch", ApiId, Stage)', true],
    ["SUM(SEARCH('{AWS/ApiGateway,ApiName} MetricName=Count', 'Sum', 60))", true],
    ['SELECT SUM(FailedAlerts) FROM SCHEMA("Gatewatch", "Function")', false],
    ['SELECT AVG(CPUUtilization) FROM "AWS/EC2"', false],
    ['SELECT AVG(Any) FROM "My/AWS/ApiGateway"', false],
    ['m1 / m2', false],
  ])('concernsUs() of the expression %s is %j', (expression, expected) => {
    expect(concernsUs(withExpression(expression), NOBODYS)).toBe(expected);
  });

  it.each([
    ['shop-down', ['shop-down'], true],
    ['shop-down', ['other', 'shop-*'], true],
    ['shop-down', ['*down'], true],
    ['shop-down', ['s*o*n'], true],
    ['shop-down', ['*'], true],
    ['line\nbreak', ['line*break'], true],
    ['a.b(c)', ['a.b(c)'], true],
    ['axb(c)', ['a.b(c)'], false],
    ['Shop-down', ['shop-*'], false],
    ['my-shop-down', ['shop-*'], false],
    ['shop', ['shop-*'], false],
    ['shop-down', [], false],
  ])('concernsUs() of a composite alarm %j with the list %j is %j', (name, names, expected) => {
    expect(concernsUs(named(name), { ...NOBODYS, names })).toBe(expected);
  });

  it.each([
    ['gatewatch-prod-FailedAlertsHigh-1F', false],
    ['gatewatch-prod', true],
    ['gatewatch-production-5xx', true],
    ['gatewatch-dev-FailedAlertsHigh-1F', true],
  ])('concernsUs() of the stack’s own alarms never, though they are listed: %s is %j', (name, expected) => {
    expect(concernsUs(named(name), { ...NOBODYS, names: ['*'] })).toBe(expected);
  });

  it('concernsUs() of an alarm about Gatewatch’s functions never, though it is listed', () => {
    const change = withMetric('Gatewatch', { Function: 'dispatch-alerts' });

    expect(concernsUs(change, { ...NOBODYS, names: ['*'] })).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { requestMetrics } from '#shared/domain/logging/request-metrics.ts';

const STAGE = { apiId: 'a1b2c3', apiName: 'orders-api', stage: 'prod' };

describe('requestMetrics()', () => {
  it('requestMetrics() goes by name for REST APIs', () => {
    expect(requestMetrics({ ...STAGE, apiType: 'REST' })).toEqual([
      { name: 'Count', dimensions: { ApiName: 'orders-api', Stage: 'prod' } },
    ]);
  });

  it.each([
    ['Bestellungen für Ünïcode', 'Bestellungen fr ncode'],
    ['注文', 'a1b2c3'],
    ['注 文', 'a1b2c3'],
    ['tab\there\u001b[31m', 'tabhere[31m'],
  ])('requestMetrics() strips from the name %s what CloudWatch does not take', (apiName, expected) => {
    expect(requestMetrics({ ...STAGE, apiName, apiType: 'REST' })[0]?.dimensions['ApiName']).toBe(expected);
  });

  it('requestMetrics() goes by id for HTTP APIs', () => {
    expect(requestMetrics({ ...STAGE, apiType: 'HTTP', stage: '$default' })).toEqual([
      { name: 'Count', dimensions: { ApiId: 'a1b2c3', Stage: '$default' } },
    ]);
  });

  it('requestMetrics() adds connections and messages of WebSocket APIs', () => {
    expect(requestMetrics({ ...STAGE, apiType: 'WEBSOCKET' }).map(({ name }) => name)).toEqual([
      'ConnectCount',
      'MessageCount',
    ]);
  });
});

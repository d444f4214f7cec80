import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  EVENT_OVERHEAD_BYTES,
  estimateLineBytes,
  estimateLogCost,
  INGESTION_PRICE,
} from '#shared/domain/logging/estimate-log-cost.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';

const FIXTURES = new URL('../../../../fixtures/access-logs/rest-recommended.jsonl', import.meta.url);

/** Lines of requests that went well, with ids as API Gateway makes them. */
const GOOD_LINES = {
  REST: readFileSync(FIXTURES, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"status":"200"')),
  HTTP: [
    '{"requestId":"JKJaXmPLvHcESHA=","extendedRequestId":"JKJaXmPLvHcESHA=","accountId":"123456789012","apiId":"h1fixture1","stage":"$default","routeKey":"GET /users/{id}","httpMethod":"GET","requestTimeEpoch":"1772445600123","status":"200","responseLength":"204","responseLatency":"31","integrationLatency":"28","integrationStatus":"200","integrationServiceStatus":"200","integrationError":"-","integrationRequestId":"22222222-0000-4000-8000-000000000001","errorType":"-","errorMessage":"-","authorizerError":"-"}',
  ],
  WEBSOCKET: [
    '{"requestId":"JKJaXmPLvHcESHA=","apiId":"w1fixture1","stage":"live","routeKey":"$default","eventType":"MESSAGE","connectionId":"JKJaXcvPoAMCIiA=","requestTimeEpoch":"1772445600123","status":"200","integrationLatency":"28","integrationStatus":"200","integrationServiceStatus":"200","integrationError":"-","integrationRequestId":"22222222-0000-4000-8000-000000000001","errorType":"-","errorMessage":"-","validationError":"-","authorizerError":"-","authorizerStatus":"-","authorizerLatency":"-","authorizeStatus":"-","authenticateStatus":"-","wafStatus":"-","wafLatency":"-","apiKeyId":"-"}',
  ],
} as const;

describe('estimateLineBytes()', () => {
  it.each(['REST', 'HTTP', 'WEBSOCKET'] as const)(
    'estimateLineBytes() is within a tenth of real-like lines of %s APIs',
    (apiType) => {
      const lines = GOOD_LINES[apiType];
      const mean = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0) / lines.length;
      const estimate = estimateLineBytes(RECOMMENDED_FORMATS[apiType], apiType);

      for (const line of lines)
        expect(Object.keys(JSON.parse(line) as object).sort()).toEqual(
          Object.keys(JSON.parse(RECOMMENDED_FORMATS[apiType]) as object).sort(),
        );
      expect(estimate / mean).toBeGreaterThan(0.9);
      expect(estimate / mean).toBeLessThan(1.1);
    },
  );

  it('estimateLineBytes() counts UTF-8, not characters', () => {
    expect(estimateLineBytes('é€', 'REST')).toBe(5);
  });

  it('estimateLineBytes() counts a dash for a variable that has no value as a rule', () => {
    expect(estimateLineBytes('$context.error.message', 'REST')).toBe(1);
  });
});

describe('estimateLogCost()', () => {
  it('estimateLogCost() scales to 30 days, adds the overhead of each event and prices GB', () => {
    const cost = estimateLogCost(974, { requests: 7_000_000, days: 7, usdPerGb: 0.5 });

    expect(EVENT_OVERHEAD_BYTES).toBe(26);
    expect(cost).toEqual({
      requestsPerMonth: 30_000_000,
      bytesPerRequest: 1_000,
      gbPerMonth: 30,
      usdPerMonth: 15,
    });
  });

  it('estimateLogCost() comes near to what 10,000 rps are known to cost: about $9,400', () => {
    const lineBytes = estimateLineBytes(RECOMMENDED_FORMATS.REST, 'REST');
    const { usdPerMonth } = estimateLogCost(lineBytes, {
      requests: 10_000 * 86_400,
      days: 1,
      usdPerGb: INGESTION_PRICE.standardUsdPerGb,
    });

    expect(usdPerMonth).toBeGreaterThan(8_000);
    expect(usdPerMonth).toBeLessThan(12_000);
  });

  it('estimateLogCost() gives nothing for no requests', () => {
    expect(estimateLogCost(800, { requests: 0, days: 7, usdPerGb: 0.5 }).usdPerMonth).toBe(0);
  });
});

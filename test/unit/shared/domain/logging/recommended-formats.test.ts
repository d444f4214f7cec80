import { describe, expect, it } from 'vitest';
import { judgeFormat } from '#shared/domain/logging/judge-format.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';
import { variablesOf } from '#shared/domain/logging/render-format.ts';
import type { ApiType } from '#shared/domain/logs/access/request.ts';

const API_TYPES: readonly ApiType[] = ['REST', 'HTTP', 'WEBSOCKET'];

/**
 * Variables of AWS's lists that the formats may have.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const HTTP_VARIABLES = [
  'accountId',
  'apiId',
  'authorizer.error',
  'error.message',
  'error.responseType',
  'extendedRequestId',
  'httpMethod',
  'integration.error',
  'integration.integrationStatus',
  'integration.latency',
  'integration.requestId',
  'integration.status',
  'requestId',
  'requestTimeEpoch',
  'responseLatency',
  'responseLength',
  'routeKey',
  'stage',
  'status',
];

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html */
const WEBSOCKET_VARIABLES = [
  'apiId',
  'authenticate.status',
  'authorize.status',
  'authorizer.error',
  'authorizer.latency',
  'authorizer.status',
  'connectionId',
  'error.message',
  'error.responseType',
  'error.validationErrorString',
  'eventType',
  'identity.apiKeyId',
  'integration.error',
  'integration.integrationStatus',
  'integration.latency',
  'integration.requestId',
  'integration.status',
  'requestId',
  'requestTimeEpoch',
  'routeKey',
  'stage',
  'status',
  'waf.latency',
  'waf.status',
];

describe('RECOMMENDED_FORMATS', () => {
  it.each(API_TYPES)('RECOMMENDED_FORMATS lacks nothing that Gatewatch needs of %s APIs', (apiType) => {
    expect(judgeFormat(RECOMMENDED_FORMATS[apiType], apiType, 1)).toEqual({
      counted: 'all',
      problem: null,
      missing: [],
    });
  });

  it.each(API_TYPES)('RECOMMENDED_FORMATS has one line of JSON below 3 KB for %s APIs', (apiType) => {
    const format = RECOMMENDED_FORMATS[apiType];

    expect(Buffer.byteLength(format)).toBeLessThan(3 * 1_024);
    expect(format).not.toContain('\n');
    expect(Object.values(JSON.parse(format) as object)).toEqual(
      variablesOf(format).map((variable) => `$context.${variable}`),
    );
  });

  it.each([
    ['REST', ['error.message', 'integration.error', 'authorizer.error', 'error.validationErrorString']],
    ['HTTP', ['error.message', 'integration.error', 'authorizer.error']],
    ['WEBSOCKET', ['error.message', 'integration.error', 'authorizer.error', 'error.validationErrorString']],
  ] as const)(
    'RECOMMENDED_FORMATS ends with the texts that may hold quotes, for %s APIs',
    (apiType, texts) => {
      const variables = variablesOf(RECOMMENDED_FORMATS[apiType]);

      expect(variables.slice(-texts.length)).toEqual(texts);
      expect(
        variables.slice(0, -texts.length).filter((variable) => /error\.|\.error$/.test(variable)),
      ).toEqual(['error.responseType']);
    },
  );

  it.each([
    ['HTTP', HTTP_VARIABLES],
    ['WEBSOCKET', WEBSOCKET_VARIABLES],
  ] as const)('RECOMMENDED_FORMATS has only variables of %s APIs', (apiType, variables) => {
    expect(variablesOf(RECOMMENDED_FORMATS[apiType]).sort()).toEqual(variables);
  });

  it.each(API_TYPES)('RECOMMENDED_FORMATS holds nothing personal or secret of %s APIs', (apiType) => {
    expect(RECOMMENDED_FORMATS[apiType]).not.toMatch(
      /sourceIp|userAgent|apiKey"|apiKey\b|caller|user|claims|principal|clientCert|cognito|\.path\b|messageString/i,
    );
  });
});

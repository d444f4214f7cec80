import { describe, expect, it } from 'vitest';
import { type AccessLogField, spellingOf } from '#shared/domain/logs/access/access-log-fields.ts';
import { collectFields } from '#shared/domain/logs/access/collect-fields.ts';

/** The documented `$context` variables that are read, REST, HTTP and WebSocket. */
const VARIABLES: [variable: string, field: AccessLogField][] = [
  ['requestId', 'requestId'],
  ['extendedRequestId', 'extendedRequestId'],
  ['accountId', 'accountId'],
  ['apiId', 'apiId'],
  ['stage', 'stage'],
  ['requestTime', 'time'],
  ['requestTimeEpoch', 'time'],
  ['httpMethod', 'httpMethod'],
  ['resourcePath', 'resourcePath'],
  ['routeKey', 'routeKey'],
  ['eventType', 'eventType'],
  ['connectionId', 'connectionId'],
  ['status', 'status'],
  ['responseLength', 'responseLength'],
  ['responseLatency', 'responseLatency'],
  ['integrationLatency', 'integrationLatency'],
  ['integration.latency', 'integrationLatency'],
  ['integrationStatus', 'integrationStatus'],
  ['integration.status', 'integrationStatus'],
  ['integration.integrationStatus', 'integrationServiceStatus'],
  ['integration.error', 'integrationError'],
  ['integrationErrorMessage', 'integrationError'],
  ['error.message', 'errorMessage'],
  ['error.messageString', 'errorMessage'],
  ['error.responseType', 'errorType'],
  ['error.validationErrorString', 'validationError'],
  ['waf.status', 'wafStatus'],
  ['waf.error', 'wafError'],
  ['wafResponseCode', 'wafResponseCode'],
  ['authenticate.status', 'authenticateStatus'],
  ['authorize.status', 'authorizeStatus'],
  ['authorizer.status', 'authorizerStatus'],
  ['authorizer.error', 'authorizerError'],
  ['xrayTraceId', 'xrayTraceId'],
];

function nest(path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  return key === undefined ? value : { [key]: nest(rest, value) };
}

function words(variable: string): string[] {
  return variable
    .replace(/([A-Z])/g, '.$1')
    .toLowerCase()
    .split('.');
}

/** How people name the keys of their formats. */
const NAMINGS: [naming: string, name: (variable: string) => object][] = [
  ['the variable itself', (variable) => ({ [variable]: 'X' })],
  ['$context and the variable', (variable) => ({ [`$context.${variable}`]: 'X' })],
  ['context and the variable', (variable) => ({ [`context.${variable}`]: 'X' })],
  ['snake_case', (variable) => ({ [words(variable).join('_')]: 'X' })],
  ['kebab-case', (variable) => ({ [words(variable).join('-')]: 'X' })],
  ['UPPER_CASE', (variable) => ({ [words(variable).join('_').toUpperCase()]: 'X' })],
  ['PascalCase', (variable) => ({ [variable.replace(/(^|\.)(.)/g, (_, __, c) => c.toUpperCase())]: 'X' })],
  ['nested objects', (variable) => nest(variable.split('.'), 'X') as object],
  ['nested objects in context', (variable) => nest(['context', ...variable.split('.')], 'X') as object],
  [
    'nested objects in snake_case',
    (variable) =>
      nest(
        variable.split('.').map((part) => words(part).join('_')),
        'X',
      ) as object,
  ],
];

const CASES = NAMINGS.flatMap(([naming, name]) =>
  VARIABLES.map(([variable, field]) => ({ naming, variable, field, line: name(variable) })),
);

/** The facts of a decoded line. */
function fieldsOf(line: object) {
  return collectFields(line, spellingOf).fields;
}

describe('collectFields()', () => {
  it.each(CASES)('collectFields() finds $variable in $naming', ({ line, field }) => {
    expect(fieldsOf(line)).toEqual({ [field]: 'X' });
  });

  it.each([
    ['httpStatusCode', 'status'],
    ['statusCode', 'status'],
    ['response_status', 'status'],
    ['responseTime', 'responseLatency'],
    ['latency_ms', 'responseLatency'],
    ['bytes', 'responseLength'],
    ['timestamp', 'time'],
    ['@timestamp', 'time'],
    ['method', 'httpMethod'],
    ['route', 'routeKey'],
    ['stageName', 'stage'],
    ['restApiId', 'apiId'],
    ['traceId', 'xrayTraceId'],
    ['errorType', 'errorType'],
    ['integrationServiceStatus', 'integrationServiceStatus'],
  ])('collectFields() takes the often seen %s for %s', (key, field) => {
    expect(fieldsOf({ [key]: 'X' })).toEqual({ [field]: 'X' });
  });

  it.each([['-'], [''], [' '], [' - '], ['(none)'], ['null'], [null]])(
    'collectFields() leaves out a status of %j',
    (status) => {
      expect(fieldsOf({ status, requestId: 'a' })).toEqual({ requestId: 'a' });
    },
  );

  it('collectFields() reads values without quotes', () => {
    expect(fieldsOf({ status: 200, requestTimeEpoch: 1_686_411_388_000, error: false })).toEqual({
      status: '200',
      time: '1686411388000',
      errorMessage: 'false',
    });
  });

  it.each([
    ['integrationLatencyMs', 'integrationLatency'],
    ['lambdaIntegrationLatency', 'integrationLatency'],
    ['functionResponseStatus', 'integrationStatus'],
    ['lambdaIntegrationStatus', 'integrationServiceStatus'],
    ['integrationErr', 'integrationError'],
    ['duration_ms', 'responseLatency'],
    ['responseTime', 'responseLatency'],
    ['@timestamp', 'time'],
    ['http_status', 'status'],
    ['method', 'httpMethod'],
    ['errorResponseType', 'errorType'],
  ] as const)('spellingOf() knows %s, which is seen in public formats, as %s', (key, field) => {
    expect(spellingOf(key)?.field).toBe(field);
  });

  it('collectFields() prefers the documented spelling, wherever it stands', () => {
    const best = {
      requestTimeEpoch: '1686411388000',
      'integration.error': 'exact',
      'error.message': 'gateway',
    };
    const others = { time: 'noon', integrationErrorMessage: 'other', message: 'free text' };

    const expected = { time: '1686411388000', integrationError: 'exact', errorMessage: 'gateway' };
    expect(fieldsOf({ ...best, ...others })).toEqual(expected);
    expect(fieldsOf({ ...others, ...best })).toEqual(expected);
  });

  it('collectFields() takes the next spelling where the best one has no value', () => {
    expect(fieldsOf({ requestTimeEpoch: '-', requestTime: '10/Jun/2023:15:36:28 +0000' })).toEqual({
      time: '10/Jun/2023:15:36:28 +0000',
    });
  });

  it('collectFields() reads nothing out of arrays, deep nests and long keys', () => {
    const deep = nest(['$context', '-', '_', '.', 'status'], '200') as object;

    expect(fieldsOf(deep)).toEqual({});
    expect(fieldsOf(nest(['$context', '-', '_', 'status'], '200') as object)).toEqual({
      status: '200',
    });
    expect(fieldsOf({ status: ['200'], integration: [{ status: '200' }] })).toEqual({});
    expect(fieldsOf({ [`${'-'.repeat(200)}status`]: '200' })).toEqual({});
  });

  it('collectFields() leaves its argument alone', () => {
    const line = Object.freeze({ status: '200', integration: Object.freeze({ status: '-' }) });

    expect(fieldsOf(line)).toEqual({ status: '200' });
  });
});

import { describe, expect, it } from 'vitest';
import { type FormatJudgement, judgeFormat } from '#shared/domain/logging/judge-format.ts';
import { RECOMMENDED_FORMATS } from '#shared/domain/logging/recommended-formats.ts';

const REST = JSON.parse(RECOMMENDED_FORMATS.REST) as Record<string, string>;

function withChanges(changes: Record<string, string | undefined>): string {
  return JSON.stringify({ ...REST, ...changes });
}

function variables({ missing }: FormatJudgement): string[] {
  return missing.map(({ variable }) => variable);
}

/** AWS's JSON template. https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
const AWS_TEMPLATE =
  '{ "requestId":"$context.requestId", "extendedRequestId":"$context.extendedRequestId","ip": "$context.identity.sourceIp", "caller":"$context.identity.caller", "user":"$context.identity.user", "requestTime":"$context.requestTime", "httpMethod":"$context.httpMethod", "resourcePath":"$context.resourcePath", "status":"$context.status", "protocol":"$context.protocol", "responseLength":"$context.responseLength" }';

const CLF =
  '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime]"$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength $context.requestId $context.extendedRequestId';

const CSV =
  '$context.identity.sourceIp,$context.identity.caller,$context.identity.user,$context.requestTime,$context.httpMethod,$context.resourcePath,$context.protocol,$context.status,$context.responseLength,$context.requestId,$context.extendedRequestId';

const XML =
  '<request id="$context.requestId"> <extendedRequestId>$context.extendedRequestId</extendedRequestId> <ip>$context.identity.sourceIp</ip> <caller>$context.identity.caller</caller> <user>$context.identity.user</user> <requestTime>$context.requestTime</requestTime> <httpMethod>$context.httpMethod</httpMethod> <resourcePath>$context.resourcePath</resourcePath> <status>$context.status</status> <protocol>$context.protocol</protocol> <responseLength>$context.responseLength</responseLength> </request>';

describe('judgeFormat()', () => {
  it('judgeFormat() says what the template of AWS lacks', () => {
    const judgement = judgeFormat(AWS_TEMPLATE, 'REST', 1);

    expect(judgement.counted).toBe('all');
    expect(variables(judgement)).toEqual([
      'apiId',
      'stage',
      'error.responseType',
      'error.message',
      'integration.status',
      'integration.error',
      'authorizer.error',
      'wafResponseCode',
      'error.validationErrorString',
      'responseLatency',
      'integration.latency',
    ]);
  });

  it.each([
    ['CLF', CLF],
    ['CSV', CSV],
    ['XML', XML],
  ])('judgeFormat() says what is lost with %s, which is read', (_, format) => {
    const judgement = judgeFormat(format, 'REST', 1);

    expect(judgement).toMatchObject({ counted: 'all', problem: null });
    expect(variables(judgement)).toEqual(variables(judgeFormat(AWS_TEMPLATE, 'REST', 1)));
  });

  it.each([
    [
      'HTTP',
      '$context.identity.sourceIp - - [$context.requestTime] "$context.httpMethod $context.routeKey $context.protocol" $context.status $context.responseLength $context.requestId $context.extendedRequestId',
    ],
    [
      'WEBSOCKET',
      '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "$context.eventType $context.routeKey $context.connectionId" $context.status $context.requestId',
    ],
  ] as const)('judgeFormat() finds route, time and status in the CLF of %s APIs', (apiType, format) => {
    const judgement = judgeFormat(format, apiType, 1);

    expect(judgement.counted).toBe('all');
    expect(variables(judgement)).toEqual(expect.arrayContaining(['apiId', 'stage', 'integration.latency']));
    expect(variables(judgement)).not.toEqual(expect.arrayContaining(['routeKey']));
    expect(variables(judgement)).not.toEqual(expect.arrayContaining(['requestTimeEpoch']));
  });

  it('judgeFormat() does not take the raw path in a CLF line for the route', () => {
    const judgement = judgeFormat(CLF.replace('resourcePath', 'path'), 'REST', 1);

    expect(variables(judgement)).toContain('resourcePath');
  });

  it('judgeFormat() finds that names and values are counted', () => {
    const format = 'requestId: $context.requestId, httpMethod: $context.httpMethod, status: $context.status';

    expect(judgeFormat(format, 'REST', 1).counted).toBe('all');
  });

  it.each([
    ['text without quotes', '{"status":$context.status,"apiId":$context.apiId}'],
    ['a cut object', '{"apiId":"$context.apiId","status":"$context.status"'],
  ])('judgeFormat() finds that the lines of %s have to be repaired', (_, format) => {
    const { counted, problem } = judgeFormat(format, 'REST', 1);

    expect(counted).toBe('repaired');
    expect(problem).toContain('is almost JSON');
  });

  it.each([
    ['a CLF line without ids', CLF.replace(/ \$context\.requestId.*/, '')],
    ['XML that does not close', '<request id="$context.requestId"> <status>$context.status</status>'],
    ['names and values without a request id', 'ip: $context.identity.sourceIp, status: $context.status'],
    ['nothing', ''],
  ])('judgeFormat() finds that nothing of %s is counted', (_, format) => {
    const { counted, problem } = judgeFormat(format, 'REST', 1);

    expect(counted).toBe('none');
    expect(problem).toContain('is in no format');
  });

  it.each([
    ['lacks the status', { status: undefined }],
    ['has the status of something else', { status: '$context.integration.status' }],
    ['has the status under a key that nobody knows', { status: undefined, outcome: '$context.status' }],
  ])('judgeFormat() finds that nothing is counted of a format that %s', (_, changes) => {
    const judgement = judgeFormat(withChanges(changes), 'REST', 1);

    expect(judgement.counted).toBe('none');
    expect(variables(judgement)).toEqual(['status']);
    expect(judgement.missing[0]?.isUnread).toBe(Object.hasOwn(changes, 'outcome'));
  });

  it.each([
    ['numbers without quotes', { status: 'STATUS', integrationLatency: 'LATENCY' }],
    ['other spellings', { errorType: undefined, responseType: '$context.error.responseType' }],
    [
      'requestTime in place of the epoch',
      { requestTimeEpoch: undefined, requestTime: '$context.requestTime' },
    ],
    [
      'the older names of variables',
      { integrationLatency: '$context.integrationLatency', integrationStatus: '$context.integrationStatus' },
    ],
    ['one request id', { extendedRequestId: undefined }],
  ])('judgeFormat() is content with %s', (_, changes) => {
    const format = withChanges(changes)
      .replace('"STATUS"', '$context.status')
      .replace('"LATENCY"', '$context.integrationLatency');

    expect(judgeFormat(format, 'REST', 1)).toEqual({ counted: 'all', problem: null, missing: [] });
  });

  it('judgeFormat() finds nested values', () => {
    const { errorType: _type, errorMessage: _message, ...rest } = REST;
    const error = { responseType: '$context.error.responseType', message: '$context.error.message' };

    expect(judgeFormat(JSON.stringify({ ...rest, error }), 'REST', 1).missing).toEqual([]);
  });

  it('judgeFormat() finds that the quotes of messageString break the lines of failures', () => {
    const judgement = judgeFormat(withChanges({ errorMessage: '$context.error.messageString' }), 'REST', 1);

    expect(judgement).toMatchObject({ counted: 'repaired', missing: [] });
    expect(judgement.problem).toBe(
      'has $context.error.messageString in quotes, and it brings its own: the lines of requests that API Gateway itself refuses or fails are no JSON, and have to be repaired',
    );
  });

  it('judgeFormat() knows that isCanaryRequest is true or false where it stands without quotes', () => {
    const format = withChanges({ isCanaryRequest: 'X' }).replace('"X"', '$context.isCanaryRequest');

    expect(judgeFormat(format, 'REST', 1)).toEqual({ counted: 'all', problem: null, missing: [] });
  });

  it('judgeFormat() takes messageString where it stands without quotes', () => {
    const format = withChanges({ errorMessage: 'X' }).replace('"X"', '$context.error.messageString');

    expect(judgeFormat(format, 'REST', 1)).toEqual({ counted: 'all', problem: null, missing: [] });
  });

  it('judgeFormat() says that the log group stands for API and stage only while it has one writer', () => {
    const format = withChanges({ apiId: undefined, stage: undefined });
    const [alone] = judgeFormat(format, 'REST', 1).missing;
    const [shared] = judgeFormat(format, 'REST', 3).missing;

    expect(alone?.loss).toContain('its log group tells');
    expect(shared?.loss).toContain('3 stages write to its log group');
  });

  it.each([
    ['HTTP', 'wafResponseCode'],
    ['HTTP', 'error.validationErrorString'],
    ['WEBSOCKET', 'responseLatency'],
    ['WEBSOCKET', 'resourcePath'],
  ] as const)('judgeFormat() does not ask %s APIs for %s, which they do not have', (apiType, variable) => {
    expect(variables(judgeFormat('{"status":"$context.status"}', apiType, 1))).not.toContain(variable);
  });
});

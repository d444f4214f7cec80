import { describe, expect, it } from 'vitest';
import { identifyCall } from '#test/e2e/gateway/aws-call.ts';
import type { RawRequest } from '#test/e2e/gateway/raw-request.ts';

const ARN = 'us-east-1:000000000000';

function request(service: string, changes: Partial<RawRequest>): RawRequest {
  return {
    method: 'POST',
    path: '/',
    body: Buffer.alloc(0),
    ...changes,
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, Signature=0`,
      'user-agent': 'aws-sdk-js/3.1164.0 ua/2.1 api/x#3 app/gatewatch-prod-check-headroom',
      ...changes.headers,
    },
  };
}

function json(service: string, target: string, body: object): RawRequest {
  return request(service, {
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
    body: Buffer.from(JSON.stringify(body)),
  });
}

describe('identifyCall()', () => {
  it.each([
    [
      json('dynamodb', 'DynamoDB_20120810.Query', { TableName: 'T', IndexName: 'active' }),
      'dynamodb:Query',
      `arn:aws:dynamodb:${ARN}:table/T/index/active`,
    ],
    [
      json('monitoring', 'GraniteServiceVersion20100801.PutMetricData', { Namespace: 'Gatewatch' }),
      'cloudwatch:PutMetricData',
      '*',
    ],
    [
      json('events', 'AWSEvents.PutEvents', { Entries: [{ EventBusName: 'bus' }] }),
      'events:PutEvents',
      `arn:aws:events:${ARN}:event-bus/bus`,
    ],
    [
      json('ssm', 'AmazonSSM.GetParameter', { Name: '/gatewatch/slack' }),
      'ssm:GetParameter',
      `arn:aws:ssm:${ARN}:parameter/gatewatch/slack`,
    ],
    [
      json('logs', 'Logs_20140328.PutSubscriptionFilter', { logGroupName: '/a' }),
      'logs:PutSubscriptionFilter',
      `arn:aws:logs:${ARN}:log-group:/a:*`,
    ],
    [
      json('sqs', 'AmazonSQS.SendMessage', { QueueUrl: 'http://127.0.0.1:1/000000000000/Parked-1' }),
      'sqs:SendMessage',
      `arn:aws:sqs:${ARN}:Parked-1`,
    ],
    [
      request('lambda', {
        path: `/2015-03-31/functions/${encodeURIComponent(`arn:aws:lambda:${ARN}:function:f`)}/invocations`,
      }),
      'lambda:InvokeFunction',
      `arn:aws:lambda:${ARN}:function:f`,
    ],
    [
      request('apigateway', { method: 'GET', path: '/v2/apis/a1/stages?maxResults=100' }),
      'apigateway:GET',
      'arn:aws:apigateway:us-east-1::/apis/a1/stages',
    ],
    [
      request('apigateway', { method: 'GET', path: '/account' }),
      'apigateway:GET',
      'arn:aws:apigateway:us-east-1::/account',
    ],
    [
      json('servicequotas', 'ServiceQuotasV20190624.GetServiceQuota', {
        ServiceCode: 'apigateway',
        QuotaCode: 'L-8A5B8E43',
      }),
      'servicequotas:GetServiceQuota',
      '*',
    ],
    [
      request('sns', {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from('Action=Publish&TopicArn=arn%3Aaws%3Asns%3At'),
      }),
      'sns:Publish',
      'arn:aws:sns:t',
    ],
  ])('identifyCall() names action and resource: %#', (raw, action, resource) => {
    expect(identifyCall(raw)).toMatchObject({ caller: 'gatewatch-prod-check-headroom', action, resource });
  });

  it('identifyCall() carries the namespace as a condition key', () => {
    const put = json('monitoring', 'GraniteServiceVersion20100801.PutMetricData', { Namespace: 'Gatewatch' });

    expect(identifyCall(put)?.context).toEqual({ 'cloudwatch:namespace': 'Gatewatch' });
  });

  it.each([
    ['GetItem', { Key: { key: { S: 'mutes' } } }],
    ['PutItem', { Item: { key: { S: 'mutes' }, document: { S: '{}' } } }],
    ['UpdateItem', { Key: { key: { S: 'mutes' } } }],
  ])('identifyCall() tells the key of an item of %s', (operation, body) => {
    const asked = json('dynamodb', `DynamoDB_20120810.${operation}`, { TableName: 'T', ...body });

    expect(identifyCall(asked)?.context).toEqual({ 'dynamodb:LeadingKeys': 'mutes' });
  });

  it('identifyCall() has no caller for a client without an application id', () => {
    const call = json('ssm', 'AmazonSSM.GetParameter', { Name: 'x' });

    expect(
      identifyCall({ ...call, headers: { ...call.headers, 'user-agent': 'aws-sdk-js/3' } })?.caller,
    ).toBeNull();
  });

  it('identifyCall() returns null for what no function calls', () => {
    expect(identifyCall(request('s3', { method: 'PUT', path: '/bucket/key' }))).toBeNull();
  });
});

import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ListTopicsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DescribeParametersCommand, GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '#test/fakes/aws-protocol.ts';
import { type AwsServer, startAws } from '#test/fakes/aws-server.ts';

const TopicArn = 'arn:aws:sns:us-east-1:123456789012:Alerts';
const MESSAGE = { Subject: 'quota', MessageStructure: 'json', Message: '{"default":"text"}' };
const EVENT = { EventBusName: 'bus', Source: 'test', DetailType: 'test' };
const REFUSED = { $metadata: { httpStatusCode: 400 } };

let aws: AwsServer;

beforeAll(async () => {
  aws = await startAws(new Map([['known', 'secret']]));
});

afterAll(() => aws.stop());

describe('startAws()', () => {
  it('refuses the actions that Gatewatch does not use', async () => {
    const config = clientConfig(aws.url);

    await expect(new CloudWatchClient(config).send(new DescribeAlarmsCommand())).rejects.toMatchObject(
      REFUSED,
    );
    await expect(new EventBridgeClient(config).send(new ListRulesCommand())).rejects.toMatchObject(REFUSED);
    await expect(new SNSClient(config).send(new ListTopicsCommand())).rejects.toMatchObject(REFUSED);
    await expect(new SSMClient(config).send(new DescribeParametersCommand())).rejects.toMatchObject(REFUSED);
  });

  it('tells actions and resources as policies name them', async () => {
    const config = clientConfig(aws.url);
    const firstCall = aws.calls.length;

    await new EventBridgeClient(config).send(new PutEventsCommand({ Entries: [{ ...EVENT, Detail: '{}' }] }));
    await new SNSClient(config).send(new PublishCommand({ TopicArn, ...MESSAGE }));
    const read = new GetItemCommand({ TableName: 'Missing', Key: { key: { S: 'a' } } });
    await expect(new DynamoDBClient(config).send(read)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });

    expect(aws.calls.slice(firstCall)).toEqual([
      { action: 'events:PutEvents', resource: 'bus' },
      { action: 'sns:Publish', resource: TopicArn },
      { action: 'dynamodb:GetItem', resource: 'Missing' },
    ]);
  });

  it.each(['not JSON', '[]', '"text"'])('fails the entry of an event whose detail is %s', async (Detail) => {
    const client = new EventBridgeClient(clientConfig(aws.url));
    const put = new PutEventsCommand({
      Entries: [
        { ...EVENT, Detail: '{}' },
        { ...EVENT, Detail },
      ],
    });

    const { FailedEntryCount, Entries } = await client.send(put);

    expect(FailedEntryCount).toBe(1);
    expect(Entries).toEqual([
      { EventId: expect.any(String) },
      expect.objectContaining({ ErrorCode: 'MalformedDetail' }),
    ]);
  });

  it.each([
    ['a subject that is not ASCII', { Subject: 'quota · orders-api' }],
    ['a subject of 100 characters', { Subject: 'x'.repeat(100) }],
    ['no body for all protocols', { Message: '{"email":"text"}' }],
  ])('refuses a message with %s', async (_, differences) => {
    const published = aws.publications.length;
    const client = new SNSClient(clientConfig(aws.url));
    const publish = new PublishCommand({ TopicArn, ...MESSAGE, ...differences });

    await expect(client.send(publish)).rejects.toMatchObject(REFUSED);
    expect(aws.publications).toHaveLength(published);
  });

  it('knows the parameters that it was given, decrypted', async () => {
    const client = new SSMClient(clientConfig(aws.url));

    const { Parameter } = await client.send(new GetParameterCommand({ Name: 'known', WithDecryption: true }));

    expect(Parameter?.Value).toBe('secret');
    const missing = new GetParameterCommand({ Name: 'missing', WithDecryption: true });
    await expect(client.send(missing)).rejects.toMatchObject({ name: 'ParameterNotFound' });
    await expect(client.send(new GetParameterCommand({ Name: 'known' }))).rejects.toMatchObject(REFUSED);
  });
});

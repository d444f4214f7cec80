import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PackagedStack, packageStack } from '#test/infra/package-stack.ts';
import {
  ACCOUNT_ID,
  onlyResource,
  REGION,
  type Resource,
  resolveTemplate,
  resourcesOf,
  type Template,
} from '#test/infra/template.ts';

const PACKAGE_TIMEOUT_MS = 120_000;
const ALERT_TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:AlertTopic`;

let stack: PackagedStack;
let template: Template;

beforeAll(async () => {
  stack = await packageStack();
  template = resolveTemplate(stack.template);
}, PACKAGE_TIMEOUT_MS);

afterAll(() => stack.remove());

function tableOf(id: string): Resource {
  const table = template.Resources[id];
  if (table?.Type !== 'AWS::DynamoDB::Table') throw new Error(`${id} is not a table`);
  return table;
}

describe('template', () => {
  it.each(['IncidentsTable', 'InventoryTable', 'LedgerTable', 'EvaluationsTable'])(
    'pays %s per request, can restore it, and finds its items by key',
    (id) => {
      expect(tableOf(id).Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
      expect(tableOf(id).Properties.AttributeDefinitions).toContainEqual({
        AttributeName: 'key',
        AttributeType: 'S',
      });
    },
  );

  it('finds active incidents by an index with whole items', () => {
    const { AttributeDefinitions, GlobalSecondaryIndexes } = tableOf('IncidentsTable').Properties;

    expect(AttributeDefinitions).toContainEqual({ AttributeName: 'active', AttributeType: 'S' });
    expect(GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'active',
        KeySchema: [
          { AttributeName: 'active', KeyType: 'HASH' },
          { AttributeName: 'key', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ]);
  });

  it('lets only the items of the ledger expire', () => {
    const expiring = resourcesOf(template, 'AWS::DynamoDB::Table').map(
      ([id, { TimeToLiveSpecification }]) => [id, TimeToLiveSpecification],
    );

    expect(Object.fromEntries(expiring)).toEqual({
      LedgerTable: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  it('removes its tables with the stack, and keeps the incidents when an update replaces their table', () => {
    const policies = resourcesOf(template, 'AWS::DynamoDB::Table').map(([id]) => {
      const { DeletionPolicy, UpdateReplacePolicy } = tableOf(id);
      return [id, `${DeletionPolicy}, ${UpdateReplacePolicy}`];
    });

    expect(Object.fromEntries(policies)).toEqual({
      EvaluationsTable: 'Delete, Delete',
      IncidentsTable: 'Delete, Retain',
      InventoryTable: 'Delete, Delete',
      LedgerTable: 'Delete, Delete',
    });
  });

  it('encrypts every queue', () => {
    const queues = resourcesOf(template, 'AWS::SQS::Queue');

    expect(queues).toHaveLength(5);
    for (const [, { SqsManagedSseEnabled }] of queues) expect(SqsManagedSseEnabled).toBe(true);
  });

  it('forgets log lines that could not be counted after 4 days', () => {
    expect(template.Resources['IngestDeadLetters']?.Properties.MessageRetentionPeriod).toBe(4 * 24 * 60 * 60);
  });

  it('has room for the largest event that Lambda takes among the dead letters of ingest', () => {
    expect(template.Resources['IngestDeadLetters']?.Properties.MaximumMessageSize).toBe(1024 * 1024);
  });

  it('keeps metric data that CloudWatch did not take for as long as CloudWatch takes it', () => {
    expect(template.Resources['ParkedDeadLetters']?.Properties.MessageRetentionPeriod).toBe(
      14 * 24 * 60 * 60,
    );
  });

  it('lets dead letters be looked at as often as anybody likes', () => {
    const moving = resourcesOf(template, 'AWS::SQS::Queue').filter(
      ([, { RedrivePolicy }]) => RedrivePolicy !== undefined,
    );

    expect(moving.map(([id]) => id)).toEqual(['ParkedMetrics']);
  });

  it('encrypts the alert topic with a key of its own, which rotates', () => {
    const { KmsMasterKeyId } = onlyResource(template, 'AWS::SNS::Topic');

    expect(onlyResource(template, 'AWS::KMS::Key').EnableKeyRotation).toBe(true);
    expect(template.Resources[KmsMasterKeyId]?.Type).toBe('AWS::KMS::Key');
  });

  it('lets the account administer the key, and CloudWatch alarms of the account use it', () => {
    const { KeyPolicy } = onlyResource(template, 'AWS::KMS::Key');

    expect(KeyPolicy.Statement).toEqual([
      {
        Sid: 'Account',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT_ID}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
      {
        Sid: 'Alarms',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT_ID } },
      },
    ]);
  });

  it('sends mail, and keeps what cannot be delivered', () => {
    expect(onlyResource(template, 'AWS::SNS::Subscription')).toEqual({
      TopicArn: ALERT_TOPIC_ARN,
      Protocol: 'email',
      Endpoint: 'oncall@example.com',
      RedrivePolicy: { deadLetterTargetArn: 'AlertDeadLetters.Arn' },
    });
  });

  it('lets only its rules and its topic put something into the dead letters, besides its functions', () => {
    const { PolicyDocument } = onlyResource(template, 'AWS::SQS::QueuePolicy', ({ Queues }) =>
      Queues.includes('AlertDeadLetters'),
    );
    const principals = PolicyDocument.Statement.map(
      (statement: Resource['Properties']) => statement.Principal,
    );

    expect(principals).toEqual([{ Service: 'events.amazonaws.com' }, { Service: 'sns.amazonaws.com' }]);
    expect(PolicyDocument.Statement[1].Condition).toEqual({
      ArnEquals: { 'aws:SourceArn': [ALERT_TOPIC_ARN] },
    });
  });

  it('names nothing that is unique beyond a Region', () => {
    const named = Object.entries(template.Resources).filter(
      ([, { Properties }]) => Properties?.RoleName !== undefined || Properties?.BucketName !== undefined,
    );

    expect(named).toEqual([]);
  });

  it.each([
    'AlertBusName',
    'AlertReceivers',
    'AlertDeadLettersUrl',
    'AlertTopicArn',
    'DispatchAlertsFunctionArn',
    'IncidentsTableName',
    'IngestDeadLettersUrl',
    'IngestAccessLogsFunctionArn',
    'IngestExecutionLogsFunctionArn',
    'InventoryTableName',
    'ParkedDeadLettersUrl',
    'ParkedMetricsUrl',
    'SubscribeMode',
  ])('has the output %s', (name) => {
    expect(template.Outputs).toHaveProperty(name);
  });
});

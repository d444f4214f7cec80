import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FUNCTION_NAMES, findFunction, invokeConfigOf } from '#test/infra/functions.ts';
import { type PackagedStack, packageStack } from '#test/infra/package-stack.ts';
import { permissionsOf, type Statement, statementsOf } from '#test/infra/statements.ts';
import { ACCOUNT_ID, REGION, resolveTemplate, resourcesOf, type Template } from '#test/infra/template.ts';

const PACKAGE_TIMEOUT_MS = 120_000;
const WEBHOOK = '/gatewatch/slack-webhook';
const API_GATEWAY = `arn:aws:apigateway:${REGION}::`;
const ANY_LOG_GROUP = `arn:aws:logs:${REGION}:${ACCOUNT_ID}:log-group:*`;

/** Actions for which AWS knows no resource. */
const WITHOUT_RESOURCE = [
  'cloudwatch:GetMetricData',
  'cloudwatch:PutMetricData',
  'logs:DescribeLogGroups',
  'servicequotas:GetServiceQuota',
];

/** The calls of each function; packaged-handlers.test.ts shows that they are enough. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  'check-headroom': [
    `apigateway:GET on ${API_GATEWAY}/account`,
    'cloudwatch:GetMetricData on *',
    'cloudwatch:PutMetricData on *',
    'dynamodb:GetItem on EvaluationsTable.Arn',
    'dynamodb:PutItem on EvaluationsTable.Arn',
    'dynamodb:Scan on InventoryTable.Arn',
    'events:PutEvents on AlertBus.Arn',
    'servicequotas:GetServiceQuota on *',
  ],
  'detect-anomalies': [
    'cloudwatch:GetMetricData on *',
    'dynamodb:GetItem on EvaluationsTable.Arn',
    'dynamodb:PutItem on EvaluationsTable.Arn',
    'dynamodb:Scan on InventoryTable.Arn',
    'events:PutEvents on AlertBus.Arn',
  ],
  'dispatch-alerts': [
    'dynamodb:GetItem on IncidentsTable.Arn',
    'dynamodb:PutItem on IncidentsTable.Arn',
    'dynamodb:Query on IncidentsTable.Arn/index/active',
    'dynamodb:UpdateItem on IncidentsTable.Arn',
    `sns:GetTopicAttributes on arn:aws:sns:${REGION}:${ACCOUNT_ID}:AlertTopic`,
    `sns:Publish on arn:aws:sns:${REGION}:${ACCOUNT_ID}:AlertTopic`,
    `ssm:GetParameter on arn:aws:ssm:${REGION}:${ACCOUNT_ID}:parameter${WEBHOOK}`,
  ],
  'ingest-access-logs': [
    'cloudwatch:PutMetricData on *',
    'dynamodb:GetItem on LedgerTable.Arn',
    'dynamodb:PutItem on LedgerTable.Arn',
    'dynamodb:Scan on InventoryTable.Arn',
    'dynamodb:UpdateItem on LedgerTable.Arn',
  ],
  'ingest-execution-logs': [
    'cloudwatch:PutMetricData on *',
    'dynamodb:GetItem on LedgerTable.Arn',
    'dynamodb:PutItem on LedgerTable.Arn',
    'dynamodb:UpdateItem on LedgerTable.Arn',
  ],
  'send-parked-metrics': [
    'cloudwatch:PutMetricData on *',
    'dynamodb:GetItem on LedgerTable.Arn',
    'dynamodb:PutItem on LedgerTable.Arn',
    'dynamodb:UpdateItem on LedgerTable.Arn',
    'sqs:DeleteMessage on ParkedMetrics.Arn',
    'sqs:GetQueueAttributes on ParkedMetrics.Arn',
    'sqs:ReceiveMessage on ParkedMetrics.Arn',
  ],
  'subscribe-log-groups': [
    `apigateway:GET on ${API_GATEWAY}/apis`,
    `apigateway:GET on ${API_GATEWAY}/apis/*/integrations`,
    `apigateway:GET on ${API_GATEWAY}/apis/*/stages`,
    `apigateway:GET on ${API_GATEWAY}/restapis`,
    `apigateway:GET on ${API_GATEWAY}/restapis/*/resources`,
    `apigateway:GET on ${API_GATEWAY}/restapis/*/stages`,
    'dynamodb:DeleteItem on InventoryTable.Arn',
    'dynamodb:GetItem on InventoryTable.Arn',
    'dynamodb:PutItem on InventoryTable.Arn',
    'dynamodb:Scan on InventoryTable.Arn',
    `logs:DeleteSubscriptionFilter on ${ANY_LOG_GROUP}`,
    'logs:DescribeLogGroups on *',
    `logs:DescribeSubscriptionFilters on ${ANY_LOG_GROUP}`,
    `logs:PutSubscriptionFilter on ${ANY_LOG_GROUP}`,
  ],
  'unsubscribe-log-groups': [
    'dynamodb:DeleteItem on InventoryTable.Arn',
    'dynamodb:Scan on InventoryTable.Arn',
    `logs:DeleteSubscriptionFilter on ${ANY_LOG_GROUP}`,
    'logs:DescribeLogGroups on *',
  ],
};

/** The queues that each function may put something into: the first for what failed, the second for parked data. */
const SENDS_TO: Readonly<Record<string, readonly string[]>> = {
  'check-headroom': ['MissedRuns'],
  'detect-anomalies': ['MissedRuns'],
  'dispatch-alerts': ['AlertDeadLetters'],
  'ingest-access-logs': ['IngestDeadLetters', 'ParkedMetrics'],
  'ingest-execution-logs': ['IngestDeadLetters', 'ParkedMetrics'],
  'send-parked-metrics': ['IngestDeadLetters'],
  'subscribe-log-groups': ['MissedRuns'],
  'unsubscribe-log-groups': ['AlertDeadLetters'],
};

/** What every function may do: write its log, and put what failed into the dead letters. */
const KEEPING = /^(logs:(CreateLogStream|PutLogEvents)|sqs:SendMessage) /;

let stack: PackagedStack;
let template: Template;

beforeAll(async () => {
  stack = await packageStack({ slackWebhookParameter: WEBHOOK });
  template = resolveTemplate(stack.template);
}, PACKAGE_TIMEOUT_MS);

afterAll(() => stack.remove());

const { statementsFor }: { readonly statementsFor: (name: string) => unknown[] } = createRequire(
  import.meta.url,
)('../../infra/slack-secret.cjs');

/** The stack as it would be packaged with another name of the parameter. */
function withSecret(name: string): Template {
  const { Resources, ...rest } = stack.template;
  const text = JSON.stringify(Resources).replace(
    JSON.stringify(statementsFor(WEBHOOK)),
    JSON.stringify(statementsFor(name)),
  );
  return resolveTemplate({ ...rest, Resources: JSON.parse(text) });
}

function allStatements(): Statement[] {
  return resourcesOf(template, 'AWS::IAM::Role').flatMap(([, role]) => statementsOf(role));
}

function dispatchStatements(deployed: Template, action: string): Statement[] {
  const { role } = findFunction(deployed, 'dispatch-alerts');
  return statementsOf(role).filter(({ Action }) => Action.includes(action));
}

describe('roles', () => {
  it('are one for each function', () => {
    const used = FUNCTION_NAMES.map((name) => findFunction(template, name).properties.Role);

    expect(new Set(used).size).toBe(FUNCTION_NAMES.length);
    expect(resourcesOf(template, 'AWS::IAM::Role')).toHaveLength(FUNCTION_NAMES.length);
  });

  it('can be taken on by Lambda only', () => {
    for (const [, { AssumeRolePolicyDocument }] of resourcesOf(template, 'AWS::IAM::Role')) {
      expect(AssumeRolePolicyDocument.Statement).toEqual([
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]);
    }
  });

  it('allow whole actions only, and take nothing from managed policies', () => {
    const roles = resourcesOf(template, 'AWS::IAM::Role');
    const actions = allStatements().flatMap(({ Action }) => Action);

    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(roles.filter(([, { ManagedPolicyArns }]) => ManagedPolicyArns !== undefined)).toEqual([]);
  });

  it('name a resource wherever AWS knows one', () => {
    const withoutResource = allStatements().filter(({ Resource }) => Resource.includes('*'));

    expect(new Set(withoutResource.flatMap(({ Action }) => Action))).toEqual(new Set(WITHOUT_RESOURCE));
  });

  it('allow metrics in the namespace Gatewatch only', () => {
    const publishing = allStatements().filter(({ Action }) => Action.includes('cloudwatch:PutMetricData'));

    expect(publishing).toHaveLength(4);
    for (const { Condition } of publishing) {
      expect(Condition).toEqual({ StringEquals: { 'cloudwatch:namespace': 'Gatewatch' } });
    }
  });

  it.each(FUNCTION_NAMES)('let %s write its own log and its own dead letters', (name) => {
    const deployed = findFunction(template, name);
    const logGroupId = deployed.id.replace(/LambdaFunction$/, 'LogGroup');

    const permissions = permissionsOf(deployed.role).filter((permission) => KEEPING.test(permission));
    expect(permissions).toEqual([
      `logs:CreateLogStream on ${logGroupId}.Arn`,
      `logs:PutLogEvents on ${logGroupId}.Arn`,
      ...(SENDS_TO[name] ?? []).map((queue) => `sqs:SendMessage on ${queue}.Arn`),
    ]);
  });

  it.each(FUNCTION_NAMES.filter((name) => name !== 'send-parked-metrics'))(
    'let Lambda keep what %s failed to do',
    (name) => {
      const { DestinationConfig } = invokeConfigOf(template, findFunction(template, name));

      expect(DestinationConfig.OnFailure.Destination).toBe(`${SENDS_TO[name]?.[0]}.Arn`);
    },
  );

  it.each(FUNCTION_NAMES)('let %s do nothing but its calls', (name) => {
    const permissions = permissionsOf(findFunction(template, name).role);

    const calls = permissions.filter((permission) => !/^kms:/.test(permission) && !KEEPING.test(permission));
    expect(calls.sort()).toEqual(CALLS[name]);
  });

  it('let dispatch-alerts use the key of the topic through SNS only', () => {
    const [statement] = dispatchStatements(template, 'kms:GenerateDataKey');

    expect(statement).toMatchObject({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: ['AlertKey.Arn'],
      Condition: { StringEquals: { 'kms:ViaService': `sns.${REGION}.amazonaws.com` } },
    });
  });

  it.each(['/gatewatch/slack', 'gatewatch/slack'])(
    'let dispatch-alerts read the parameter %s, and decrypt nothing else for it',
    (name) => {
      const deployed = withSecret(name);
      const arn = `arn:aws:ssm:${REGION}:${ACCOUNT_ID}:parameter/gatewatch/slack`;

      expect(dispatchStatements(deployed, 'ssm:GetParameter')).toMatchObject([{ Resource: [arn] }]);
      expect(dispatchStatements(deployed, 'secretsmanager:GetSecretValue')).toEqual([]);
      expect(dispatchStatements(deployed, 'kms:Decrypt')).toHaveLength(2);
      expect(dispatchStatements(deployed, 'kms:Decrypt')[1]?.Condition).toEqual({
        StringEquals: { 'kms:ViaService': `ssm.${REGION}.amazonaws.com` },
        StringLike: { 'kms:EncryptionContext:PARAMETER_ARN': arn },
      });
    },
  );

  it('let dispatch-alerts read the secret of Secrets Manager that SSM refers to, and no other', () => {
    const deployed = withSecret('/aws/reference/secretsmanager/team/slack');
    const arn = `arn:aws:secretsmanager:${REGION}:${ACCOUNT_ID}:secret:team/slack-??????`;

    expect(dispatchStatements(deployed, 'ssm:GetParameter')).toMatchObject([
      {
        Resource: [`arn:aws:ssm:${REGION}:${ACCOUNT_ID}:parameter/aws/reference/secretsmanager/team/slack`],
      },
    ]);
    expect(dispatchStatements(deployed, 'secretsmanager:GetSecretValue')).toMatchObject([
      { Action: ['secretsmanager:GetSecretValue'], Resource: [arn] },
    ]);
    expect(dispatchStatements(deployed, 'kms:Decrypt')[1]).toMatchObject({
      Action: ['kms:Decrypt'],
      Condition: {
        StringEquals: { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` },
        StringLike: { 'kms:EncryptionContext:SecretARN': arn },
      },
    });
  });

  it(
    'let dispatch-alerts read no parameter without Slack',
    async () => {
      const plain = await packageStack();
      plain.remove();
      const deployed = resolveTemplate(plain.template);

      expect(dispatchStatements(deployed, 'ssm:GetParameter')).toEqual([]);
      expect(dispatchStatements(deployed, 'kms:Decrypt')).toHaveLength(1);
    },
    PACKAGE_TIMEOUT_MS,
  );
});

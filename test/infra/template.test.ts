import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FUNCTION_NAMES,
  findFunction,
  invokeConfigOf,
  permissionOf,
  readEnvironmentOf,
  ruleOf,
  variablesOf,
} from '#test/infra/functions.ts';
import { type PackagedStack, packageStack } from '#test/infra/package-stack.ts';
import {
  ACCOUNT_ID,
  onlyResource,
  REGION,
  resolveTemplate,
  resourcesOf,
  type Template,
} from '#test/infra/template.ts';

const PACKAGE_TIMEOUT_MS = 120_000;

/** Functions that EventBridge invokes; CloudWatch Logs invokes the other one. */
const BY_EVENT_BRIDGE = ['check-headroom', 'detect-anomalies', 'dispatch-alerts'];
const BY_SCHEDULE = ['check-headroom', 'detect-anomalies'];

let stack: PackagedStack;
let template: Template;

beforeAll(async () => {
  stack = await packageStack();
  template = resolveTemplate(stack.template);
}, PACKAGE_TIMEOUT_MS);

afterAll(() => stack.remove());

describe('template', () => {
  it('has exactly the functions of the folder functions/', () => {
    const names = resourcesOf(template, 'AWS::Lambda::Function').map(([, { FunctionName }]) => FunctionName);

    expect(names.sort()).toEqual(FUNCTION_NAMES.map((name) => `gatewatch-prod-${name}`).sort());
  });

  it.each(FUNCTION_NAMES)('runs %s on Node 24 and arm64, with memory and a timeout', (name) => {
    const { properties } = findFunction(template, name);

    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 512,
      Timeout: BY_SCHEDULE.includes(name) ? 50 : 60,
    });
  });

  it.each(FUNCTION_NAMES)('packs %s into less than 256 KiB, for a short cold start', (name) => {
    expect(statSync(stack.artifact(name)).size).toBeLessThan(256 * 1024);
  });

  it.each(FUNCTION_NAMES)('keeps what %s failed to do in an encrypted queue', (name) => {
    const { DestinationConfig } = invokeConfigOf(template, findFunction(template, name));
    const queueId = name === 'ingest-access-logs' ? 'IngestDeadLetters' : 'AlertDeadLetters';

    expect(DestinationConfig.OnFailure.Destination).toBe(`${queueId}.Arn`);
    expect(template.Resources[queueId]?.Properties.SqsManagedSseEnabled).toBe(true);
  });

  it.each(FUNCTION_NAMES)('gives %s a log group that forgets after 30 days', (name) => {
    const { LogGroupName, RetentionInDays } = onlyResource(
      template,
      'AWS::Logs::LogGroup',
      (group) => group.LogGroupName === `/aws/lambda/gatewatch-prod-${name}`,
    );

    expect(LogGroupName).toBe(`/aws/lambda/${findFunction(template, name).properties.FunctionName}`);
    expect(RetentionInDays).toBe(30);
  });

  it.each(FUNCTION_NAMES)('gives %s exactly the variables that it reads', async (name) => {
    const readEnvironment = await readEnvironmentOf(name);
    const { Variables } = findFunction(template, name).properties.Environment;

    const setByLambda = ['AWS_REGION'];
    const expected = variablesOf(readEnvironment).filter((variable) => !setByLambda.includes(variable));
    expect(Object.keys(Variables).sort()).toEqual(expected.sort());
  });

  it.each(FUNCTION_NAMES)('gives %s values that it starts with', async (name) => {
    const readEnvironment = await readEnvironmentOf(name);
    const { Variables } = findFunction(template, name).properties.Environment;

    expect(() => readEnvironment({ ...Variables, AWS_REGION: REGION })).not.toThrow();
  });

  it('lets CloudWatch Logs invoke ingest-access-logs for any log group of the account, and nobody else', () => {
    const permission = permissionOf(template, findFunction(template, 'ingest-access-logs'));

    expect(permission).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'logs.amazonaws.com',
      SourceAccount: ACCOUNT_ID,
      SourceArn: `arn:aws:logs:${REGION}:${ACCOUNT_ID}:log-group:*`,
    });
  });

  it.each(BY_EVENT_BRIDGE)('lets only the rule of %s invoke it', (name) => {
    const { Principal, SourceArn } = permissionOf(template, findFunction(template, name));

    const path =
      name === 'dispatch-alerts' ? 'AlertBus/gatewatch-prod-dispatch-alerts' : `gatewatch-prod-${name}`;
    expect(Principal).toBe('events.amazonaws.com');
    expect(SourceArn).toBe(`arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/${path}`);
  });

  it.each(BY_SCHEDULE)('runs %s every minute and never repeats a run', (name) => {
    const target = findFunction(template, name);
    const { ScheduleExpression, State, Targets } = ruleOf(template, target);

    expect({ ScheduleExpression, State }).toEqual({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    expect(Targets[0].RetryPolicy.MaximumRetryAttempts).toBe(0);
    expect(invokeConfigOf(template, target).MaximumRetryAttempts).toBe(0);
  });

  it('sends findings and completed evaluations of its own bus to dispatch-alerts', () => {
    const rule = ruleOf(template, findFunction(template, 'dispatch-alerts'));

    expect(rule.EventBusName).toBe('AlertBus');
    expect(rule.EventPattern).toEqual({
      source: ['gatewatch'],
      'detail-type': ['findings', 'evaluation.completed'],
    });
  });

  it.each(BY_EVENT_BRIDGE)(
    'keeps what EventBridge could not hand to %s, in a queue that takes it',
    (name) => {
      const { Targets } = ruleOf(template, findFunction(template, name));
      const { SourceArn } = permissionOf(template, findFunction(template, name));
      const { Queues, PolicyDocument } = onlyResource(template, 'AWS::SQS::QueuePolicy');

      expect(Targets[0].DeadLetterConfig.Arn).toBe('AlertDeadLetters.Arn');
      expect(Queues).toEqual(['AlertDeadLetters']);
      const [{ Condition, ...statement }] = PolicyDocument.Statement;
      expect(statement).toEqual({
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: 'AlertDeadLetters.Arn',
      });
      const patterns: string[] = Condition.ArnLike['aws:SourceArn'];
      expect(patterns.some((pattern) => SourceArn.startsWith(pattern.replace(/\*$/, '')))).toBe(true);
    },
  );
});

describe('parameters', () => {
  it('a stack with values for all parameters uses them', { timeout: PACKAGE_TIMEOUT_MS }, async () => {
    const custom = await packageStack({
      alarmEmail: 'oncall@example.com',
      availabilityTarget: '0.99',
      logRetentionDays: '14',
      quotaBurst: '9000',
      quotaRps: '20000',
      settleSeconds: '120',
      slackWebhookParameter: '/gatewatch/slack-webhook',
    });
    const deployed = resolveTemplate(custom.template);
    custom.remove();

    const variables = FUNCTION_NAMES.map(
      (name) => findFunction(deployed, name).properties.Environment.Variables,
    );
    expect(Object.assign({}, ...variables)).toMatchObject({
      AVAILABILITY_TARGET_RATIO: '0.99',
      QUOTA_BURST: '9000',
      QUOTA_RPS: '20000',
      SETTLE_SECONDS: '120',
      SLACK_WEBHOOK_PARAMETER: '/gatewatch/slack-webhook',
    });
    expect(onlyResource(deployed, 'AWS::SNS::Subscription')).toMatchObject({
      Protocol: 'email',
      Endpoint: 'oncall@example.com',
    });
    const groups = resourcesOf(deployed, 'AWS::Logs::LogGroup');
    expect(groups.map(([, { RetentionInDays }]) => RetentionInDays)).toEqual(FUNCTION_NAMES.map(() => 14));
  });
});

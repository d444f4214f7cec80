import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_MESSAGE_BYTES } from '#shared/adapters/sqs-park-chunk.ts';
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

/** Functions that EventBridge invokes, by its rules; CloudWatch Logs and CloudFormation invoke the others. */
const BY_EVENT_BRIDGE = [
  ['check-headroom', 'gatewatch-prod-check-headroom'],
  ['detect-anomalies', 'gatewatch-prod-detect-anomalies'],
  ['dispatch-alerts', 'gatewatch-prod-dispatch-alerts'],
  ['dispatch-alerts', 'gatewatch-prod-cloudwatch-alarms'],
  ['dispatch-alerts', 'gatewatch-prod-sweep-alerts'],
  ['dispatch-alerts', 'gatewatch-prod-check-receivers'],
  ['subscribe-log-groups', 'gatewatch-prod-subscribe-log-groups'],
] as const;
const BY_LOGS = ['ingest-access-logs', 'ingest-execution-logs'];
const BY_QUEUE = ['send-parked-metrics'];
const INVOKED_LATER = FUNCTION_NAMES.filter((name) => !BY_QUEUE.includes(name));
const EVERY_MINUTE = { ScheduleExpression: 'rate(1 minute)', maximumEventAgeSeconds: 60 };
const SCHEDULES = {
  'check-headroom': EVERY_MINUTE,
  'detect-anomalies': EVERY_MINUTE,
  'subscribe-log-groups': { ScheduleExpression: 'rate(5 minutes)', maximumEventAgeSeconds: 300 },
};

/** What schedules make dispatch-alerts do: the constant event that each hands over. */
const DISPATCH_SCHEDULES = [
  ['gatewatch-prod-sweep-alerts', 'rate(1 minute)', 'sweep'],
  ['gatewatch-prod-check-receivers', 'rate(1 hour)', 'heartbeat'],
] as const;

/** Where what a function failed to do is kept: what a schedule began is made up for by its next run. */
function failureQueueOf(name: string): string {
  if (name in SCHEDULES) return 'MissedRuns';
  return BY_LOGS.includes(name) ? 'IngestDeadLetters' : 'AlertDeadLetters';
}

/** Memory in MB, timeout in seconds, and the most runs at once. */
const SIZES: Readonly<Record<string, readonly [number, number, number | undefined]>> = {
  'check-headroom': [512, 50, 1],
  'detect-anomalies': [512, 50, 1],
  'dispatch-alerts': [512, 60, 10],
  'ingest-access-logs': [512, 60, 20],
  'ingest-execution-logs': [512, 60, 5],
  'send-parked-metrics': [256, 30, undefined],
  'subscribe-log-groups': [256, 280, 1],
  'unsubscribe-log-groups': [256, 900, undefined],
};

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

  it.each(FUNCTION_NAMES)('runs %s on Node 24 and arm64, with memory, a timeout and a bound', (name) => {
    const { properties } = findFunction(template, name);

    const { Runtime, Architectures, MemorySize, Timeout, ReservedConcurrentExecutions } = properties;
    expect({ Runtime, Architectures }).toEqual({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    expect([MemorySize, Timeout, ReservedConcurrentExecutions]).toEqual(SIZES[name]);
  });

  it.each(FUNCTION_NAMES)('packs %s into less than 256 KiB, for a short cold start', (name) => {
    expect(statSync(stack.artifact(name)).size).toBeLessThan(256 * 1024);
  });

  it.each(INVOKED_LATER)('keeps what %s failed to do in an encrypted queue', (name) => {
    const { DestinationConfig } = invokeConfigOf(template, findFunction(template, name));
    const queueId = failureQueueOf(name);

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

    const setByLambda = ['AWS_LAMBDA_FUNCTION_NAME', 'AWS_REGION'];
    const expected = variablesOf(readEnvironment).filter((variable) => !setByLambda.includes(variable));
    expect(Object.keys(Variables).sort()).toEqual(expected.sort());
  });

  it.each(FUNCTION_NAMES)('names %s in the 50 characters that a user agent takes', (name) => {
    expect(findFunction(template, name).properties.FunctionName.length).toBeLessThanOrEqual(50);
  });

  it.each(FUNCTION_NAMES)('gives %s values that it starts with', async (name) => {
    const readEnvironment = await readEnvironmentOf(name);
    const { Variables } = findFunction(template, name).properties.Environment;

    expect(() =>
      readEnvironment({ ...Variables, AWS_REGION: REGION, AWS_LAMBDA_FUNCTION_NAME: 'any' }),
    ).not.toThrow();
  });

  it('sends what waits in the queue again after six timeouts, for a day, and few at a time', () => {
    const { id, properties } = findFunction(template, 'send-parked-metrics');
    const mapping = onlyResource(template, 'AWS::Lambda::EventSourceMapping');
    const queue = template.Resources['ParkedMetrics']?.Properties;

    expect(mapping).toEqual({
      FunctionName: `${id}.Arn`,
      EventSourceArn: 'ParkedMetrics.Arn',
      Enabled: true,
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(queue.VisibilityTimeout).toBe(6 * properties.Timeout);
    const { maxReceiveCount, deadLetterTargetArn } = queue.RedrivePolicy;
    expect(maxReceiveCount * queue.VisibilityTimeout).toBe(24 * 60 * 60);
    expect(deadLetterTargetArn).toBe('ParkedDeadLetters.Arn');
    expect(queue.MessageRetentionPeriod).toBeGreaterThan(maxReceiveCount * queue.VisibilityTimeout);
    expect(queue.MaximumMessageSize).toBe(MAX_MESSAGE_BYTES);
  });

  it.each(BY_LOGS)(
    'lets CloudWatch Logs invoke %s for any log group of the account, and nobody else',
    (name) => {
      const permission = permissionOf(template, findFunction(template, name), ':log-group:*');

      expect(permission).toMatchObject({
        Action: 'lambda:InvokeFunction',
        Principal: 'logs.amazonaws.com',
        SourceAccount: ACCOUNT_ID,
        SourceArn: `arn:aws:logs:${REGION}:${ACCOUNT_ID}:log-group:*`,
      });
    },
  );

  it.each(BY_EVENT_BRIDGE)('lets of EventBridge only rules invoke %s, such as %s', (name, rule) => {
    const { Principal, SourceArn } = permissionOf(template, findFunction(template, name), rule);

    const path = rule === 'gatewatch-prod-dispatch-alerts' ? `AlertBus/${rule}` : rule;
    expect(Principal).toBe('events.amazonaws.com');
    expect(SourceArn).toBe(`arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/${path}`);
  });

  it.each(Object.entries(SCHEDULES))('runs %s on a schedule, and no run twice or late', (name, schedule) => {
    const target = findFunction(template, name);
    const { ScheduleExpression, State, Targets } = ruleOf(template, target, `gatewatch-prod-${name}`);

    expect({ ScheduleExpression, State }).toEqual({
      ScheduleExpression: schedule.ScheduleExpression,
      State: 'ENABLED',
    });
    const inTime = { MaximumEventAgeInSeconds: schedule.maximumEventAgeSeconds, MaximumRetryAttempts: 0 };
    expect(Targets[0].RetryPolicy).toEqual(inTime);
    expect(invokeConfigOf(template, target)).toMatchObject(inTime);
  });

  it.each(DISPATCH_SCHEDULES)(
    '%s runs dispatch-alerts at %s with %s, and not late',
    (rule, schedule, type) => {
      const target = findFunction(template, 'dispatch-alerts');
      const { ScheduleExpression, State, EventBusName, Targets } = ruleOf(template, target, rule);

      expect({ ScheduleExpression, State }).toEqual({ ScheduleExpression: schedule, State: 'ENABLED' });
      expect(EventBusName).toBeUndefined();
      expect(JSON.parse(Targets[0].Input)).toEqual({ 'detail-type': type });
      expect(Targets[0].RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
    },
  );

  it('repeats a dispatch twice that could not read or write incidents', () => {
    const config = invokeConfigOf(template, findFunction(template, 'dispatch-alerts'));

    expect(config.MaximumRetryAttempts).toBe(2);
  });

  it('sends findings and completed evaluations of its own bus to dispatch-alerts', () => {
    const rule = ruleOf(
      template,
      findFunction(template, 'dispatch-alerts'),
      'gatewatch-prod-dispatch-alerts',
    );

    expect(rule.EventBusName).toBe('AlertBus');
    expect(rule.EventPattern).toEqual({
      source: ['gatewatch'],
      'detail-type': ['findings', 'evaluation.completed'],
    });
  });

  it('sends changes of alarms on the default bus to dispatch-alerts, but never of its own alarms', () => {
    const rule = ruleOf(
      template,
      findFunction(template, 'dispatch-alerts'),
      'gatewatch-prod-cloudwatch-alarms',
    );

    expect(rule.EventBusName).toBeUndefined();
    expect(rule.EventPattern).toEqual({
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change', 'CloudWatch Alarm Configuration Change'],
      detail: { alarmName: [{ 'anything-but': { prefix: 'gatewatch-prod-' } }] },
    });
  });

  it.each(BY_EVENT_BRIDGE)(
    'keeps what EventBridge could not hand to %s by %s, in a queue that takes it',
    (name, rule) => {
      const { Targets } = ruleOf(template, findFunction(template, name), rule);
      const { SourceArn } = permissionOf(template, findFunction(template, name), rule);
      const isSchedule = DISPATCH_SCHEDULES.some(([scheduled]) => scheduled === rule);
      const queueId = isSchedule ? 'MissedRuns' : failureQueueOf(name);
      const { PolicyDocument } = onlyResource(template, 'AWS::SQS::QueuePolicy', ({ Queues }) =>
        Queues.includes(queueId),
      );

      expect(Targets[0].DeadLetterConfig.Arn).toBe(`${queueId}.Arn`);
      const [{ Condition, ...statement }] = PolicyDocument.Statement;
      expect(statement).toEqual({
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: `${queueId}.Arn`,
      });
      const patterns: string[] = [Condition.ArnLike['aws:SourceArn']].flat();
      expect(patterns.some((pattern) => SourceArn.startsWith(pattern.replace(/\*$/, '')))).toBe(true);
    },
  );
});

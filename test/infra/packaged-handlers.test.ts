import { GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createReadMetrics } from '#shared/adapters/cloudwatch-read-metrics.ts';
import { LAST_CALL_MS } from '#shared/application/deliver-owed.ts';
import type { MetricName } from '#shared/domain/metrics/metric-datum.ts';
import { alarmEvent } from '#test/fakes/alarm-events.ts';
import { type AwsServer, startAws } from '#test/fakes/aws-server.ts';
import { createFinding } from '#test/fakes/finding.ts';
import { startHttpServer } from '#test/fakes/http-server.ts';
import { SLACK_TOKEN, type SlackServer, startSlackServer } from '#test/fakes/slack/slack-server.ts';
import { deployFunction } from '#test/infra/deployed-function.ts';
import {
  busEvent,
  creationEvent,
  executionLogsEvent,
  logsEvent,
  parkedEvent,
  queueEvent,
  recentMinuteMs,
  scheduledEvent,
  someRequests,
} from '#test/infra/events.ts';
import { findFunction } from '#test/infra/functions.ts';
import { type PackagedStack, packageStack } from '#test/infra/package-stack.ts';
import { permissionFor, permissionsOf } from '#test/infra/statements.ts';
import { ACCOUNT_ID, REGION, resolveTemplate, resourcesOf, type Template } from '#test/infra/template.ts';

const TIMEOUT_MS = 120_000;
const MINUTE_MS = 60_000;
const WEBHOOK_PARAMETER = '/gatewatch/slack-webhook';
const STAGE = { ApiId: 'a1b2c3', Stage: 'prod' };

let stack: PackagedStack;
let template: Template;
let aws: AwsServer;
const parameters = new Map<string, string>();

beforeAll(async () => {
  stack = await packageStack({ slackWebhookParameter: WEBHOOK_PARAMETER });
  template = resolveTemplate(stack.template);
}, TIMEOUT_MS);

afterAll(() => stack.remove());

beforeEach(async () => {
  aws = await startAws(parameters);
  parameters.set(WEBHOOK_PARAMETER, `${aws.url}/services/T000/B000/secret`);
  for (const [TableName, properties] of resourcesOf(template, 'AWS::DynamoDB::Table')) {
    const { AttributeDefinitions, BillingMode, GlobalSecondaryIndexes, KeySchema } = properties;
    await aws.createTable({
      TableName,
      AttributeDefinitions,
      BillingMode,
      GlobalSecondaryIndexes,
      KeySchema,
    });
  }
});

afterEach(() => aws.stop());

/** Runs a packaged function in a process of its own, and checks that its role allows every call that it made. */
async function run(name: string, ...events: readonly unknown[]): Promise<string[]> {
  const firstCall = aws.calls.length;
  const deployed = deployFunction(name, stack, template, aws.url);
  const output = await deployed.invoke(...events).finally(deployed.remove);
  const needed = new Set(aws.calls.slice(firstCall).map(permissionFor));
  const allowed = new Set(permissionsOf(findFunction(template, name).role));
  expect([...needed].filter((permission) => !allowed.has(permission))).toEqual([]);
  return output;
}

async function sumIn(
  minuteMs: number,
  name: MetricName,
  dimensions: Record<string, string>,
): Promise<number> {
  const range = { fromMs: minuteMs, toMs: minuteMs + MINUTE_MS };
  const query = { name, dimensions, statistic: 'Sum', periodSeconds: 60 } as const;
  const [series] = await createReadMetrics(aws.cloudWatch)([query], range);
  return series?.get(minuteMs) ?? 0;
}

function callsOf(action: string): number {
  return aws.calls.filter((call) => call.action === action).length;
}

async function putStage(): Promise<void> {
  const document = JSON.stringify({ apiId: 'a1b2c3', apiName: 'orders-api', apiType: 'REST', stage: 'prod' });
  const Item = { key: { S: 'a1b2c3/prod' }, document: { S: document } };
  await aws.dynamoDb.send(new PutItemCommand({ TableName: 'InventoryTable', Item }));
}

describe('packaged ingest-access-logs', { timeout: TIMEOUT_MS }, () => {
  it('publishes the sums of the lines it was given', async () => {
    const minuteMs = recentMinuteMs();

    await run('ingest-access-logs', logsEvent(someRequests(minuteMs)));

    expect(await sumIn(minuteMs, 'RequestCount', {})).toBe(7);
    expect(await sumIn(minuteMs, 'RequestCount', STAGE)).toBe(7);
    expect(await sumIn(minuteMs, 'ThrottledCount', STAGE)).toBe(1);
    expect(await sumIn(minuteMs, 'ServerErrorCount', STAGE)).toBe(1);
    expect(await sumIn(minuteMs, 'Latency', STAGE)).toBeCloseTo(1_101);
  });

  it('publishes nothing more for the same delivery, in the same or another process', async () => {
    const minuteMs = recentMinuteMs();
    const event = logsEvent(someRequests(minuteMs));
    await run('ingest-access-logs', event, event);
    const callsBefore = callsOf('cloudwatch:PutMetricData');

    await run('ingest-access-logs', event);

    expect(callsOf('cloudwatch:PutMetricData')).toBe(callsBefore);
    expect(await sumIn(minuteMs, 'RequestCount', {})).toBe(7);
  });

  it('writes its own metrics to its log, where CloudWatch takes them from', async () => {
    const output = await run('ingest-access-logs', logsEvent(someRequests(recentMinuteMs())));

    const metrics = output.map((line) => JSON.parse(line)).find((line) => line._aws !== undefined);
    expect(metrics).toMatchObject({ Function: 'ingest-access-logs', IngestedEvents: 7, RejectedEvents: 0 });
  });
});

describe('packaged ingest functions', { timeout: TIMEOUT_MS }, () => {
  it.each(['ingest-access-logs', 'ingest-execution-logs'])(
    '%s keeps a pointer to a payload that is none, and ends well',
    async (name) => {
      const output = await run(name, { awslogs: { data: 'c2VjcmV0' } }, { anything: 'else' });

      const pointers = aws.sqs.bodies('IngestDeadLetters').map((body) => JSON.parse(body));
      expect(pointers).toMatchObject([
        { type: 'pointer', function: name, reason: 'poison-payload', sizeBytes: 8 },
        { type: 'pointer', function: name, reason: 'poison-payload', sizeBytes: 0 },
      ]);
      const rejected = output.map((line) => JSON.parse(line)).filter((line) => 'Reason' in line);
      expect(rejected).toMatchObject([
        { Reason: 'poison-payload', RejectedEvents: 1 },
        { Reason: 'poison-payload', RejectedEvents: 1 },
      ]);
    },
  );
});

describe('packaged ingest-access-logs, subscribed by mistake', { timeout: TIMEOUT_MS }, () => {
  it.each([
    ['own-log-group', '/aws/lambda/gatewatch-prod-ingest-access-logs'],
    ['not-api-gateway', '/aws/lambda/orders'],
    ['not-api-gateway', 'API-Gateway-Execution-Logs_a1b2c3/prod'],
  ])('refuses as %s what comes from %s', async (reason, logGroup) => {
    const output = await run('ingest-access-logs', logsEvent(someRequests(recentMinuteMs()), logGroup));

    const rejected = output.map((line) => JSON.parse(line)).filter((line) => 'Reason' in line);
    expect(rejected).toMatchObject([{ Reason: reason, RejectedEvents: 7 }]);
    expect(callsOf('cloudwatch:PutMetricData') + callsOf('dynamodb:PutItem')).toBe(0);
  });
});

describe('packaged send-parked-metrics', { timeout: TIMEOUT_MS }, () => {
  it('publishes a parked call once, however often the queue hands it over', async () => {
    const minuteMs = recentMinuteMs();
    const event = parkedEvent(minuteMs);

    await run('send-parked-metrics', event, event);

    expect(await sumIn(minuteMs, 'RequestCount', {})).toBe(1);
  });

  it('keeps a pointer to a message that is none', async () => {
    await run('send-parked-metrics', queueEvent('secret'));

    const [pointer = ''] = aws.sqs.bodies('IngestDeadLetters');
    expect(JSON.parse(pointer)).toMatchObject({ function: 'send-parked-metrics', sizeBytes: 6 });
    expect(pointer).not.toContain('secret');
  });
});

describe('packaged ingest-execution-logs', { timeout: TIMEOUT_MS }, () => {
  it('publishes the cause that a line tells, once for repeated deliveries', async () => {
    const minuteMs = recentMinuteMs();
    const event = executionLogsEvent(minuteMs);

    await run('ingest-execution-logs', event, event);

    expect(await sumIn(minuteMs, 'ExecutionCause', { ...STAGE, Cause: 'integration.timeout' })).toBe(1);
  });
});

describe('packaged unsubscribe-log-groups', { timeout: TIMEOUT_MS }, () => {
  it('lets CloudFormation make the stack, and does nothing else for it', async () => {
    const answers: unknown[] = [];
    const cloudFormation = await startHttpServer(async ({ body }) => {
      answers.push(JSON.parse(body));
      return { status: 200, headers: {}, body: '' };
    });

    await run(
      'unsubscribe-log-groups',
      creationEvent('arn:aws:lambda:us-east-1:123456789012:function:any', `${cloudFormation.url}/answer`),
    ).finally(cloudFormation.stop);

    expect(answers).toMatchObject([{ Status: 'SUCCESS', LogicalResourceId: 'LogGroupSubscriptions' }]);
    expect(aws.calls).toEqual([]);
  });
});

describe('packaged check-headroom', { timeout: TIMEOUT_MS }, () => {
  it('says that it evaluated, once for each minute', async () => {
    await run('check-headroom', scheduledEvent(), scheduledEvent());

    const evaluated = aws.events.map(({ detail }) => {
      const { evaluator, through } = detail as { evaluator: string; through: string };
      return `${evaluator} ${through}`;
    });
    expect(aws.events[0]).toMatchObject({
      bus: 'AlertBus',
      source: 'gatewatch',
      type: 'evaluation.completed',
      detail: {
        evaluator: 'check-headroom',
        scope: { accountId: ACCOUNT_ID, region: REGION },
        openFindingIds: [],
      },
    });
    expect(new Set(evaluated).size).toBe(evaluated.length);
    expect(evaluated.map((text) => text.split(' ')[0])).toEqual(
      expect.arrayContaining(['check-headroom', 'check-headroom/sources', 'check-headroom/watch']),
    );
  });

  it('publishes the busiest second of the requests that were ingested', async () => {
    const minuteMs = recentMinuteMs();
    await putStage();
    await run('ingest-access-logs', logsEvent(someRequests(minuteMs)));

    await run('check-headroom', scheduledEvent());

    expect(await sumIn(minuteMs, 'AccountRpsPeak', {})).toBe(4);
    expect(await sumIn(minuteMs, 'AccountQuotaRps', {})).toBe(10_000);
  });

  it('asks for the quota once in a while, not in every process', async () => {
    await run('check-headroom', scheduledEvent(), scheduledEvent());
    await run('check-headroom', scheduledEvent());

    expect(callsOf('apigateway:GET')).toBe(1);
    expect(callsOf('servicequotas:GetServiceQuota')).toBe(2);
    const { Item } = await aws.dynamoDb.send(
      new GetItemCommand({ TableName: 'EvaluationsTable', Key: { key: { S: 'quota' } } }),
    );
    expect(JSON.parse(Item?.['document']?.S ?? '')).toMatchObject({
      schemaVersion: 1,
      status: { rateRps: 10_000, burst: 5_000, rateSource: 'get-account', burstSource: 'get-account' },
    });
  });
});

describe('packaged detect-anomalies', { timeout: TIMEOUT_MS }, () => {
  it('says that it looked for bodies in logs, errors and slowness', async () => {
    await putStage();

    await run('detect-anomalies', scheduledEvent());

    const completed = aws.events.map(({ type, detail }) => [
      type,
      (detail as { evaluator: string }).evaluator,
    ]);
    expect(completed).toEqual([
      ['evaluation.completed', 'detect-anomalies/watch'],
      ['evaluation.completed', 'detect-anomalies/logging'],
      ['evaluation.completed', 'detect-anomalies/errors'],
      ['evaluation.completed', 'detect-anomalies/latency'],
    ]);
    expect(callsOf('cloudwatch:GetMetricData')).toBe(2);
  });
});

/** The table holds the states of receivers and mutes as well. */
async function storedIncidents(): Promise<unknown[]> {
  const { Items = [] } = await aws.dynamoDb.send(new ScanCommand({ TableName: 'IncidentsTable' }));
  return Items.map(({ document }) => JSON.parse(document?.S ?? '{}')).filter(({ story }) => story);
}

describe('packaged dispatch-alerts', { timeout: TIMEOUT_MS }, () => {
  it('keeps a critical finding as an incident and tells each receiver once', async () => {
    const observedAt = new Date().toISOString();
    const finding = createFinding({ startedAt: observedAt, observedAt });
    const event = busEvent('gatewatch', 'findings', { schemaVersion: 1, findings: [finding] });

    await run('dispatch-alerts', event, event);

    expect(aws.publications).toHaveLength(1);
    expect(aws.publications[0]).toMatchObject({ topicArn: `arn:aws:sns:${REGION}:${ACCOUNT_ID}:AlertTopic` });
    expect(aws.publications[0]?.attributes).toMatchObject({ severity: 'critical', announcement: 'opened' });
    expect(aws.slackMessages).toHaveLength(1);
    expect(aws.slackMessages[0]?.text).toContain(finding.title);
    expect(await storedIncidents()).toMatchObject([
      { status: 'open', severity: 'critical', findings: [finding] },
    ]);
  });

  it('says nothing in a sweep with nothing to say', async () => {
    const output = await run('dispatch-alerts', { 'detail-type': 'sweep' });

    const metrics = output.map((line) => JSON.parse(line)).find((line) => line._aws !== undefined);
    expect(metrics).toMatchObject({ DeliveredAlerts: 0, FailedAlerts: 0, PutOffAlerts: 0 });
    expect([...aws.publications, ...aws.slackMessages]).toEqual([]);
  });

  it('records a heartbeat when its receivers are there, and tells them nothing', async () => {
    const output = await run('dispatch-alerts', { 'detail-type': 'heartbeat' });

    expect(output.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ Function: 'dispatch-alerts', AlertingHeartbeats: 1 }),
    );
    expect([...aws.publications, ...aws.slackMessages]).toEqual([]);
  });

  it('logs why a receiver could not be told anything, and records no heartbeat', async () => {
    parameters.delete(WEBHOOK_PARAMETER);

    const output = await run('dispatch-alerts', { 'detail-type': 'heartbeat' });

    expect(output.join('\n')).toContain('slack: no secret: ParameterNotFound');
    expect(output.join('\n')).not.toContain('AlertingHeartbeats');
  });

  it('keeps a message that a receiver refuses among the dead letters, without its content', async () => {
    const observedAt = new Date().toISOString();
    const finding = createFinding({ startedAt: observedAt, observedAt });
    parameters.set(WEBHOOK_PARAMETER, 'secret that is no address');

    const output = await run(
      'dispatch-alerts',
      busEvent('gatewatch', 'findings', { schemaVersion: 1, findings: [finding] }),
    );

    const [letter = '', ...others] = aws.sqs.bodies('AlertDeadLetters');
    expect(others).toEqual([]);
    expect(JSON.parse(letter)).toMatchObject({
      type: 'undeliverable',
      receiver: 'slack',
      reason: 'malformed address',
    });
    expect(output.join('\n')).toContain('"FailedAlerts":1');
    expect(output.join('\n') + letter).not.toContain('secret');
  });

  describe('with a bot', () => {
    const TOKEN_PARAMETER = '/gatewatch/slack-token';
    const CHANNEL = 'C0123456789';
    let slack: SlackServer;

    beforeEach(async () => {
      slack = await startSlackServer({ channels: [{ id: CHANNEL, name: 'alerts' }] });
      parameters.set(TOKEN_PARAMETER, SLACK_TOKEN);
    });

    afterEach(() => slack.stop());

    async function runWithBot(...events: readonly unknown[]): Promise<string[]> {
      return runWithTimeout(30_000, ...events);
    }

    async function runWithTimeout(timeoutMs: number, ...events: readonly unknown[]): Promise<string[]> {
      const variables = {
        TEST_TIMEOUT_MS: String(timeoutMs),
        SLACK_API_URL: slack.apiUrl,
        SLACK_CHANNEL: CHANNEL,
        SLACK_TOKEN_PARAMETER: TOKEN_PARAMETER,
        SLACK_WEBHOOK_PARAMETER: '',
      };
      const deployed = deployFunction('dispatch-alerts', stack, template, aws.url, variables);
      return deployed.invoke(...events).finally(deployed.remove);
    }

    it('posts one message for a finding that comes twice, and shows in it that it has ended', async () => {
      const observedAt = new Date().toISOString();
      const finding = createFinding({ startedAt: observedAt, observedAt });
      const through = new Date(Date.parse(observedAt) + 10 * MINUTE_MS).toISOString();
      const { evaluator, scope } = finding;
      const event = busEvent('gatewatch', 'findings', { schemaVersion: 1, findings: [finding] });
      const completed = { schemaVersion: 1, evaluator, scope, through, openFindingIds: [] };

      await runWithBot(event, event, busEvent('gatewatch', 'evaluation.completed', completed));

      const methods = slack.requests.map(({ path }) => path.split('/').at(-1));
      expect(methods).toEqual(['chat.postMessage', 'chat.update', 'chat.postMessage']);
      expect(slack.violations()).toBe(0);
    });

    it('ends well while Slack is down, tells the others, and catches Slack up with a sweep', async () => {
      const observedAt = new Date().toISOString();
      const finding = createFinding({ startedAt: observedAt, observedAt });
      slack.setOutage('rate-limited');

      const output = await runWithTimeout(
        LAST_CALL_MS + 1_000,
        busEvent('gatewatch', 'findings', { schemaVersion: 1, findings: [finding] }),
      );

      const metrics = output.map((line) => JSON.parse(line)).find((line) => line._aws !== undefined);
      expect(metrics).toMatchObject({ DeliveredAlerts: 1, FailedAlerts: 0, PutOffAlerts: 1 });
      expect(aws.publications).toHaveLength(1);
      expect(slack.channels[0]?.messages).toEqual([]);

      slack.setOutage(null);
      await runWithBot({ 'detail-type': 'sweep' });

      expect(slack.channels[0]?.messages.map(({ text }) => text)).toEqual([
        expect.stringContaining(finding.title),
      ]);
      expect(aws.publications).toHaveLength(1);
    });

    it('records a heartbeat if Slack takes the token', async () => {
      const output = await runWithBot({ 'detail-type': 'heartbeat' });

      const paths = slack.requests.map(({ path }) => path);
      expect(paths).toEqual(['/api/auth.test', '/api/conversations.history']);
      expect(output.join('\n')).toContain('"AlertingHeartbeats":1');
    });

    it('says that Slack does not take the token, and not what it is', async () => {
      parameters.set(TOKEN_PARAMETER, 'xoxb-revoked');

      const output = await runWithBot({ 'detail-type': 'heartbeat' });

      expect(output.join('\n')).toContain('slack: invalid_auth');
      expect(output.join('\n')).not.toMatch(/xoxb|AlertingHeartbeats/);
    });
  });

  it('closes the incident when an evaluation no longer holds its finding', async () => {
    const observedAt = new Date().toISOString();
    const finding = createFinding({ startedAt: observedAt, observedAt });
    const through = new Date(Date.parse(observedAt) + 10 * MINUTE_MS).toISOString();
    const { evaluator, scope } = finding;
    const completed = { schemaVersion: 1, evaluator, scope, through, openFindingIds: [] };

    await run(
      'dispatch-alerts',
      busEvent('gatewatch', 'findings', { schemaVersion: 1, findings: [finding] }),
      busEvent('gatewatch', 'evaluation.completed', completed),
    );

    expect(aws.publications.map(({ attributes }) => attributes['announcement'])).toEqual([
      'opened',
      'closed',
    ]);
    expect(aws.slackMessages).toHaveLength(2);
  });

  it('makes one incident of an alarm that comes by EventBridge and by SNS, and closes it', async () => {
    const events = [
      'metric.event',
      'metric.sns',
      'foreign.event',
      'own.event',
      'metric-ok.sns',
      'metric-ok.event',
    ];

    await run('dispatch-alerts', ...events.map(alarmEvent));

    expect(await storedIncidents()).toMatchObject([
      {
        story: { kind: 'alarm', key: 'alarm|123456789012|us-east-1|orders-5xx' },
        status: 'closed',
        severity: 'critical',
        openedAt: '2026-03-02T14:05:40.989Z',
        closedAt: '2026-03-02T14:25:40.990Z',
      },
    ]);
    expect(aws.publications.map(({ attributes }) => attributes['announcement'])).toEqual([
      'opened',
      'closed',
    ]);
  });
});

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES, findFunction, permissionOf } from '#test/infra/functions.ts';
import { packageStack } from '#test/infra/package-stack.ts';
import { onlyResource, resolveTemplate, resourcesOf, type Template } from '#test/infra/template.ts';

const PACKAGE_TIMEOUT_MS = 120_000;
const ROOT = resolve(import.meta.dirname, '../..');

type CheckParameters = {
  readonly findProblems: (parameters: Readonly<Record<string, unknown>>) => string[];
  readonly PARAMETERS: readonly string[];
};

const { findProblems, PARAMETERS }: CheckParameters = createRequire(import.meta.url)(
  join(ROOT, 'infra/check-parameters.cjs'),
);

const RIGHT = {
  alarmEmail: 'oncall@example.com',
  alarmNames: '',
  alarmTopicArn: '',
  availabilityTarget: 0.999,
  ingestConcurrency: 20,
  logRetentionDays: 30,
  putMetricDataQuota: 500,
  quotaBurst: '',
  quotaRps: '',
  reserveConcurrency: 'yes',
  runbookUrl: '',
  settleSeconds: 60,
  slackApiUrl: '',
  slackChannel: '',
  slackMention: '',
  slackMinSeverity: 'warning',
  slackTokenParameter: '',
  slackWebhookParameter: '',
  snsMinSeverity: 'warning',
  subscribe: 'auto',
};

const BOT = { ...RIGHT, slackTokenParameter: '/gatewatch/slack-token', slackChannel: 'C0123456789' };
const ALARM_TOPIC_ARN = 'arn:aws:sns:us-east-1:123456789012:alarms';

async function packageTemplate(params: Readonly<Record<string, string>>): Promise<Template> {
  const stack = await packageStack(params);
  stack.remove();
  return resolveTemplate(stack.template);
}

/** The topic of somebody's alarms may invoke dispatch-alerts, and put what it cannot hand over into the dead letters. */
function expectAlarmTopic(deployed: Template): void {
  const target = findFunction(deployed, 'dispatch-alerts');
  expect(permissionOf(deployed, target, ALARM_TOPIC_ARN)).toEqual({
    FunctionName: `${target.id}.Arn`,
    Action: 'lambda:InvokeFunction',
    Principal: 'sns.amazonaws.com',
    SourceArn: ALARM_TOPIC_ARN,
  });
  expect(
    onlyResource(deployed, 'AWS::SNS::Subscription', ({ TopicArn }) => TopicArn === ALARM_TOPIC_ARN),
  ).toEqual({
    TopicArn: ALARM_TOPIC_ARN,
    Protocol: 'lambda',
    Endpoint: `${target.id}.Arn`,
    RedrivePolicy: { deadLetterTargetArn: 'AlertDeadLetters.Arn' },
  });
  const { PolicyDocument } = onlyResource(deployed, 'AWS::SQS::QueuePolicy', ({ Queues }) =>
    Queues.includes('AlertDeadLetters'),
  );
  expect(PolicyDocument.Statement[1].Condition.ArnEquals['aws:SourceArn']).toContain(ALARM_TOPIC_ARN);
}

/** What the first group of a pattern matches in a file between two texts. */
function namesIn(file: string, pattern: RegExp, from: string, to: string): string[] {
  const [, after = ''] = readFileSync(join(ROOT, file), 'utf8').split(from);
  return [...(after.split(to)[0] ?? '').matchAll(pattern)].map(([, name]) => name ?? '').sort();
}

describe('findProblems()', () => {
  it('finds nothing wrong with the defaults and an address', () => {
    expect(findProblems(RIGHT)).toEqual([]);
  });

  it('knows the parameters of serverless.yml, which are those of the documentation', () => {
    const inConfiguration = namesIn('serverless.yml', /^ {4}(\w+):/gm, 'params:', 'provider:');
    const inDocumentation = namesIn('docs/configuration.md', /^\| `(\w+)` \|/gm, '| parameter |', '##');

    expect([...PARAMETERS].sort()).toEqual(inConfiguration);
    expect(inDocumentation).toEqual(inConfiguration);
  });

  it('names a mistyped parameter, and those that there are', () => {
    const [problem] = findProblems({ ...RIGHT, quotaRPS: '1' });

    expect(problem).toMatch(/^quotaRPS is no parameter; there are .*quotaRps/);
  });

  it.each([
    ['alarmNames', 'shop-down'],
    ['alarmNames', 'shop-*, Payments: error rate > 5 %,*'],
    ['alarmTopicArn', ALARM_TOPIC_ARN],
    ['alarmTopicArn', 'arn:aws-cn:sns:cn-north-1:123456789012:Alarms_of-all'],
  ])('takes %s "%s"', (name, value) => {
    expect(findProblems({ ...RIGHT, [name]: value })).toEqual([]);
  });

  it.each([
    ['alarmEmail', ''],
    ['alarmEmail', 'oncall'],
    ['alarmNames', 'shop-down,'],
    ['alarmNames', ' , '],
    ['alarmNames', 'x'.repeat(256)],
    ['alarmNames', Array.from({ length: 201 }, () => 'ten-letter').join(',')],
    ['alarmTopicArn', 'alarms'],
    ['alarmTopicArn', `${ALARM_TOPIC_ARN}.fifo`],
    ['alarmTopicArn', `${ALARM_TOPIC_ARN}:95df01b4-ee98-5cb9-9903-4c221d41eb5e`],
    ['alarmTopicArn', ALARM_TOPIC_ARN.replace('sns', 'sqs')],
    ['availabilityTarget', '1'],
    ['availabilityTarget', '99.9'],
    ['ingestConcurrency', '0'],
    ['ingestConcurrency', '2.5'],
    ['logRetentionDays', 'month'],
    ['putMetricDataQuota', '-1'],
    ['quotaBurst', '0'],
    ['quotaRps', '10k'],
    ['reserveConcurrency', 'true'],
    ['runbookUrl', 'wiki/runbook'],
    ['runbookUrl', 'https://wiki.example.com/runbook#top'],
    ['settleSeconds', '0'],
    ['settleSeconds', '601'],
    ['slackApiUrl', 'https://slack-gov.com/api'],
    ['slackChannel', 'alerts'],
    ['slackChannel', '#my alerts'],
    ['slackMention', 'here'],
    ['slackMention', '<!here> <!channel>'],
    ['slackMinSeverity', 'info'],
    ['slackTokenParameter', 'xoxb-hooks.slack.com and more'],
    ['slackTokenParameter', '/aws/reference/secretsmanager/'],
    ['slackWebhookParameter', 'https://hooks.slack.com/services/T000/B000/secret'],
    ['snsMinSeverity', ''],
    ['subscribe', 'Auto'],
  ])('refuses %s "%s" without repeating the value', (name, value) => {
    const [problem, ...others] = findProblems({ ...RIGHT, [name]: value });

    expect(others).toEqual([]);
    expect(problem).toMatch(new RegExp(`^${name} must be `));
    expect(problem).not.toContain('hooks.slack.com');
  });

  it.each([
    ['runbookUrl', 'https://github.com/acme/gatewatch/blob/main/docs/runbook.md'],
    ['slackApiUrl', 'https://slack-gov.com/api/'],
    ['slackChannel', 'G0123ABCD'],
    ['slackChannel', '#überwachung-prod_1'],
    ['slackMention', '<!here>'],
    ['slackMention', '<!subteam^S0123ABC>'],
    ['slackMention', '<@U0123ABC>'],
    ['slackMinSeverity', 'critical'],
    ['slackTokenParameter', '/aws/reference/secretsmanager/team/slack+bot@prod'],
  ])('takes %s "%s"', (name, value) => {
    expect(findProblems({ ...BOT, [name]: value })).toEqual([]);
  });

  it.each([
    [
      { ...BOT, slackWebhookParameter: '/gatewatch/slack-webhook' },
      /^slackWebhookParameter must be empty with/,
    ],
    [{ ...BOT, slackChannel: '' }, /^slackChannel must be set/],
    [{ ...RIGHT, slackChannel: '#alerts' }, /^slackChannel must be empty/],
    [{ ...RIGHT, slackMention: '<!here>' }, /^slackMention must be empty/],
  ])('refuses what does not go together', (parameters, message) => {
    const problems = findProblems(parameters);

    expect(problems).toEqual([expect.stringMatching(message)]);
  });
});

describe('parameters', { timeout: PACKAGE_TIMEOUT_MS }, () => {
  it('that are wrong keep a stack from being packaged', async () => {
    const packaging = packageStack({ alarmEmail: 'nobody', quotaRPS: '20000' });

    await expect(packaging).rejects.toThrow(
      /quotaRPS is no parameter.*\nalarmEmail must be an e-mail address/,
    );
  });

  it('a stack with values for all parameters uses them', async () => {
    const deployed = await packageTemplate({
      alarmEmail: 'somebody@example.com',
      alarmNames: 'shop-*,payments-down',
      alarmTopicArn: ALARM_TOPIC_ARN,
      availabilityTarget: '0.99',
      ingestConcurrency: '40',
      logRetentionDays: '14',
      putMetricDataQuota: '1000',
      quotaBurst: '9000',
      quotaRps: '20000',
      settleSeconds: '120',
      runbookUrl: 'https://wiki.example.com/runbook',
      slackApiUrl: 'https://slack-gov.com/api/',
      slackChannel: 'C0123456789',
      slackMention: '<!here>',
      slackMinSeverity: 'critical',
      slackTokenParameter: '/gatewatch/slack-token',
      snsMinSeverity: 'critical',
      subscribe: 'manual',
    });

    const variables = FUNCTION_NAMES.map(
      (name) => findFunction(deployed, name).properties.Environment.Variables,
    );
    expect(Object.assign({}, ...variables)).toMatchObject({
      ALARM_NAMES: 'shop-*,payments-down',
      AVAILABILITY_TARGET_RATIO: '0.99',
      QUOTA_BURST: '9000',
      QUOTA_RPS: '20000',
      SETTLE_SECONDS: '120',
      RUNBOOK_URL: 'https://wiki.example.com/runbook',
      SLACK_API_URL: 'https://slack-gov.com/api/',
      SLACK_CHANNEL: 'C0123456789',
      SLACK_MENTION: '<!here>',
      SLACK_MIN_SEVERITY: 'critical',
      SLACK_TOKEN_PARAMETER: '/gatewatch/slack-token',
      SLACK_WEBHOOK_PARAMETER: '',
      SNS_MIN_SEVERITY: 'critical',
      SUBSCRIBE_MODE: 'manual',
    });
    const subscriptions = resourcesOf(deployed, 'AWS::SNS::Subscription').map(([, { Endpoint }]) => Endpoint);
    const dispatchArn = `${findFunction(deployed, 'dispatch-alerts').id}.Arn`;
    expect(subscriptions.toSorted()).toEqual([dispatchArn, 'somebody@example.com'].toSorted());
    expectAlarmTopic(deployed);
    const groups = resourcesOf(deployed, 'AWS::Logs::LogGroup');
    expect(groups.map(([, { RetentionInDays }]) => RetentionInDays)).toEqual(FUNCTION_NAMES.map(() => 14));
    const { ReservedConcurrentExecutions } = findFunction(deployed, 'ingest-access-logs').properties;
    expect(Number(ReservedConcurrentExecutions)).toBe(40);
    expect(deployed.Resources['PutMetricDataCallsHigh']?.Properties.Metrics[0].Expression).toBe(
      'calls / (60 * 1000)',
    );
    expect(deployed.Outputs['SubscribeMode']?.Value).toBe('manual');
  });

  it('a stack without reserved concurrency fits into an account that has none to spare', async () => {
    const deployed = await packageTemplate({ reserveConcurrency: 'no' });

    for (const name of FUNCTION_NAMES) {
      expect(findFunction(deployed, name).properties.ReservedConcurrentExecutions).toBeUndefined();
    }
  });
});

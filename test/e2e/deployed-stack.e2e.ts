import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DeleteApiCommand } from '@aws-sdk/client-apigatewayv2';
import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLogGroupCommand, PutSubscriptionFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHttpApi, createRestApi, type LoggedStage } from '#test/e2e/account/apis.ts';
import { writeLog } from '#test/e2e/account/log-writer.ts';
import { type Mailbox, openMailbox } from '#test/e2e/account/mailbox.ts';
import { sumOf } from '#test/e2e/account/metrics.ts';
import {
  accessLog,
  executionLog,
  steadily,
  THROTTLED,
  TIMEOUT,
  type Traffic,
} from '#test/e2e/account/traffic.ts';
import { ensurePythonEnvironment } from '#test/e2e/emulator/python-environment.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { allows, describePermission, type Permission } from '#test/e2e/gateway/permissions.ts';
import { serviceMadeCalls } from '#test/e2e/gateway/service-made-calls.ts';
import {
  type DeployedStack,
  deployStack,
  packageForTests,
  STACK_NAME,
} from '#test/e2e/stack/deployed-stack.ts';
import { type EmulatedAws, startEmulatedAws } from '#test/e2e/stack/emulated-aws.ts';
import { readWatermark, setBack } from '#test/e2e/stack/evaluations.ts';
import { listLeftovers } from '#test/e2e/stack/leftovers.ts';
import { readFunctionLog, sumOfEmbedded } from '#test/e2e/stack/pipeline-metrics.ts';
import { previousRelease } from '#test/e2e/stack/previous-release.ts';
import { GOOD_MANNERS } from '#test/fakes/cloudwatch-server.ts';
import { FUNCTION_NAMES } from '#test/infra/functions.ts';
import type { PackagedStack } from '#test/infra/package-stack.ts';

const MINUTE_MS = 60_000;

let packaged: PackagedStack;
let aws: EmulatedAws;
let stack: DeployedStack;
let mailbox: Mailbox;
let orders: LoggedStage;
let partner: LoggedStage;
/** The minute in which the traffic is written. */
let nowMinuteMs: number;

beforeAll(async () => {
  [aws, packaged] = await Promise.all([startEmulatedAws(), packageForTests()]);
});

afterEach(({ task }) => {
  if (task.result?.state === 'fail') console.log(aws.gateway.failures, aws.miniStack.logTail());
});

afterAll(async () => {
  await aws?.stop();
  packaged?.remove();
});

/** What is in a series around the time of the tests. */
function total(name: string, dimensions: Record<string, string> = {}): Promise<number> {
  const { cloudWatch } = aws.clients;
  return sumOf(cloudWatch, { name, dimensions }, nowMinuteMs - 30 * MINUTE_MS, nowMinuteMs + 10 * MINUTE_MS);
}

/** Where the service writes the execution log of the REST stage. */
function executionLogGroup(): string {
  return `API-Gateway-Execution-Logs_${orders.apiId}/prod`;
}

function table(name: string): string {
  return stack.outputs[`${name}TableName`] ?? '';
}

async function incidents(): Promise<{ status: string; story: { key: string }; version: number }[]> {
  const { Items = [] } = await aws.clients.dynamoDb.send(new ScanCommand({ TableName: table('Incidents') }));
  return Items.map(({ document }) => JSON.parse(document?.S ?? ''));
}

async function messagesIn(queue: string): Promise<number> {
  const { Attributes } = await aws.clients.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: stack.resources[queue],
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  return Number(Attributes?.['ApproximateNumberOfMessages']);
}

describe('deployment', () => {
  it('has a template in which cfn-lint finds nothing but what .cfnlintrc explains', async () => {
    const { cfnLint } = await ensurePythonEnvironment();
    const template = join(packaged.directory, '.serverless/cloudformation-template-update-stack.json');

    const { stdout } = await promisify(execFile)(cfnLint, ['--regions', 'us-east-1', '--template', template]);

    expect(stdout).toBe('');
  });

  it('updates the previous release in place and keeps what its tables hold', async () => {
    const before = previousRelease(packaged);
    stack = await deployStack(aws, before);
    const tables = ['Incidents', 'Inventory', 'Ledger', 'Evaluations'];
    const namesBefore = tables.map(table);
    for (const name of namesBefore) {
      const item = { key: { S: '#kept' }, kept: { S: name } };
      await aws.clients.dynamoDb.send(new PutItemCommand({ TableName: name, Item: item }));
    }

    stack = await deployStack(aws, packaged);

    before.remove();
    if (stack.leftOut.length > 0) console.log('Left out of the template:', stack.leftOut);
    expect(tables.map(table)).toEqual(namesBefore);
    for (const name of namesBefore) {
      const { Items = [] } = await aws.clients.dynamoDb.send(new ScanCommand({ TableName: name }));
      expect(Items.find(({ key }) => key?.S === '#kept')).toMatchObject({ kept: { S: name } });
      await aws.clients.dynamoDb.send(
        new DeleteItemCommand({ TableName: name, Key: { key: { S: '#kept' } } }),
      );
    }
  });
});

describe('subscribe-log-groups', () => {
  it('finds the stages and subscribes their log groups; a full group is left alone', async () => {
    const { apiGateway, apiGatewayV2, logs } = aws.clients;
    orders = await createRestApi(apiGateway, logs, 'orders-api');
    partner = await createHttpApi(apiGatewayV2, logs, 'partner-api');
    const full = await createHttpApi(apiGatewayV2, logs, 'full-api');
    for (const filterName of ['theirs', 'others']) {
      const destinationArn = stack.outputs['IngestAccessLogsFunctionArn'];
      await logs.send(
        new PutSubscriptionFilterCommand({
          logGroupName: full.logGroup,
          filterName,
          filterPattern: '',
          destinationArn,
        }),
      );
    }

    await stack.invoke('subscribe-log-groups');

    const { Items = [] } = await aws.clients.dynamoDb.send(
      new ScanCommand({ TableName: table('Inventory') }),
    );
    const stages = Items.filter(({ document }) => document !== undefined).map(({ document }) =>
      JSON.parse(document?.S ?? ''),
    );
    expect(stages).toHaveLength(3);
    expect(stages.find(({ apiId }) => apiId === orders.apiId)).toMatchObject({
      apiName: 'orders-api',
      apiType: 'REST',
      stage: 'prod',
      logGroup: '/aws/api-gateway/orders-api',
      executionLogGroup: `API-Gateway-Execution-Logs_${orders.apiId}/prod`,
      executionLogLevel: 'ERROR',
      limits: { rateRps: 40, burst: 20 },
      integrationTimeoutMs: 12_000,
      tracing: false,
    });
    for (const { logGroup } of [orders, partner]) {
      expect(aws.gateway.logs.filtersOf(logGroup)).toMatchObject([
        { filterName: `${STACK_NAME}-access`, destinationArn: stack.outputs['IngestAccessLogsFunctionArn'] },
      ]);
    }
    expect(aws.gateway.logs.filtersOf(full.logGroup).map(({ filterName }) => filterName)).toEqual([
      'theirs',
      'others',
    ]);
    expect(await sumOfEmbedded(aws.clients.logs, 'subscribe-log-groups', 'UnsubscribedLogGroups')).toBe(1);
  });

  it('subscribes an execution-log group once the service has made it', async () => {
    const logGroupName = executionLogGroup();
    await aws.clients.logs.send(new CreateLogGroupCommand({ logGroupName }));

    await stack.invoke('subscribe-log-groups');

    expect(aws.gateway.logs.filtersOf(logGroupName)).toMatchObject([
      {
        filterName: `${STACK_NAME}-execution`,
        destinationArn: stack.outputs['IngestExecutionLogsFunctionArn'],
      },
    ]);
  });
});

/** The first call of a function after a time, which must come. */
function callAfter(afterMs: number, caller: string, action: string, resource = ''): number | null {
  const name = `${STACK_NAME}-${caller}`;
  const call = aws.gateway.calls.find(
    (candidate) =>
      candidate.answeredMs >= afterMs &&
      candidate.caller === name &&
      candidate.action === action &&
      candidate.resource.includes(resource),
  );
  return call?.answeredMs ?? null;
}

describe('from log line to message', () => {
  const hops: [string, number][] = [];
  const surge = (): Traffic[] => [
    ...steadily(nowMinuteMs - 4 * MINUTE_MS, 20, 100),
    ...steadily(nowMinuteMs - 4 * MINUTE_MS, 20, 20, THROTTLED),
  ];
  /** Quiet before and after, and some minutes ahead, so that time passes with traffic. */
  const quiet = (): Traffic[] => steadily(nowMinuteMs - 8 * MINUTE_MS, 12 * 60, 2);
  const timeouts = (): Traffic[] => steadily(nowMinuteMs - 4 * MINUTE_MS, 30, 1, TIMEOUT);
  const QUIET = 12 * 60 * 2;

  it('counts every line of the access logs, once', async () => {
    // Evaluators that ran before all stages were found know an older inventory for five minutes.
    await aws.miniStack.restart();
    mailbox = await openMailbox(aws.clients, stack.outputs['AlertTopicArn'] ?? '');
    nowMinuteMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;

    await writeLog(aws.clients.logs, partner.logGroup, accessLog(partner, [...quiet(), ...surge()]));
    await writeLog(aws.clients.logs, orders.logGroup, accessLog(orders, [...quiet(), ...timeouts()]));
    const writtenMs = Date.now();
    hops.push(['PutLogEvents', writtenMs]);

    const expected = 2 * QUIET + 20 * 120 + 30;
    await eventually('all requests', 30, async () =>
      (await sumOfEmbedded(aws.clients.logs, 'ingest-access-logs', 'IngestedEvents')) >= expected
        ? true
        : null,
    );
    hops.push(['metrics can be read', Date.now()]);
    const ofPartner = { ApiId: partner.apiId, Stage: partner.stage };
    const ofOrders = { ApiId: orders.apiId, Stage: orders.stage };
    expect(await total('RequestCount')).toBe(expected);
    expect(await total('ThrottledCount')).toBe(400);
    expect(await total('RequestCount', ofPartner)).toBe(QUIET + 2_400);
    expect(await total('ThrottledCount', ofPartner)).toBe(400);
    expect(await total('ClientErrorCount', ofPartner)).toBe(400);
    expect(await total('RequestCount', ofOrders)).toBe(QUIET + 30);
    expect(await total('ServerErrorCount', ofOrders)).toBe(30);
    expect(await total('ErrorCount', { ...ofOrders, Cause: 'integration.timeout' })).toBe(30);
    expect(await total('Latency', ofOrders)).toBe(QUIET * 40 + 30 * 29_001);
    expect(await total('IntegrationLatency', ofOrders)).toBe(QUIET * 37);
  });

  it('counts the telling lines of execution logs, by cause', async () => {
    const logGroup = executionLogGroup();
    const key = '**********************************F0yrv6';
    const usagePlan = `API Key ${key} exceeded throttle limit for API Stage ${orders.apiId}/prod: Key throttle limit exceeded for Usage Plan ID nnpegc, RestApi ${orders.apiId}, Stage prod, Resource f646q2, HttpMethod GET. Limit: 5.00 Burst: 10`;
    await writeLog(aws.clients.logs, logGroup, [
      ...executionLog(nowMinuteMs, [
        ['Execution failed due to a timeout error', 'Method completed with status: 504'],
        ['Execution failed due to a timeout error', 'Method completed with status: 504'],
        [usagePlan, 'Method completed with status: 429'],
        ['Starting execution for request: x', 'Method completed with status: 200'],
      ]),
    ]);

    const dimensions = { ApiId: orders.apiId, Stage: 'prod' };
    const timeouts = { ...dimensions, Cause: 'integration.timeout' };
    await eventually('execution causes', 20, async () =>
      (await total('ExecutionCause', timeouts)) > 0 ? true : null,
    );
    expect(await total('ExecutionCause', timeouts)).toBe(2);
    expect(await total('ExecutionCause', { ...dimensions, Cause: 'throttle.usage-plan' })).toBe(1);

    await aws.gateway.logs.redeliver(logGroup);
    await eventually('the repetition', 20, async () =>
      (await sumOfEmbedded(aws.clients.logs, 'ingest-execution-logs', 'RepeatedEnvelopes')) === 1
        ? true
        : null,
    );
    expect(await total('ExecutionCause', timeouts)).toBe(2);
  });

  it('runs on its schedule, opens an incident each for quota and timeouts, and tells Slack and SNS', async () => {
    const startMs = hops[0]?.[1] ?? 0;

    await eventually('both incidents in Slack', 90, () => (aws.slack.messages.length >= 2 ? true : null));
    hops.push(['Slack has it', Date.now()]);
    const mails = await eventually('two mails', 90, async () => {
      const all = await mailbox.read();
      return all.length >= 2 ? all : null;
    });

    hops.push(
      [
        'check-headroom read the metrics',
        callAfter(startMs, 'check-headroom', 'cloudwatch:GetMetricData') ?? 0,
      ],
      [
        'check-headroom put the findings on the bus',
        callAfter(startMs, 'check-headroom', 'events:PutEvents') ?? 0,
      ],
      [
        'dispatch-alerts wrote the incident',
        callAfter(startMs, 'dispatch-alerts', 'dynamodb:PutItem', 'Incidents') ?? 0,
      ],
      ['dispatch-alerts published to SNS', callAfter(startMs, 'dispatch-alerts', 'sns:Publish') ?? 0],
    );
    for (const [hop, atMs] of hops.sort(([, a], [, b]) => a - b)) {
      console.log(`${((atMs - startMs) / 1_000).toFixed(3).padStart(8)} s  ${hop}`);
    }
    const texts = aws.slack.messages.map(({ text }) => text).sort();
    expect(texts).toEqual([
      expect.stringContaining('CRITICAL open: Account throttle exhausted'),
      expect.stringContaining('open: orders-api/prod'),
    ]);
    expect(JSON.stringify(aws.slack.messages)).toContain('partner-api/$default');
    expect(mails.map(({ Subject }) => Subject).sort()).toEqual([
      expect.stringContaining('CRITICAL open: Account throttle exhausted'),
      expect.stringContaining('open: orders-api/prod'),
    ]);
    expect((await incidents()).map(({ status }) => status)).toEqual(['open', 'open']);
  });
});

describe('what goes wrong', () => {
  /** A stage that only its log lines know, for counts that no other test touches. */
  function someStage(): { apiId: string; stage: string } {
    return { apiId: randomBytes(5).toString('hex'), stage: 'faults' };
  }

  async function count(writer: { apiId: string; stage: string }, requests: number): Promise<void> {
    // Long enough ago that no evaluator looks at it.
    const traffic = [
      { secondMs: nowMinuteMs - 20 * MINUTE_MS, requests, outcome: { ...TIMEOUT, status: 200, fields: {} } },
    ];
    await writeLog(aws.clients.logs, partner.logGroup, accessLog(writer, traffic));
  }

  const requestsOf = ({ apiId, stage: Stage }: { apiId: string; stage: string }) =>
    total('RequestCount', { ApiId: apiId, Stage });
  const ownMetric = (name: string) => sumOfEmbedded(aws.clients.logs, 'ingest-access-logs', name);

  it('throttle: what CloudWatch put off is counted once', async () => {
    const writer = someStage();
    const doubtBefore = await ownMetric('PossiblyRepeatedEvents');
    aws.gateway.faults.inject({ name: 'throttle', action: 'cloudwatch:PutMetricData', times: 2 });

    await count(writer, 25);

    await eventually('the requests', 30, async () => ((await requestsOf(writer)) > 0 ? true : null));
    expect(aws.gateway.faults.pending()).toBe(0);
    expect(await requestsOf(writer)).toBe(25);
    expect(await ownMetric('PossiblyRepeatedEvents')).toBe(doubtBefore);
  });

  it.each(['drop-after-accepting', 'error-after-accepting'] as const)(
    '%s: what was counted twice is inside the stated doubt',
    async (name) => {
      const writer = someStage();
      const doubtBefore = await ownMetric('PossiblyRepeatedEvents');
      aws.gateway.faults.inject({ name, action: 'cloudwatch:PutMetricData', times: 1 });

      await count(writer, 25);

      await eventually('the doubt', 30, async () =>
        (await ownMetric('PossiblyRepeatedEvents')) > doubtBefore ? true : null,
      );
      const sum = await requestsOf(writer);
      const doubt = (await ownMetric('PossiblyRepeatedEvents')) - doubtBefore;
      expect(sum).toBe(50);
      expect([sum - doubt, doubt]).toEqual([25, 25]);
    },
  );

  it('table-missing: a batch waits for its ledger and is counted once', async () => {
    const writer = someStage();
    aws.gateway.faults.inject({ name: 'table-missing', action: 'dynamodb:PutItem', times: 1 });

    await count(writer, 25);

    await eventually('the requests', 30, async () => ((await requestsOf(writer)) > 0 ? true : null));
    expect(aws.gateway.faults.pending()).toBe(0);
    expect(await requestsOf(writer)).toBe(25);
  });

  it('a batch that is delivered twice is counted once', async () => {
    const writer = someStage();
    await count(writer, 25);
    await eventually('the requests', 30, async () => ((await requestsOf(writer)) > 0 ? true : null));
    const repeatedBefore = await ownMetric('RepeatedEnvelopes');

    await aws.gateway.logs.redeliver(partner.logGroup);

    await eventually('the repetition', 30, async () =>
      (await ownMetric('RepeatedEnvelopes')) > repeatedBefore ? true : null,
    );
    expect(await requestsOf(writer)).toBe(25);
  });

  it('a batch that nobody can read goes to the dead letters, and the next one is counted', async () => {
    const before = await messagesIn('IngestDeadLetters');
    const poison = { awslogs: { data: Buffer.from('not gzip, secret-4711').toString('base64') } };
    await aws.clients.lambda.send(
      new InvokeCommand({
        FunctionName: `${STACK_NAME}-ingest-access-logs`,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(poison)),
      }),
    );
    const writer = someStage();
    await count(writer, 25);

    await eventually('the dead letter', 30, async () =>
      (await messagesIn('IngestDeadLetters')) > before ? true : null,
    );
    await eventually('the requests', 30, async () => ((await requestsOf(writer)) > 0 ? true : null));
    expect(await messagesIn('IngestDeadLetters')).toBe(before + 1);
    expect(await requestsOf(writer)).toBe(25);
    const log = (await readFunctionLog(aws.clients.logs, 'ingest-access-logs')).join('\n');
    expect(log).not.toContain('secret-4711');
  });
});

describe('what the evaluators live with', () => {
  const evaluator = 'check-headroom';

  /** What the newest run said about the account, as dispatch got it. */
  async function run(): Promise<string> {
    const before = (await readFunctionLog(aws.clients.logs, evaluator)).length;
    await stack.invoke(evaluator);
    const lines = (await readFunctionLog(aws.clients.logs, evaluator)).slice(before);
    return lines.find((line) => line.includes('Headroom checked')) ?? '';
  }

  const rewind = (minutes: number) => setBack(aws.clients.dynamoDb, table('Evaluations'), evaluator, minutes);
  const reads = () =>
    aws.gateway.calls.filter(
      ({ caller, action }) =>
        caller === `${STACK_NAME}-${evaluator}` && action === 'cloudwatch:GetMetricData',
    ).length;

  it('visibility delay: points that are hidden now are found by a later run', async () => {
    await rewind(1);
    aws.gateway.cloudWatch.hiddenForSeconds = 3_600;
    expect(await run()).not.toContain('demandRps');

    aws.gateway.cloudWatch.hiddenForSeconds = 0;
    await rewind(1);
    expect(await run()).toContain('demandRps');
  });

  it('PartialData: pages are read to the end', async () => {
    await rewind(1);
    const whole = await run();
    const readsBefore = reads();

    aws.gateway.cloudWatch.pageSize = 50;
    await rewind(1);
    const paged = await run();

    aws.gateway.cloudWatch.pageSize = GOOD_MANNERS.pageSize;
    expect(reads() - readsBefore).toBeGreaterThan(5);
    expect(JSON.parse(paged).headroom).toEqual(JSON.parse(whole).headroom);
  });

  it('1-second data is gone after 3 hours: an evaluator that stood still for 5 goes on from what there is', async () => {
    await rewind(5 * 60);

    expect(await run()).toContain('"status":"evaluated"');

    const state = await readWatermark(aws.clients.dynamoDb, table('Evaluations'), evaluator);
    expect(state?.throughMs).toBeGreaterThanOrEqual(nowMinuteMs);
  });
});

describe('restart of the emulator', () => {
  it('loses no incident and tells nothing twice', async () => {
    const messagesBefore = aws.slack.messages.length;
    const openBefore = (await incidents()).map(({ story }) => story.key).sort();

    await aws.miniStack.restart();
    await setBack(aws.clients.dynamoDb, table('Evaluations'), 'check-headroom', 1);
    await stack.invoke('check-headroom');
    await stack.invoke('detect-anomalies');

    expect((await incidents()).map(({ story }) => story.key).sort()).toEqual(openBefore);
    await wait(2_000); // what should not come would have come by now
    expect(aws.slack.messages).toHaveLength(messagesBefore);
  });
});

describe('our own alarms', () => {
  it('tell the topic themselves, without any function of ours', async () => {
    const callsBefore = aws.gateway.calls.length;

    await aws.clients.cloudWatch.send(
      new SetAlarmStateCommand({
        AlarmName: stack.resources['IngestDeadLettersWaiting'],
        StateValue: 'ALARM',
        StateReason: 'end-to-end test',
      }),
    );

    const mail = await eventually(
      'the mail of the alarm',
      20,
      async () => (await mailbox.read()).find(({ Subject }) => Subject?.startsWith('ALARM:')) ?? null,
    );
    expect(JSON.parse(mail.Message)).toMatchObject({
      NewStateValue: 'ALARM',
      AlarmDescription: expect.stringContaining('docs/runbook.md#'),
    });
    const publishedByUs = aws.gateway.calls
      .slice(callsBefore)
      .filter(({ action }) => action === 'sns:Publish');
    expect(publishedByUs).toEqual([]);
  });
});

describe('an API that is gone', () => {
  it('leaves neither an item in the inventory nor a filter', async () => {
    const { apiGatewayV2, dynamoDb, logs } = aws.clients;
    const gone = await createHttpApi(apiGatewayV2, logs, 'gone-api');
    await stack.invoke('subscribe-log-groups');
    expect(aws.gateway.logs.filtersOf(gone.logGroup)).toHaveLength(1);

    await apiGatewayV2.send(new DeleteApiCommand({ ApiId: gone.apiId }));
    await stack.invoke('subscribe-log-groups');

    expect(aws.gateway.logs.filtersOf(gone.logGroup)).toEqual([]);
    const { Items = [] } = await dynamoDb.send(new ScanCommand({ TableName: table('Inventory') }));
    expect(Items.map(({ key }) => key?.S)).not.toContain(`${gone.apiId}/${gone.stage}`);
  });
});

describe('the end of an incident', () => {
  it('closes by evidence once the account was quiet for five minutes, and says so', async () => {
    const quietEndMs = nowMinuteMs + 2 * MINUTE_MS + 2_000;
    await wait(Math.max(0, quietEndMs - Date.now()));

    await setBack(aws.clients.dynamoDb, table('Evaluations'), 'check-headroom', 1);
    await stack.invoke('check-headroom');

    await eventually('the closing message', 60, () =>
      aws.slack.messages.some(
        ({ text }) => text.includes('Account throttle exhausted') && text.includes('closed'),
      )
        ? true
        : null,
    );
    const account = (await incidents()).find(({ story }) => story.key.startsWith('account'));
    expect(account?.status).toBe('closed');
    const mails = await mailbox.read();
    expect(
      mails.filter(({ Subject }) => Subject?.includes('closed: Account throttle exhausted')),
    ).toHaveLength(1);
    const closings = aws.slack.messages.filter(({ text }) => text.includes('closed: Account'));
    expect(closings).toHaveLength(1);
  });
});

describe('removal', () => {
  /** By function; read before there is nothing left to read. */
  const permissions = new Map<string, readonly Permission[]>();

  it('takes the subscription filters and everything else away', async () => {
    for (const name of FUNCTION_NAMES) {
      permissions.set(name, await aws.gateway.roles.of(`${STACK_NAME}-${name}`));
    }

    await stack.remove();

    for (const { logGroup } of [orders, partner]) expect(aws.gateway.logs.filtersOf(logGroup)).toEqual([]);
    expect(aws.gateway.logs.filtersOf(executionLogGroup())).toEqual([]);
    expect(await listLeftovers(aws.clients)).toEqual([]);
  });

  it('no call of a function was denied, and the gateway itself had no fault', () => {
    expect(aws.gateway.calls.filter(({ wasDenied }) => wasDenied)).toEqual([]);
    expect(aws.gateway.failures).toEqual([]);
  });

  describe.each(FUNCTION_NAMES)('the role of %s', (name) => {
    const allowed = () => permissions.get(name) ?? [];
    const made = () => [
      ...aws.gateway.calls.filter(({ caller }) => caller === `${STACK_NAME}-${name}`),
      ...serviceMadeCalls(name, `/aws/lambda/${STACK_NAME}-${name}`, stack).map((call) => ({
        ...call,
        caller: name,
      })),
    ];
    const isComplete = (some: readonly Permission[]) =>
      made().every((call) => some.some((permission) => allows(permission, call)));

    it('allows everything that was done', () => {
      expect(made().filter((call) => !allowed().some((permission) => allows(permission, call)))).toEqual([]);
    });

    it('allows nothing that was not done', () => {
      const unused = allowed().filter((permission) => !made().some((call) => allows(permission, call)));

      expect(unused.map(describePermission)).toEqual([]);
    });

    it('lacks something as soon as any one permission is taken out', () => {
      const spare = allowed().filter((one) => isComplete(allowed().filter((other) => other !== one)));

      expect(allowed().length).toBeGreaterThan(0);
      expect(spare.map(describePermission)).toEqual([]);
    });
  });
});

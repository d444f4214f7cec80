import { afterAll, describe, expect, it } from 'vitest';
import { jsonError } from '#test/fakes/aws-protocol.ts';
import { batchLetter, parkedLetter, pointerLetter, undeliverableLetter } from '#test/fakes/letters.ts';
import { type RedriveAccount, startRedriveAccount } from '#test/fakes/redrive-account.ts';
import { type CliRun, runCli } from '#test/integration/run-cli.ts';

const INGEST = 'IngestDeadLetters';
const PARKED = 'ParkedDeadLetters';
const ALERTS = 'AlertDeadLetters';

const LISTING = `stack gatewatch-prod, account 123456789012, us-east-1 · nothing was changed

Dead letters of ingest: 16
letters  oldest    kind     function                              reason
     12  65 s ago  batch    gatewatch-prod-ingest-access-logs     MetricDataNotTakenError
      1  65 s ago  batch    gatewatch-prod-ingest-execution-logs  Sandbox.Timedout
      1  65 s ago  pointer  ingest-access-logs                    poison-plan-changed
      1  65 s ago  pointer  ingest-access-logs                    poison-payload
      1  65 s ago  unknown  unknown                               unknown
Pointers to what can never be counted
  poison-plan-changed: 9 events of /aws/api-gateway/orders-api, stream stream-1, ids 1 to 9, first seen
                       2026-03-02T14:00:00.000Z; 1 of 3 calls before it
  poison-payload: 512 bytes that cannot be read, request request-1

Dead letters of parked metrics: 1
letters  oldest    kind    function             reason
      1  65 s ago  parked  send-parked-metrics  not-taken

Dead letters of alerts: 3
letters  oldest    kind           function                               reason
      1  65 s ago  batch          gatewatch-prod-dispatch-alerts         AlertEventError
      1  65 s ago  batch          gatewatch-prod-unsubscribe-log-groups  Error
      1  65 s ago  undeliverable  dispatch-alerts                        channel_not_found
Messages that a receiver refused
  slack: incident account|123456789012|us-east-1|2026-03-02T14:00:00.000Z, version 3, at 2026-03-02T14:05:00.000Z:
         channel_not_found

To try again what can be tried again; what was counted is not counted twice:
  gatewatch redrive --apply

To delete pointers and what is kept of refused messages:
  gatewatch redrive --discard
`;

const accounts: RedriveAccount[] = [];
afterAll(() => Promise.all(accounts.map(({ stop }) => stop())));

async function start(): Promise<RedriveAccount> {
  const account = await startRedriveAccount();
  accounts.push(account);
  const { sqs } = account;
  for (let letter = 0; letter < 12; letter += 1) sqs.put(INGEST, batchLetter());
  sqs.put(INGEST, batchLetter('gatewatch-prod-ingest-execution-logs', 'Sandbox.Timedout'));
  sqs.put(INGEST, pointerLetter());
  sqs.put(INGEST, pointerLetter({ reason: 'poison-payload', sizeBytes: 512, ledgerKey: null }));
  sqs.put(INGEST, 'secret-text');
  sqs.put(PARKED, parkedLetter());
  sqs.put(ALERTS, batchLetter('gatewatch-prod-dispatch-alerts', 'AlertEventError'));
  sqs.put(ALERTS, batchLetter('gatewatch-prod-unsubscribe-log-groups', 'Error'));
  sqs.put(ALERTS, undeliverableLetter());
  return account;
}

function redrive(account: RedriveAccount, ...args: readonly string[]): Promise<CliRun> {
  return runCli(['redrive', ...args], { env: account.env });
}

describe.concurrent('gatewatch redrive', () => {
  it('redrive lists letters by function and reason, changes nothing, and prints no content', async () => {
    const account = await start();

    const { code, stdout, stderr } = await redrive(account);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.replace(/ \d+ s ago /g, ' 65 s ago ')).toBe(LISTING);
    expect(stdout).not.toContain('secret');
    expect(account.sqs.bodies(INGEST)).toHaveLength(16);
    expect(account.invoked).toEqual([]);
  });

  it('redrive can be run again at once: a dry run leaves nothing hidden', async () => {
    const account = await start();

    const runs = [await redrive(account, '--json'), await redrive(account, '--json')];

    const letters = runs.map(({ stdout }) =>
      JSON.parse(stdout).queues.map((queue: { letters: number }) => queue.letters),
    );
    expect(letters).toEqual([
      [16, 1, 3],
      [16, 1, 3],
    ]);
  });

  it('redrive --json prints one document', async () => {
    const account = await start();

    const { stdout } = await redrive(account, '--json', '--queue', 'ingest');

    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      schemaVersion: 1,
      command: 'dry-run',
      accountId: '123456789012',
      region: 'us-east-1',
      stack: 'gatewatch-prod',
      queues: [
        {
          queue: 'ingest',
          letters: 16,
          isComplete: true,
          pointers: [{ reason: 'poison-plan-changed', logStream: 'stream-1' }, { sizeBytes: 512 }],
          errors: [],
        },
      ],
      redriven: 0,
      discarded: 0,
      failed: 0,
    });
    expect(report.queues[0].groups[0]).toEqual({
      kind: 'batch',
      function: 'gatewatch-prod-ingest-access-logs',
      reason: 'MetricDataNotTakenError',
      outcome: 'kept',
      letters: 12,
      oldestAt: expect.any(String),
    });
    expect(stdout).not.toContain('secret');
  });

  it('redrive --apply hands the events over again, then deletes their letters', async () => {
    const account = await start();

    const { code, stdout } = await redrive(account, '--apply', '--yes');

    expect(code).toBe(0);
    expect(stdout).toContain('16 redriven');
    expect(stdout).toContain('left alone: not ours');
    expect(account.invoked.map(({ name }) => name).sort()).toEqual([
      ...Array(2).fill('gatewatch-prod-dispatch-alerts'),
      ...Array(12).fill('gatewatch-prod-ingest-access-logs'),
      'gatewatch-prod-ingest-execution-logs',
    ]);
    expect(account.invoked[0]?.event).toEqual({ awslogs: { data: 'c2VjcmV0LWxpbmU=' } });
    expect(account.sqs.bodies('ParkedMetrics')).toEqual([parkedLetter()]);
    expect([INGEST, PARKED, ALERTS].map((queue) => account.sqs.bodies(queue).length)).toEqual([3, 0, 1]);
  });

  it('redrive --apply --reason tries only those again', async () => {
    const account = await start();

    await redrive(account, '--apply', '--yes', '--reason', 'Sandbox.Timedout');

    expect(account.invoked.map(({ name }) => name)).toEqual(['gatewatch-prod-ingest-execution-logs']);
    expect(account.sqs.bodies(INGEST)).toHaveLength(15);
  });

  it('redrive --queue alerts --apply asks dispatch for what was refused', async () => {
    const account = await start();

    const { stdout } = await redrive(account, '--apply', '--yes', '--queue', 'alerts', '--json');

    const { queues, redriven } = JSON.parse(stdout);
    expect([queues.length, redriven]).toEqual([1, 2]);
    expect(queues[0].undeliverable).toEqual([JSON.parse(undeliverableLetter())]);
    expect(account.invoked).toContainEqual({
      name: 'gatewatch-prod-dispatch-alerts',
      event: expect.objectContaining({ 'detail-type': 'delivery.redriven' }),
    });
  });

  it('redrive --discard deletes pointers and refused messages, and nothing else', async () => {
    const account = await start();

    const { code, stdout } = await redrive(account, '--discard', '--yes');

    expect([INGEST, PARKED, ALERTS].map((queue) => account.sqs.bodies(queue).length)).toEqual([14, 1, 2]);
    expect([code, stdout.includes('3 discarded')]).toEqual([0, true]);
  });

  it('redrive --apply ends with 2 and keeps the letters when Lambda does not take them', async () => {
    const account = await start();
    account.answerInvocations(jsonError(404, 'ResourceNotFoundException', 'Function not found'));

    const { code, stdout } = await redrive(account, '--apply', '--yes', '--queue', 'ingest');

    expect(code).toBe(2);
    expect(stdout).toContain('! AWS says ResourceNotFoundException: Function not found');
    expect(account.sqs.bodies(INGEST)).toHaveLength(16);
  });

  it.each([
    ['two modes', ['--apply', '--discard'], "'--apply' cannot be used with option '--discard'"],
    ['a reason that is none', ['--reason', 'a b'], 'Expected a reason'],
    ['too many letters', ['--max', '100000'], 'Expected a whole number of 1 to 10000'],
    ['changes without a terminal', ['--apply'], '--apply changes the account: without a terminal to ask'],
    ['a stack that is not there', ['--stack', 'gw'], 'There is no stack gw in us-east-1'],
    [
      'a stack of another version',
      ['--stack', 'older'],
      'has no output IngestExecutionLogsFunctionArn, DispatchAlertsFunctionArn',
    ],
    ['permissions as JSON', ['--iam', '--json'], '--iam prints JSON'],
  ])('redrive refuses %s', async (_, args, message) => {
    const account = await start();

    const { code, stdout, stderr } = await redrive(account, ...args);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('redrive says which permission is missing', async () => {
    const account = await start();
    const message = 'User: x is not authorized to perform: cloudformation:DescribeStacks on resource: y';
    const error = `<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${message}</Message></Error>`;
    account.server.answerOnce(() => ({
      status: 403,
      headers: { 'content-type': 'text/xml' },
      body: `<ErrorResponse>${error}</ErrorResponse>`,
    }));

    const { code, stderr } = await redrive(account);

    expect(code).toBe(2);
    expect(stderr).toContain('AWS denies cloudformation:DescribeStacks on y; gatewatch redrive --iam prints');
  });

  it('redrive --iam prints what a dry run needs apart from what changes something', async () => {
    const { code, stdout } = await runCli(['redrive', '--iam', '--region', 'cn-north-1', '--stack', 'gw']);

    const { Statement } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(Statement.flatMap(({ Action }: { Action: string | string[] }) => Action)).toEqual([
      'cloudformation:DescribeStacks',
      'sqs:ReceiveMessage',
      'sqs:ChangeMessageVisibility',
      'lambda:InvokeFunction',
      'sqs:SendMessage',
      'sqs:DeleteMessage',
    ]);
    expect(stdout).toContain('arn:aws-cn:sqs:cn-north-1:*:gw-IngestDeadLetters-*');
    expect(stdout).toContain('arn:aws-cn:sqs:cn-north-1:*:gw-AlertDeadLetters-*');
    expect(stdout).toContain('function:gw-dispatch-alerts');
  });
});

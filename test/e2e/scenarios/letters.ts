import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeParkedChunk } from '#shared/adapters/parked-chunk-message.ts';
import { writeLog } from '#test/e2e/account/log-writer.ts';
import { metricOf, requestsOf, someStage, writeRequests } from '#test/e2e/account/requests.ts';
import { executionLog } from '#test/e2e/account/traffic.ts';
import { e2e, executionLogGroup, longAgoMs, messagesIn, total } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { allows, describePermission, parsePermissions } from '#test/e2e/gateway/permissions.ts';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';
import { emulatorEnvironment } from '#test/e2e/stack/osls.ts';
import { batchLetter, undeliverableLetter } from '#test/fakes/letters.ts';
import { requests } from '#test/fakes/metric-data.ts';
import { runCli } from '#test/integration/run-cli.ts';

const ACCESS = `${STACK_NAME}-ingest-access-logs`;
const EXECUTION = `${STACK_NAME}-ingest-execution-logs`;
const PARKED = `${STACK_NAME}-send-parked-metrics`;
const PUT = 'cloudwatch:PutMetricData';
const CALLER = 'gatewatch-cli';

/** Longer than an ingest function waits for CloudWatch. */
const PARKING_SECONDS = 90;

async function send(queue: string, MessageBody: string): Promise<void> {
  const QueueUrl = e2e.stack.resources[queue];
  await e2e.aws.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

/** Messages of a queue that somebody holds. */
async function heldIn(queue: string): Promise<number> {
  const name = 'ApproximateNumberOfMessagesNotVisible';
  const { Attributes } = await e2e.aws.clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: e2e.stack.resources[queue], AttributeNames: [name] }),
  );
  return Number(Attributes?.[name]);
}

/** What cannot be counted now, or never. */
export function describeLetters(): void {
  describe('parked metric data', () => {
    it('throttle until the end of an invocation: what is parked arrives later and is counted once', async () => {
      const writer = someStage();
      const { faults } = e2e.aws.gateway;
      const dimensions = { ApiId: e2e.orders.apiId, Stage: 'prod', Cause: 'integration.network' };
      for (const caller of [ACCESS, EXECUTION])
        faults.inject({ name: 'throttle', action: PUT, caller, times: Number.POSITIVE_INFINITY });
      // The message gets into the queue twice.
      const sending = { action: 'sqs:SendMessage', caller: ACCESS, times: 1 } as const;
      faults.inject({ name: 'drop-after-accepting', ...sending });
      faults.inject({ name: 'throttle', action: PUT, caller: PARKED, times: 2 });

      await writeRequests(writer, 25);
      const lines = [['Execution failed due to a network error communicating with endpoint']];
      await writeLog(e2e.aws.clients.logs, executionLogGroup(), executionLog(e2e.nowMinuteMs, lines));

      await eventually('the parked data', PARKING_SECONDS, async () =>
        (await requestsOf(writer)) > 0 && (await total('ExecutionCause', dimensions)) > 0 ? true : null,
      );
      faults.clear();
      await eventually('the copy', 30, async () =>
        (await metricOf('send-parked-metrics', 'RepeatedEnvelopes')) +
          (await metricOf('send-parked-metrics', 'PutOffCalls')) >
        0
          ? true
          : null,
      );
      expect(await metricOf('ingest-access-logs', 'ParkedCalls')).toBe(1);
      expect(await metricOf('ingest-execution-logs', 'ParkedCalls')).toBe(1);
      expect(await requestsOf(writer)).toBe(25);
      expect(await total('ExecutionCause', dimensions)).toBe(1);
      expect(await metricOf('send-parked-metrics', 'PossiblyRepeatedEvents')).toBe(0);
    });

    it('a message that is none leaves a pointer, and the next one is counted', async () => {
      const before = await messagesIn('IngestDeadLetters');

      await send('ParkedMetrics', 'no metric data, secret-4711');

      await eventually('the pointer', 30, async () =>
        (await messagesIn('IngestDeadLetters')) > before ? true : null,
      );
      // The function counts it after the pointer is in the queue, and then writes its log.
      await eventually('the count', 30, async () =>
        (await metricOf('send-parked-metrics', 'RejectedEvents')) > 0 ? true : null,
      );
      expect(await metricOf('send-parked-metrics', 'RejectedEvents')).toBe(1);
    });
  });

  describe('gatewatch redrive', () => {
    async function redrive(...args: string[]) {
      const env = emulatorEnvironment(e2e.aws.gateway.url);
      const { code, stdout, stderr } = await runCli(['redrive', '--json', ...args], { env });
      expect(code, stderr).toBe(0);
      expect(stdout).not.toContain('secret-4711');
      return JSON.parse(stdout);
    }

    const cliCalls = () =>
      e2e.aws.gateway.calls.filter(
        ({ caller, action }) => caller === CALLER && !action.startsWith('apigateway:'),
      );

    /** The command line may do what it says that it needs, and nothing else. */
    beforeAll(async () => {
      const { stdout } = await runCli(['redrive', '--iam', '--region', 'us-east-1']);
      e2e.aws.gateway.roles.grant(CALLER, parsePermissions(JSON.parse(stdout)));
    });

    it('refuse: data that CloudWatch takes for invalid leaves a pointer that can be looked up', async () => {
      const writer = someStage();
      e2e.aws.gateway.faults.inject({ name: 'refuse', action: PUT, caller: ACCESS, times: 1 });
      const before = await messagesIn('IngestDeadLetters');

      await writeRequests(writer, 25);

      await eventually('the pointer', 30, async () =>
        (await messagesIn('IngestDeadLetters')) > before ? true : null,
      );
      const { queues } = await redrive('--queue', 'ingest');
      const { logGroup } = e2e.partner;
      expect(queues[0].pointers).toContainEqual(
        expect.objectContaining({
          reason: 'poison-refused-data',
          logGroup,
          events: 25,
          chunksSent: 0,
          chunks: 1,
        }),
      );
      expect(await requestsOf(writer)).toBe(0);
      expect(await heldIn('IngestDeadLetters')).toBe(0);
    });

    it('a batch that failed for good is tried again, and counted once', async () => {
      const writer = someStage();
      const before = await messagesIn('IngestDeadLetters');
      // Lambda tries three times.
      const missing = {
        name: 'table-missing',
        action: 'dynamodb:PutItem',
        caller: ACCESS,
        times: 3,
      } as const;
      e2e.aws.gateway.faults.inject(missing);
      await writeRequests(writer, 25);
      await eventually('the dead letter', 60, async () =>
        (await messagesIn('IngestDeadLetters')) > before ? true : null,
      );
      expect(await requestsOf(writer)).toBe(0);

      const { groups } = (await redrive('--queue', 'ingest')).queues[0];
      const [batch] = groups.filter(({ kind }: { kind: string }) => kind === 'batch');
      expect(batch).toMatchObject({ function: ACCESS, letters: 1 });
      const report = await redrive('--apply', '--yes', '--reason', batch.reason);

      expect(report).toMatchObject({ redriven: 1, failed: 0 });
      await eventually('the requests', 30, async () => ((await requestsOf(writer)) > 0 ? true : null));
      await e2e.aws.gateway.logs.redeliver(e2e.partner.logGroup);
      expect(await requestsOf(writer)).toBe(25);
      expect(await messagesIn('IngestDeadLetters')).toBe(before);
    });

    it('metric data that was not taken for a day is tried again, and counted once', async () => {
      const { apiId, stage } = someStage();
      const data = [
        requests({
          dimensions: { ApiId: apiId, Stage: stage },
          timestampMs: longAgoMs(),
          values: [7],
        }),
      ];
      const key = apiId.padEnd(64, '0');
      const chunk = { key, chunkIndex: 0, planHash: 'plan', receivedAtMs: e2e.nowMinuteMs, data };
      for (const _ of ['one', 'and its copy']) await send('ParkedDeadLetters', encodeParkedChunk(chunk));
      await send('AlertDeadLetters', undeliverableLetter());
      await send('IngestDeadLetters', batchLetter(EXECUTION, 'Sandbox.Timedout', 'c2VjcmV0LTQ3MTE='));
      expect(await redrive()).toMatchObject({ queues: [{}, { letters: 2 }, {}], redriven: 0 });

      const report = await redrive('--apply', '--yes');

      expect(report.failed).toBe(0);
      expect(report.redriven).toBeGreaterThanOrEqual(4);
      await eventually('the requests', 30, async () =>
        (await requestsOf({ apiId, stage })) > 0 ? true : null,
      );
      expect(await requestsOf({ apiId, stage })).toBe(7);
      expect(await messagesIn('ParkedDeadLetters')).toBe(0);
    });

    it('deletes pointers when it is told to', async () => {
      await eventually('the last pointer', 30, async () => {
        const { queues } = await redrive('--queue', 'ingest');
        return queues[0].pointers.some(
          (pointer: { function: string }) => pointer.function === 'ingest-execution-logs',
        )
          ? true
          : null;
      });

      const { discarded } = await redrive('--discard', '--yes');

      expect(discarded).toBeGreaterThanOrEqual(4);
      expect(await messagesIn('IngestDeadLetters')).toBe(0);
    });

    it('needs exactly what it printed', async () => {
      const permissions = await e2e.aws.gateway.roles.of(CALLER);

      expect(cliCalls().filter(({ wasDenied }) => wasDenied)).toEqual([]);
      const unused = permissions.filter((permission) => !cliCalls().some((call) => allows(permission, call)));
      expect(unused.map(describePermission)).toEqual([]);
    });
  });
}

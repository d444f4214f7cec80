import { InvokeCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { metricOf, requestsOf, someStage, writeRequests } from '#test/e2e/account/requests.ts';
import { e2e, messagesIn } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';
import { readFunctionLog } from '#test/e2e/stack/pipeline-metrics.ts';

const INGEST = `${STACK_NAME}-ingest-access-logs`;

/** Calls break, batches come twice or not at all readable. */
export function describeFaults(): void {
  describe('what goes wrong', () => {
    const ownMetric = (name: string) => metricOf('ingest-access-logs', name);

    it('throttle: what CloudWatch put off is counted once', async () => {
      const writer = someStage();
      const doubtBefore = await ownMetric('PossiblyRepeatedEvents');
      e2e.aws.gateway.faults.inject({ name: 'throttle', action: 'cloudwatch:PutMetricData', times: 2 });

      await writeRequests(writer, 25);

      await eventually('the requests', 30, async () => ((await requestsOf(writer)) > 0 ? true : null));
      expect(e2e.aws.gateway.faults.pending()).toBe(0);
      expect(await requestsOf(writer)).toBe(25);
      expect(await ownMetric('PossiblyRepeatedEvents')).toBe(doubtBefore);
    });

    it.each(['drop-after-accepting', 'error-after-accepting'] as const)(
      '%s: what was counted twice is inside the stated doubt',
      async (name) => {
        const writer = someStage();
        const doubtBefore = await ownMetric('PossiblyRepeatedEvents');
        e2e.aws.gateway.faults.inject({ name, action: 'cloudwatch:PutMetricData', times: 1 });

        await writeRequests(writer, 25);

        await eventually('the doubt', 30, async () =>
          (await ownMetric('PossiblyRepeatedEvents')) > doubtBefore ? true : null,
        );
        const sum = await requestsOf(writer);
        const doubt = (await ownMetric('PossiblyRepeatedEvents')) - doubtBefore;
        expect(sum).toBe(50);
        expect([sum - doubt, doubt]).toEqual([25, 25]);
      },
    );

    it.each(['drop-before-accepting', 'silence'] as const)(
      '%s: nobody can know that nothing was counted twice',
      async (name) => {
        const writer = someStage();
        const doubtBefore = await ownMetric('PossiblyRepeatedEvents');
        e2e.aws.gateway.faults.inject({ name, action: 'cloudwatch:PutMetricData', caller: INGEST, times: 1 });

        await writeRequests(writer, 25);

        await eventually('the requests', 30, async () => ((await requestsOf(writer)) > 0 ? true : null));
        await eventually('the doubt', 30, async () =>
          (await ownMetric('PossiblyRepeatedEvents')) > doubtBefore ? true : null,
        );
        expect(await requestsOf(writer)).toBe(25);
        expect((await ownMetric('PossiblyRepeatedEvents')) - doubtBefore).toBe(25);
      },
    );

    it.each(['dynamodb:PutItem', 'dynamodb:UpdateItem'])(
      'drop-after-accepting of %s: the ledger knows its own words again, and nothing is in doubt',
      async (action) => {
        const writer = someStage();
        const doubtBefore = await ownMetric('PossiblyRepeatedEvents');
        e2e.aws.gateway.faults.inject({ name: 'drop-after-accepting', action, caller: INGEST, times: 1 });

        await writeRequests(writer, 25);

        await eventually('the requests', 30, async () => ((await requestsOf(writer)) > 0 ? true : null));
        await eventually('the fault', 30, () => (e2e.aws.gateway.faults.pending() === 0 ? true : null));
        expect(await requestsOf(writer)).toBe(25);
        expect(await ownMetric('PossiblyRepeatedEvents')).toBe(doubtBefore);
      },
    );

    it('table-missing: a batch waits for its ledger and is counted once', async () => {
      const writer = someStage();
      e2e.aws.gateway.faults.inject({ name: 'table-missing', action: 'dynamodb:PutItem', times: 1 });

      await writeRequests(writer, 25);

      await eventually('the requests', 30, async () => ((await requestsOf(writer)) > 0 ? true : null));
      expect(e2e.aws.gateway.faults.pending()).toBe(0);
      expect(await requestsOf(writer)).toBe(25);
    });

    it('a batch that is delivered twice is counted once', async () => {
      const writer = someStage();
      await writeRequests(writer, 25);
      await eventually('the requests', 30, async () => ((await requestsOf(writer)) > 0 ? true : null));
      const repeatedBefore = await ownMetric('RepeatedEnvelopes');

      await e2e.aws.gateway.logs.redeliver(e2e.partner.logGroup);

      await eventually('the repetition', 30, async () =>
        (await ownMetric('RepeatedEnvelopes')) > repeatedBefore ? true : null,
      );
      expect(await requestsOf(writer)).toBe(25);
    });

    it('a batch that nobody can read leaves a pointer, and the next one is counted', async () => {
      const before = await messagesIn('IngestDeadLetters');
      const poison = { awslogs: { data: Buffer.from('not gzip, secret-4711').toString('base64') } };
      await e2e.aws.clients.lambda.send(
        new InvokeCommand({
          FunctionName: `${STACK_NAME}-ingest-access-logs`,
          InvocationType: 'Event',
          Payload: Buffer.from(JSON.stringify(poison)),
        }),
      );
      const writer = someStage();
      await writeRequests(writer, 25);

      await eventually('the dead letter', 30, async () =>
        (await messagesIn('IngestDeadLetters')) > before ? true : null,
      );
      await eventually('the requests', 30, async () => ((await requestsOf(writer)) > 0 ? true : null));
      expect(await messagesIn('IngestDeadLetters')).toBe(before + 1);
      expect(await requestsOf(writer)).toBe(25);
      expect(await ownMetric('RejectedEvents')).toBeGreaterThan(0);
      const log = (await readFunctionLog(e2e.aws.clients.logs, 'ingest-access-logs')).join('\n');
      expect(log).not.toContain('secret-4711');
    });
  });
}

import { describe, expect, it } from 'vitest';
import { writeLog } from '#test/e2e/account/log-writer.ts';
import { accountTraffic, countOf } from '#test/e2e/account/surge.ts';
import { channelMessages } from '#test/e2e/account/told.ts';
import { accessLog, executionLog } from '#test/e2e/account/traffic.ts';
import { e2e, executionLogGroup, incidents, MINUTE_MS, restartEmulator, total } from '#test/e2e/e2e.ts';
import { eventually } from '#test/e2e/eventually.ts';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';
import { sumOfEmbedded } from '#test/e2e/stack/pipeline-metrics.ts';

/** The first call of a function after a time, which must come. */
function callAfter(afterMs: number, caller: string, action: string, resource = ''): number | null {
  const name = `${STACK_NAME}-${caller}`;
  const call = e2e.aws.gateway.calls.find(
    (candidate) =>
      candidate.answeredMs >= afterMs &&
      candidate.caller === name &&
      candidate.action === action &&
      candidate.resource.includes(resource),
  );
  return call?.answeredMs ?? null;
}

/** Log lines become metrics, findings, incidents and messages. */
export function describePipeline(): void {
  describe('from log line to message', () => {
    const hops: [string, number][] = [];
    let messagesBefore = 0;
    let mailsBefore = 0;

    const messages = () => channelMessages().slice(messagesBefore);
    const mails = async () => (await e2e.mailbox.read()).slice(mailsBefore);

    it('counts every line of the access logs, once', async () => {
      // Evaluators that ran before all stages were found know an older inventory for five minutes.
      await restartEmulator();
      messagesBefore = channelMessages().length;
      mailsBefore = (await e2e.mailbox.read()).length;
      e2e.nowMinuteMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;

      const traffic = accountTraffic(e2e.nowMinuteMs);
      const { logs } = e2e.aws.clients;
      await writeLog(logs, e2e.partner.logGroup, accessLog(e2e.partner, traffic.partner));
      await writeLog(logs, e2e.orders.logGroup, accessLog(e2e.orders, traffic.orders));
      const writtenMs = Date.now();
      hops.push(['PutLogEvents', writtenMs]);

      const all = [...traffic.orders, ...traffic.partner];
      await eventually('all requests', 60, async () =>
        (await sumOfEmbedded(logs, 'ingest-access-logs', 'IngestedEvents')) >= countOf(all) ? true : null,
      );
      hops.push(['metrics can be read', Date.now()]);
      const ofPartner = { ApiId: e2e.partner.apiId, Stage: e2e.partner.stage };
      const ofOrders = { ApiId: e2e.orders.apiId, Stage: e2e.orders.stage };
      expect(await total('RequestCount')).toBe(countOf(all));
      expect(await total('ThrottledCount')).toBe(300);
      expect(await total('RequestCount', ofPartner)).toBe(countOf(traffic.partner));
      expect(await total('ThrottledCount', ofPartner)).toBe(240);
      expect(await total('ClientErrorCount', ofPartner)).toBe(240);
      expect(await total('RequestCount', ofOrders)).toBe(countOf(traffic.orders));
      expect(await total('ServerErrorCount', ofOrders)).toBe(360);
      expect(await total('ErrorCount', { ...ofOrders, Cause: 'integration.timeout' })).toBe(360);
      const served = countOf(traffic.orders, 200);
      expect(await total('Latency', ofOrders)).toBe(served * 40 + 360 * 29_001 + 60);
      expect(await total('IntegrationLatency', ofOrders)).toBe(served * 37);
    });

    it('counts the telling lines of execution logs, by cause', async () => {
      const logGroup = executionLogGroup();
      const key = '**********************************F0yrv6';
      const usagePlan = `API Key ${key} exceeded throttle limit for API Stage ${e2e.orders.apiId}/prod: Key throttle limit exceeded for Usage Plan ID nnpegc, RestApi ${e2e.orders.apiId}, Stage prod, Resource f646q2, HttpMethod GET. Limit: 5.00 Burst: 10`;
      await writeLog(e2e.aws.clients.logs, logGroup, [
        ...executionLog(e2e.nowMinuteMs, [
          ['Execution failed due to a timeout error', 'Method completed with status: 504'],
          ['Execution failed due to a timeout error', 'Method completed with status: 504'],
          [usagePlan, 'Method completed with status: 429'],
          ['Starting execution for request: x', 'Method completed with status: 200'],
        ]),
      ]);

      const dimensions = { ApiId: e2e.orders.apiId, Stage: 'prod' };
      const timeouts = { ...dimensions, Cause: 'integration.timeout' };
      await eventually('execution causes', 20, async () =>
        (await total('ExecutionCause', timeouts)) > 0 ? true : null,
      );
      expect(await total('ExecutionCause', timeouts)).toBe(2);
      expect(await total('ExecutionCause', { ...dimensions, Cause: 'throttle.usage-plan' })).toBe(1);

      await e2e.aws.gateway.logs.redeliver(logGroup);
      await eventually('the repetition', 20, async () =>
        (await sumOfEmbedded(e2e.aws.clients.logs, 'ingest-execution-logs', 'RepeatedEnvelopes')) === 1
          ? true
          : null,
      );
      expect(await total('ExecutionCause', timeouts)).toBe(2);
    });

    it('runs on its schedule, opens an incident each for quota and timeouts, and tells Slack and SNS', async () => {
      const startMs = hops[0]?.[1] ?? 0;

      await eventually('both incidents in Slack', 90, () => (messages().length >= 2 ? true : null));
      hops.push(['Slack has it', Date.now()]);
      const mailed = await eventually('two mails', 90, async () => {
        const all = await mails();
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
      const texts = messages()
        .map(({ text }) => text)
        .sort();
      expect(texts).toEqual([
        expect.stringContaining('CRITICAL open: Account throttle exhausted'),
        expect.stringContaining('open: orders-api/prod'),
      ]);
      const surge = messages().find(({ text }) => text.includes('Account throttle exhausted'));
      const words = JSON.stringify(surge);
      expect(words).toContain('17 rps of 12 (142 %)');
      expect(words).toContain(
        'partner-api/$default 10 rps, usually 1 (10 ×) · 59 % of the account, usually 13 %',
      );
      expect(words).toContain('orders-api/prod ≥ 60 refused (14 %)');
      expect(mailed.map(({ Subject }) => Subject).sort()).toEqual([
        expect.stringContaining('CRITICAL open: Account throttle exhausted'),
        expect.stringContaining('open: orders-api/prod'),
      ]);
      expect((await incidents()).filter(({ status }) => status === 'open')).toHaveLength(2);
    });
  });
}

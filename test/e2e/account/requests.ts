import { randomBytes } from 'node:crypto';
import { writeLog } from '#test/e2e/account/log-writer.ts';
import { accessLog, TIMEOUT, type Writer } from '#test/e2e/account/traffic.ts';
import { e2e, longAgoMs, total } from '#test/e2e/e2e.ts';
import { sumOfEmbedded } from '#test/e2e/stack/pipeline-metrics.ts';

/** A stage that only its log lines know, for counts that no other test touches. */
export function someStage(): Writer {
  return { apiId: randomBytes(5).toString('hex'), stage: 'faults' };
}

/** Writes so many successful requests of one second to an access log, as one batch. */
export async function writeRequests(writer: Writer, requests: number): Promise<void> {
  const traffic = [{ secondMs: longAgoMs(), requests, outcome: { ...TIMEOUT, status: 200, fields: {} } }];
  await writeLog(e2e.aws.clients.logs, e2e.partner.logGroup, accessLog(writer, traffic));
}

/** How many requests of a stage were counted. */
export function requestsOf({ apiId, stage: Stage }: Writer): Promise<number> {
  return total('RequestCount', { ApiId: apiId, Stage });
}

/** What a function wrote of one of its metrics so far. */
export function metricOf(functionName: string, name: string): Promise<number> {
  return sumOfEmbedded(e2e.aws.clients.logs, functionName, name);
}

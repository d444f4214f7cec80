import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { LoggedStage } from '#test/e2e/account/apis.ts';
import type { Mailbox } from '#test/e2e/account/mailbox.ts';
import { sumOf } from '#test/e2e/account/metrics.ts';
import type { DeployedStack } from '#test/e2e/stack/deployed-stack.ts';
import type { EmulatedAws } from '#test/e2e/stack/emulated-aws.ts';
import type { PackagedStack } from '#test/infra/package-stack.ts';

export const MINUTE_MS = 60_000;

/** What one scenario leaves to the next, since all of them live in one account: filled in the order of deployed-stack.e2e.ts. */
type E2e = {
  aws: EmulatedAws;
  packaged: PackagedStack;
  stack: DeployedStack;
  /** A queue that is subscribed to the topic. */
  mailbox: Mailbox;
  /** A REST API. */
  orders: LoggedStage;
  /** An HTTP API. */
  partner: LoggedStage;
  /** An HTTP API that nobody calls, until its log is to fall silent. */
  silent: LoggedStage;
  /** The minute in which the traffic is written. */
  nowMinuteMs: number;
};

export const e2e = {} as E2e;

/** Some time before the tests, of which no evaluator looks at single seconds. Epoch milliseconds. */
export function longAgoMs(): number {
  return e2e.nowMinuteMs - 4 * 60 * MINUTE_MS;
}

/** All of the time in which the tests write anything, epoch milliseconds. */
export function timeOfTests(): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: longAgoMs(), toMs: e2e.nowMinuteMs + 10 * MINUTE_MS };
}

/** What is in a series in the time of the tests. */
export function total(name: string, dimensions: Record<string, string> = {}): Promise<number> {
  const { fromMs, toMs } = timeOfTests();
  return sumOf(e2e.aws.clients.cloudWatch, { name, dimensions }, fromMs, toMs);
}

/** Where the service writes the execution log of the REST stage. */
export function executionLogGroup(): string {
  return `API-Gateway-Execution-Logs_${e2e.orders.apiId}/prod`;
}

/** The name of one of the stack's tables. */
export function table(name: string): string {
  return e2e.stack.outputs[`${name}TableName`] ?? '';
}

/** All incidents as they are stored. */
export async function incidents(): Promise<{ status: string; story: { key: string }; version: number }[]> {
  const { Items = [] } = await e2e.aws.clients.dynamoDb.send(
    new ScanCommand({ TableName: table('Incidents') }),
  );
  return Items.map(({ document }) => JSON.parse(document?.S ?? ''));
}

/** Whether a headline is of a message about the throttle that all APIs share. */
export function isAboutAccount(headline: string | undefined): boolean {
  return /: (Account|Burst bucket) /.test(headline ?? '');
}

/** How many messages wait in one of the stack's queues. */
export async function messagesIn(queue: string): Promise<number> {
  const { Attributes } = await e2e.aws.clients.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: e2e.stack.resources[queue],
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  return Number(Attributes?.['ApproximateNumberOfMessages']);
}

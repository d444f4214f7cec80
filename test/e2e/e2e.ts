import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { LoggedStage } from '#test/e2e/account/apis.ts';
import type { Mailbox } from '#test/e2e/account/mailbox.ts';
import { sumOf } from '#test/e2e/account/metrics.ts';
import { eventually } from '#test/e2e/eventually.ts';
import type { DeployedStack, SlackVariant, TestPackage } from '#test/e2e/stack/deployed-stack.ts';
import type { EmulatedAws } from '#test/e2e/stack/emulated-aws.ts';

export const MINUTE_MS = 60_000;

/** What one scenario leaves to the next, since all of them live in one account: filled in the order of deployed-stack.e2e.ts. */
type E2e = {
  aws: EmulatedAws;
  /** The same stack for each way to tell Slack. */
  packaged: Readonly<Record<SlackVariant, TestPackage>>;
  stack: DeployedStack;
  /** Since when the stack is as it is to stay, epoch milliseconds. */
  deployedMs: number;
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

/** What the tests look at of an incident. */
type StoredIncident = {
  readonly status: string;
  readonly story: { readonly key: string };
  readonly version: number;
  readonly heldBackBy: string | null;
  readonly deliveries: Readonly<Record<string, object>>;
};

/** All incidents as they are stored. */
export async function incidents(): Promise<StoredIncident[]> {
  const { Items = [] } = await e2e.aws.clients.dynamoDb.send(
    new ScanCommand({ TableName: table('Incidents') }),
  );
  // The table also holds the mutes, and who may talk to a receiver.
  return Items.map(({ document }) => JSON.parse(document?.S ?? '{}')).filter(
    ({ story }) => story !== undefined,
  );
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

/** True while a dispatcher talks to a receiver, or stories wait for one that does. */
async function isDispatching(): Promise<boolean> {
  const { Items = [] } = await e2e.aws.clients.dynamoDb.send(
    new ScanCommand({ TableName: table('Incidents') }),
  );
  return Items.some(({ owner, waiting }) => owner !== undefined || waiting !== undefined);
}

/**
 * Restarts the emulator while nothing is sent: after a dispatcher that is killed at it, receivers wait for a minute and
 * more until its lease is over.
 */
export async function restartEmulator(): Promise<void> {
  await eventually('the end of all dispatches', 90, async () => ((await isDispatching()) ? null : true));
  await e2e.aws.miniStack.restart();
}

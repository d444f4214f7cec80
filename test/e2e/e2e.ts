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
  /** The minute in which the traffic is written. */
  nowMinuteMs: number;
};

export const e2e = {} as E2e;

/** What is in a series around the time of the tests. */
export function total(name: string, dimensions: Record<string, string> = {}): Promise<number> {
  const { aws, nowMinuteMs } = e2e;
  const { cloudWatch } = aws.clients;
  return sumOf(cloudWatch, { name, dimensions }, nowMinuteMs - 30 * MINUTE_MS, nowMinuteMs + 10 * MINUTE_MS);
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

import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { e2e, table } from '#test/e2e/e2e.ts';
import { STACK_NAME } from '#test/e2e/stack/deployed-stack.ts';
import { readFunctionLog } from '#test/e2e/stack/pipeline-metrics.ts';
import { FUNCTION_NAMES } from '#test/infra/functions.ts';

/** The queue of pointers, in which Lambda itself keeps the batches that failed in an outage: whole, by design. */
export const BATCH_QUEUE = 'queue IngestDeadLetters';

/** All that the functions asked of AWS, by the action: metrics, events on the bus, messages to the topic. */
function calls(): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { action, body } of e2e.aws.gateway.calls) texts[action] = `${texts[action] ?? ''}${body}\n`;
  return texts;
}

async function functionLogs(): Promise<[string, string][]> {
  const read = FUNCTION_NAMES.map(async (name): Promise<[string, string]> => {
    // A function that nobody has called has no log.
    const lines = await readFunctionLog(e2e.aws.clients.logs, name).catch(() => []);
    return [`log ${name}`, lines.join('\n')];
  });
  return Promise.all(read);
}

async function tables(): Promise<[string, string][]> {
  const read = ['Incidents', 'Inventory', 'Ledger', 'Evaluations'].map(
    async (name): Promise<[string, string]> => {
      const { Items } = await e2e.aws.clients.dynamoDb.send(new ScanCommand({ TableName: table(name) }));
      return [`table ${name}`, JSON.stringify(Items)];
    },
  );
  return Promise.all(read);
}

async function drain(QueueUrl: string): Promise<string> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await e2e.aws.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3_600 }),
    );
    if (Messages.length === 0) return bodies.join('\n');
    bodies.push(...Messages.map(({ Body = '' }) => Body));
  }
}

async function queues(): Promise<[string, string][]> {
  const { QueueUrls = [] } = await e2e.aws.clients.sqs.send(
    new ListQueuesCommand({ QueueNamePrefix: STACK_NAME }),
  );
  const logicalIds = new Map(Object.entries(e2e.stack.resources).map(([id, url]) => [url, id]));
  return Promise.all(
    QueueUrls.map(
      async (url): Promise<[string, string]> => [`queue ${logicalIds.get(url) ?? url}`, await drain(url)],
    ),
  );
}

/** What Slack has and what it was sent, spelled out; not headers and paths, which hold its own secrets. */
function toldSlack(): string {
  const { channels, requests } = e2e.aws.slack;
  return JSON.stringify([channels, requests.map(({ body }) => [body, ...new URLSearchParams(body)])]);
}

/** All that there is of the stack's doing in the account and outside of it, by where it is. Takes the queues' messages. */
export async function readEverything(): Promise<Record<string, string>> {
  return {
    ...calls(),
    ...Object.fromEntries([...(await functionLogs()), ...(await tables()), ...(await queues())]),
    mailbox: JSON.stringify(await e2e.mailbox.read()),
    Slack: toldSlack(),
  };
}

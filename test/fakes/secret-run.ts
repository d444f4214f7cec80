import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type AwsServer, startAws } from '#test/fakes/aws-server.ts';
import { type BundledHandler, bundleHandler, type HandlerRun } from '#test/fakes/bundled-handler.ts';
import type { Tables } from '#test/fakes/dynamodb.ts';
import { busEvent, scheduledEvent } from '#test/infra/events.ts';
import { ACCOUNT_ID } from '#test/infra/template.ts';

/** The deployed pipeline: its handlers, bundled, and what they use of AWS. */
export type Pipeline = {
  readonly aws: AwsServer;
  /** Hands events to an ingest; it must take them. */
  readonly ingest: (kind: IngestName, ...events: readonly unknown[]) => Promise<void>;
  /** Hands it events that nobody can read, each in a process of its own; it must fail. */
  readonly refuse: (name: FunctionName, events: readonly unknown[]) => Promise<void>;
  /** Hands it an event while a table is gone; it must fail. */
  readonly failWithoutLedger: (kind: IngestName, event: unknown) => Promise<void>;
  /** Runs the evaluators, then dispatch for every event that they put on the bus. */
  readonly evaluate: () => Promise<void>;
  /** All that the handlers wrote, by function and stream. */
  readonly output: () => Record<string, string>;
  readonly stop: () => Promise<void>;
};

const INGESTS = ['ingest-access-logs', 'ingest-execution-logs'] as const;
type IngestName = (typeof INGESTS)[number];

const FUNCTIONS = [...INGESTS, 'check-headroom', 'detect-anomalies', 'dispatch-alerts'] as const;
type FunctionName = (typeof FUNCTIONS)[number];

const WEBHOOK_PARAMETER = '/gatewatch/slack-webhook';

function environment(url: string, tables: Tables): Record<string, string> {
  return {
    ACCOUNT_ID,
    ALERT_TOPIC_ARN: `arn:aws:sns:us-east-1:${ACCOUNT_ID}:AlertTopic`,
    AVAILABILITY_TARGET_RATIO: '0.999',
    DEAD_LETTERS_URL: `${url}/${ACCOUNT_ID}/IngestDeadLetters`,
    EVALUATIONS_TABLE_NAME: tables.evaluations,
    EVENT_BUS_NAME: 'AlertBus',
    INCIDENTS_TABLE_NAME: tables.incidents,
    INVENTORY_TABLE_NAME: tables.inventory,
    LEDGER_TABLE_NAME: tables.ledger,
    OWN_LOG_GROUP_PREFIX: '/aws/lambda/gatewatch-prod-',
    PARKED_METRICS_URL: `${url}/${ACCOUNT_ID}/ParkedMetrics`,
    SETTLE_SECONDS: '60',
    SLACK_WEBHOOK_PARAMETER: WEBHOOK_PARAMETER,
    STACK_NAME: 'gatewatch-prod',
  };
}

async function bundleAll(url: string, tables: Tables): Promise<Record<FunctionName, BundledHandler>> {
  const handlers = await Promise.all(
    FUNCTIONS.map(async (name) => [name, await bundleHandler(name, url, environment(url, tables))] as const),
  );
  return Object.fromEntries(handlers) as Record<FunctionName, BundledHandler>;
}

/** Starts the pipeline with an inventory. */
export async function startPipeline(inventory: Readonly<Record<string, object>>): Promise<Pipeline> {
  const parameters = new Map<string, string>();
  const aws = await startAws(parameters);
  parameters.set(WEBHOOK_PARAMETER, `${aws.url}/services/T000/B000/webhook`);
  const tables = await aws.createTables();
  for (const [key, item] of Object.entries(inventory)) {
    const Item = { key: { S: key }, document: { S: JSON.stringify(item) } };
    await aws.dynamoDb.send(new PutItemCommand({ TableName: tables.inventory, Item }));
  }
  const handlers = await bundleAll(aws.url, tables);
  const output: Record<string, string> = {};

  function keep(name: FunctionName, { stdout, stderr }: HandlerRun): void {
    output[`${name} stdout`] = `${output[`${name} stdout`] ?? ''}${stdout}`;
    output[`${name} stderr`] = `${output[`${name} stderr`] ?? ''}${stderr}`;
  }

  async function run(
    name: FunctionName,
    events: readonly unknown[],
    shouldFail = false,
    variables = {},
  ): Promise<void> {
    const result = await handlers[name].run(events, variables);
    keep(name, result);
    if ((result.code !== 0) !== shouldFail) {
      throw new Error(`${name} ended with ${result.code}: ${result.stderr.slice(-2_000)}`);
    }
  }

  return {
    aws,
    ingest: (name, ...events) => run(name, events),
    refuse: async (name, events) => {
      for (const event of events) await run(name, [event], true);
    },
    failWithoutLedger: (name, event) => run(name, [event], true, { LEDGER_TABLE_NAME: 'NoSuchTable' }),
    evaluate: async () => {
      await run('check-headroom', [scheduledEvent()]);
      await run('detect-anomalies', [scheduledEvent()]);
      await run(
        'dispatch-alerts',
        aws.events.map(({ source, type, detail }) => busEvent(source, type, detail)),
      );
    },
    output: () => output,
    stop: async () => {
      for (const handler of Object.values(handlers)) handler.remove();
      await aws.stop();
    },
  };
}

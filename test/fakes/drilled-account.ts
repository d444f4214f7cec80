import { createDynamoDbIncidents } from '#shared/adapters/dynamodb-incidents.ts';
import { createDynamoDbMutes } from '#shared/adapters/dynamodb-mutes.ts';
import { createDynamoDbOutboxes } from '#shared/adapters/dynamodb-outboxes.ts';
import { createDispatchAlerts } from '#shared/application/dispatch-alerts.ts';
import { createHoldBack } from '#shared/application/hold-back.ts';
import type { IncidentStore } from '#shared/application/ports.ts';
import type { SendOutcome } from '#shared/application/receiver-ports.ts';
import { parseAlertEvent } from '#shared/config/alert-event.ts';
import { type AlertAccount, startAlertAccount } from '#test/fakes/alert-account.ts';
import { createServices, type PutEvent } from '#test/fakes/aws-services.ts';
import { ACCOUNT, createReceiver } from '#test/fakes/dispatcher.ts';
import type { DynamoDb } from '#test/fakes/dynamodb.ts';
import type { ReceivedRequest, Reply } from '#test/fakes/http-server.ts';

const BUS_TARGET = 'AWSEvents.PutEvents';

/** An account whose stack really dispatches what is put on its bus, to receivers of the test. */
export type DrilledAccount = AlertAccount & {
  readonly incidents: IncidentStore;
  /** What receivers were told, such as `sns opened`. */
  readonly messages: readonly string[];
  readonly events: readonly PutEvent[];
  /** Waits until dispatch has handled all that is on the bus. */
  readonly settle: () => Promise<void>;
};

/** How the stack is, and what its parts do. */
type Behaviour = {
  readonly slack?: () => SendOutcome;
  /** Called with each event before it is dispatched; false loses it. */
  readonly onEvent?: (event: PutEvent) => boolean;
};

/** Starts the account: SNS is told of all drills, Slack of critical ones. */
export async function startDrilledAccount(
  dynamoDb: DynamoDb,
  { slack = () => ({ type: 'sent', place: null }), onEvent = () => true }: Behaviour = {},
): Promise<DrilledAccount> {
  const services = createServices(new Map());
  const { events } = services.delivered;
  const messages: string[] = [];
  let handled: Promise<unknown> = Promise.resolve();
  let dispatch: ReturnType<typeof createDispatchAlerts> | null = null;

  function answer(request: ReceivedRequest): Reply | null {
    if (request.headers['x-amz-target'] !== BUS_TARGET) return null;
    const before = events.length;
    const reply = services.answerAws('events:PutEvents', request);
    for (const event of events.slice(before).filter(onEvent)) {
      const alert = parseAlertEvent({ 'detail-type': event.type, detail: event.detail } as never);
      handled = handled.then(() => dispatch?.([alert], { deadlineMs: Date.now() + 10_000 }));
    }
    return reply;
  }

  const account = await startAlertAccount(dynamoDb, answer);
  const { client } = dynamoDb;
  const now = () => new Date();
  const incidents = createDynamoDbIncidents(client, account.incidentsTable);
  const note = (name: string, send: () => SendOutcome) =>
    createReceiver(({ summary }) => {
      messages.push(`${name} ${summary.announcement}`);
      return send();
    });
  dispatch = createDispatchAlerts({
    account: ACCOUNT,
    incidents,
    outboxes: createDynamoDbOutboxes(client, account.incidentsTable),
    receivers: {
      sns: note('sns', () => ({ type: 'sent', place: null })),
      slack: { ...note('slack', slack), minSeverity: 'critical' },
    },
    keepUndeliverable: async () => {},
    holdBack: createHoldBack({
      mutes: createDynamoDbMutes(client, account.incidentsTable),
      incidents,
      now,
      wait: async () => {},
    }),
    now,
    wait: async () => {},
    owner: 'drilled',
  });
  return {
    ...account,
    incidents,
    messages,
    events,
    settle: async () => {
      await handled;
    },
  };
}

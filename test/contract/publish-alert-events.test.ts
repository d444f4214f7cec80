import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPublishAlertEvents } from '#shared/adapters/eventbridge-publish-alert-events.ts';
import type { BusEvent, PublishAlertEvents } from '#shared/application/ports.ts';
import { clientConfig, jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import { createFinding } from '#test/fakes/finding.ts';
import { type HttpServer, type ReceivedRequest, startHttpServer } from '#test/fakes/http-server.ts';

type Entry = {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
};

const COMPLETED: BusEvent = {
  type: 'evaluation.completed',
  completed: {
    schemaVersion: 1,
    evaluator: 'headroom',
    scope: { accountId: '123456789012', region: 'us-east-1' },
    through: '2026-03-02T14:05:00.000Z',
    openFindingIds: ['f'.repeat(64)],
  },
};

function findingEvent(title: string): BusEvent {
  return { type: 'findings', findings: [createFinding({ title })] };
}

function entriesOf({ body }: ReceivedRequest): Entry[] {
  return (JSON.parse(body) as { Entries: Entry[] }).Entries;
}

/** Takes every entry; AWS takes at most ten in a call. */
function takeAll(request: ReceivedRequest) {
  if (request.headers['x-amz-target'] !== 'AWSEvents.PutEvents')
    return jsonError(400, 'UnknownOperationException');
  const entries = entriesOf(request);
  if (entries.length < 1 || entries.length > 10)
    return jsonError(400, 'ValidationException', 'Entries: 1 to 10');
  return jsonReply({
    FailedEntryCount: 0,
    Entries: entries.map((_, index) => ({ EventId: `event-${index}` })),
  });
}

describe('eventbridge-publish-alert-events', () => {
  let server: HttpServer;
  let client: EventBridgeClient;
  let publishAlertEvents: PublishAlertEvents;

  beforeEach(async () => {
    server = await startHttpServer(takeAll);
    client = new EventBridgeClient(clientConfig(server.url));
    publishAlertEvents = createPublishAlertEvents(client, 'gatewatch-bus');
  });

  afterEach(async () => {
    client.destroy();
    await server.stop();
  });

  it('publishAlertEvents() puts both types of events on the bus as JSON', async () => {
    const event = findingEvent('4 % fail · «orders» 💥');

    await publishAlertEvents([event, COMPLETED]);

    const [request] = server.requests;
    const entries = request === undefined ? [] : entriesOf(request);
    expect(entries.map(({ EventBusName, Source, DetailType }) => [EventBusName, Source, DetailType])).toEqual(
      [
        ['gatewatch-bus', 'gatewatch', 'findings'],
        ['gatewatch-bus', 'gatewatch', 'evaluation.completed'],
      ],
    );
    expect(entries.map(({ Detail }) => JSON.parse(Detail))).toEqual([
      { schemaVersion: 1, findings: [createFinding({ title: '4 % fail · «orders» 💥' })] },
      COMPLETED.completed,
    ]);
  });

  it('publishAlertEvents() sends 25 events in three calls, in their order', async () => {
    const titles = Array.from({ length: 25 }, (_, index) => `finding ${index}`);

    await publishAlertEvents(titles.map(findingEvent));

    expect(server.requests.map((request) => entriesOf(request).length)).toEqual([10, 10, 5]);
    const details = server.requests
      .flatMap(entriesOf)
      .map(({ Detail }) => JSON.parse(Detail) as { findings: { title: string }[] });
    expect(details.map(({ findings }) => findings.map(({ title }) => title))).toEqual(
      titles.map((title) => [title]),
    );
  });

  it('publishAlertEvents() keeps every call below the size that the bus takes, and loses no finding', async () => {
    const findings = Array.from({ length: 300 }, (_, index) =>
      createFinding({ title: String(index), nextStep: 'ü'.repeat(1_000) }),
    );

    await publishAlertEvents([{ type: 'findings', findings }, COMPLETED]);

    const bytes = server.requests.map((request) =>
      entriesOf(request).reduce((sum, { Detail }) => sum + Buffer.byteLength(Detail), 0),
    );
    const sent = server.requests.flatMap(entriesOf).flatMap(({ Detail }) => {
      const detail = JSON.parse(Detail) as { findings?: { title: string }[] };
      return (detail.findings ?? []).map(({ title }) => title);
    });
    expect(Math.max(...bytes)).toBeLessThan(256 * 1_024);
    expect(sent).toEqual(findings.map(({ title }) => title));
  });

  it('publishAlertEvents() makes no call without events', async () => {
    await publishAlertEvents([]);

    expect(server.requests).toEqual([]);
  });

  it('publishAlertEvents() throws with the code if the bus refuses one of a call, and stops there', async () => {
    server.answerOnce(takeAll);
    server.answerOnce(() =>
      jsonReply({
        FailedEntryCount: 2,
        Entries: [
          { EventId: 'event-1' },
          { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' },
          {},
        ],
      }),
    );

    await expect(publishAlertEvents(Array.from({ length: 25 }, () => COMPLETED))).rejects.toThrow(
      'The bus refused 2 of 10 events: ThrottlingException',
    );

    expect(server.requests).toHaveLength(2);
  });

  it.each([
    ['an unknown bus', 'ResourceNotFoundException', 'Event bus does not exist'],
    ['missing permission', 'AccessDeniedException', 'not authorized'],
    ['a throttled call', 'ThrottlingException', 'Rate exceeded'],
  ])('publishAlertEvents() throws for %s', async (_, code, message) => {
    server.answerOnce(() => jsonError(400, code, message));

    await expect(publishAlertEvents([COMPLETED])).rejects.toThrow(message);
  });
});

import { SNSClient } from '@aws-sdk/client-sns';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSnsDeliverIncident } from '#shared/adapters/sns-deliver-incident.ts';
import type { DeliverIncident } from '#shared/application/ports.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { type IncidentSummary, summarizeIncident } from '#shared/domain/messages/incident-summary.ts';
import { renderText } from '#shared/domain/messages/render-text.ts';
import { clientConfig } from '#test/fakes/aws-protocol.ts';
import { createIncident } from '#test/fakes/finding.ts';
import { type HttpServer, type Reply, startHttpServer } from '#test/fakes/http-server.ts';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:gatewatch-alerts';

const NASTY_TITLES = [
  'two\r\nlines',
  'a tab\tand a bell\u0007 and an escape \u001b[31m',
  'ünïcödé 💥 · «quoted» … and \u202eright to left',
  'half a pair \ud83d',
  'x'.repeat(500),
  '💥'.repeat(60),
  '"quotes", {"json": true}, <b>&amp; %0a',
];

const ANSWER =
  '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-1</MessageId>' +
  '</PublishResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></PublishResponse>';

function xmlError(status: number, code: string, message: string): Reply {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${error}</ErrorResponse>`,
  };
}

/** As SNS documents it: ASCII, begins with a letter, number or punctuation mark, no control character, below 100. */
function isSubject(subject: string): boolean {
  return /^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject);
}

describe('sns-deliver-incident', () => {
  let server: HttpServer;
  let client: SNSClient;
  let deliverIncident: DeliverIncident;

  beforeEach(async () => {
    server = await startHttpServer(() => ({
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: ANSWER,
    }));
    client = new SNSClient(clientConfig(server.url));
    deliverIncident = createSnsDeliverIncident(client, TOPIC);
  });

  afterEach(async () => {
    client.destroy();
    await server.stop();
  });

  /** Delivers an incident, and returns the form that SNS got. */
  async function deliver(incident: Incident): Promise<{ form: URLSearchParams; summary: IncidentSummary }> {
    const summary = summarizeIncident(incident, 'opened', Date.parse('2026-03-02T14:07:00Z'));
    await deliverIncident(summary, incident);
    return { form: new URLSearchParams(server.requests.at(-1)?.body), summary };
  }

  function attributesOf(form: URLSearchParams): Record<string, string | null> {
    const attributes: Record<string, string | null> = {};
    for (let index = 1; form.has(`MessageAttributes.entry.${index}.Name`); index += 1) {
      const entry = `MessageAttributes.entry.${index}`;
      expect(form.get(`${entry}.Value.DataType`)).toBe('String');
      attributes[form.get(`${entry}.Name`) ?? ''] = form.get(`${entry}.Value.StringValue`);
    }
    return attributes;
  }

  it('deliverIncident() publishes once to the topic, one message per protocol', async () => {
    const { form } = await deliver(createIncident());

    expect(server.requests).toHaveLength(1);
    expect(form.get('Action')).toBe('Publish');
    expect(form.get('TopicArn')).toBe(TOPIC);
    expect(form.get('MessageStructure')).toBe('json');
    expect(form.get('Subject')).toBe(
      'CRITICAL open: 4.1 % of requests to orders-api/prod fail (us-east-1, 1234-5678-9012)',
    );
  });

  it.each(NASTY_TITLES)('deliverIncident() makes a subject that SNS takes of the title %j', async (title) => {
    const { form } = await deliver(createIncident({ title }));

    expect(form.get('Subject')).toMatch(/^CRITICAL open: /);
    expect(form.get('Subject')).toSatisfy(isSubject);
  });

  it('deliverIncident() makes a subject that SNS takes of any title', async () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const title = fc.string({ unit, maxLength: 200 });

    await fc.assert(
      fc.asyncProperty(title, async (text) => {
        const { form } = await deliver(createIncident({ title: text }));
        return isSubject(form.get('Subject') ?? '');
      }),
      { numRuns: 50 },
    );
  });

  it.each(NASTY_TITLES)('deliverIncident() keeps all of the title %j in the messages', async (title) => {
    const incident = createIncident({ title });

    const { form, summary } = await deliver(incident);

    const message = JSON.parse(form.get('Message') ?? '') as { default: string; email: string };
    expect(Object.keys(message).sort()).toEqual(['default', 'email']);
    expect(message.email).toBe(renderText(summary));
    expect(JSON.parse(message.default)).toEqual({
      schemaVersion: 1,
      announcement: 'opened',
      id: incident.id,
      status: 'open',
      severity: 'critical',
      scope: incident.scope,
      openedAt: incident.openedAt,
      closedAt: null,
      title,
      facts: summary.facts,
      findings: incident.findings,
    });
  });

  it('deliverIncident() carries what filter policies choose by', async () => {
    const { form } = await deliver(createIncident());

    expect(attributesOf(form)).toEqual({
      severity: 'critical',
      announcement: 'opened',
      kind: 'error-budget',
      apiId: 'a1b2c3',
      stage: 'prod',
    });
  });

  it('deliverIncident() leaves out the attributes of a stage for the whole account', async () => {
    const { form } = await deliver(createIncident({ kind: 'headroom.exhausted', cause: null }));

    expect(attributesOf(form)).toEqual({
      severity: 'critical',
      announcement: 'opened',
      kind: 'headroom.exhausted',
    });
  });

  it.each([
    [
      'a refused message',
      xmlError(400, 'InvalidParameter', 'Invalid parameter: Subject'),
      'Invalid parameter: Subject',
    ],
    ['missing permission', xmlError(403, 'AuthorizationError', 'is not authorized'), 'is not authorized'],
    ['a key that cannot be used', xmlError(400, 'KMSAccessDenied', 'no kms access'), 'no kms access'],
    ['a throttled call', xmlError(429, 'Throttled', 'Rate exceeded'), 'Rate exceeded'],
    ['an outage', xmlError(500, 'InternalError', 'internal'), 'internal'],
  ])('deliverIncident() throws for %s', async (_, reply, message) => {
    server.answerOnce(() => reply);

    await expect(deliver(createIncident())).rejects.toThrow(message);
  });

  it('deliverIncident() throws when the connection breaks', async () => {
    server.answerOnce(() => 'reset');

    await expect(deliver(createIncident())).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

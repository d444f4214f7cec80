import { SNSClient } from '@aws-sdk/client-sns';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSnsReceiver } from '#shared/adapters/sns-receiver.ts';
import type { OutgoingMessage, SendOutcome } from '#shared/application/receiver-ports.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import { type Incident, MAX_FINDINGS } from '#shared/domain/incidents/incident.ts';
import { renderText } from '#shared/domain/messages/render-text.ts';
import { clientConfig } from '#test/fakes/aws-protocol.ts';
import { createFinding, createIncident } from '#test/fakes/finding.ts';
import { type HttpServer, type Reply, refusingUrl, startHttpServer } from '#test/fakes/http-server.ts';
import { createPost } from '#test/fakes/outgoing-message.ts';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:gatewatch-alerts';
const MAX_BYTES = 256 * 1_024;

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

function xml(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function xmlError(status: number, code: string): Reply {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>arn:aws:iam::1:role/x</Message></Error>`;
  return xml(
    status,
    `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${error}</ErrorResponse>`,
  );
}

/** As SNS documents it: ASCII, begins with a letter, number or punctuation mark, no control character, below 100. */
function isSubject(subject: string): boolean {
  return /^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject);
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

/** What counts towards the limit of a message. */
function bytesOf(form: URLSearchParams): number {
  const attributes = Object.entries(attributesOf(form)).flatMap(([name, value]) => [name, 'String', value]);
  const all = [form.get('Message'), form.get('Subject'), ...attributes];
  return all.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
}

type Machine = { readonly findings: Finding[]; readonly findingsLeftOut: number; readonly facts: unknown[] };

function machineOf(form: URLSearchParams): Machine {
  const { default: machine } = JSON.parse(form.get('Message') ?? '') as { default: string };
  return JSON.parse(machine) as Machine;
}

/** An incident of the most findings that are kept, each as long as given. */
function createBigIncident(findings: readonly Partial<Finding>[]): Incident {
  const all = findings.map((finding, index) =>
    createFinding({ id: `${index}`.padStart(64, '0'), ...finding }),
  );
  return { ...createIncident(), findings: all, leftOutIds: ['f1', 'f2', 'f3'] };
}

describe('sns-receiver', () => {
  let server: HttpServer;
  let client: SNSClient;

  beforeEach(async () => {
    server = await startHttpServer(() => xml(200, ANSWER));
    client = new SNSClient(clientConfig(server.url));
  });

  afterEach(async () => {
    client.destroy();
    await server.stop();
  });

  async function send(message: OutgoingMessage): Promise<SendOutcome> {
    return createSnsReceiver(client, TOPIC, 'warning').send(message);
  }

  /** Sends a message, and returns the form that SNS got. */
  async function publish(message: OutgoingMessage): Promise<URLSearchParams> {
    expect(await send(message)).toEqual({ type: 'sent', place: null });
    return new URLSearchParams(server.requests.at(-1)?.body);
  }

  it('is a receiver that cannot edit or look, and takes messages at any pace', () => {
    expect(createSnsReceiver(client, TOPIC, 'critical')).toMatchObject({
      canEdit: false,
      minSeverity: 'critical',
      intervalMs: 0,
      find: null,
    });
  });

  it('send() publishes once to the topic, one message per protocol', async () => {
    const form = await publish(createPost());

    expect(server.requests).toHaveLength(1);
    expect(form.get('Action')).toBe('Publish');
    expect(form.get('TopicArn')).toBe(TOPIC);
    expect(form.get('MessageStructure')).toBe('json');
    expect(form.get('Subject')).toBe(
      'CRITICAL open: 4.1 % of requests to orders-api/prod fail (us-east-1, 1234-5678-9012)',
    );
  });

  it.each(NASTY_TITLES)('send() makes a subject that SNS takes of the title %j', async (title) => {
    const form = await publish(createPost({ summary: { title } }));

    expect(form.get('Subject')).toMatch(/^CRITICAL open: /);
    expect(form.get('Subject')).toSatisfy(isSubject);
  });

  it('send() makes a subject that SNS takes of any title', async () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const text = fc.string({ unit, maxLength: 200 });

    await fc.assert(
      fc.asyncProperty(text, async (title) => {
        const form = await publish(createPost({ summary: { title } }));
        return isSubject(form.get('Subject') ?? '');
      }),
      { numRuns: 50 },
    );
  });

  it.each(NASTY_TITLES)('send() keeps all of the title %j in the messages', async (title) => {
    const incident = createIncident({ title });
    const post = createPost({ incident });

    const form = await publish(post);

    const message = JSON.parse(form.get('Message') ?? '') as { default: string; email: string };
    expect(Object.keys(message).sort()).toEqual(['default', 'email']);
    expect(message.email).toBe(renderText(post.summary));
    expect(JSON.parse(message.default)).toEqual({
      schemaVersion: 1,
      announcement: 'opened',
      isRepeat: false,
      isDrill: false,
      id: incident.id,
      version: incident.version,
      status: 'open',
      severity: 'critical',
      scope: incident.scope,
      openedAt: incident.openedAt,
      closedAt: null,
      title,
      facts: post.summary.facts,
      findings: incident.findings,
      findingsLeftOut: 0,
    });
  });

  it('send() carries what filter policies choose by', async () => {
    expect(attributesOf(await publish(createPost()))).toEqual({
      severity: 'critical',
      announcement: 'opened',
      kind: 'error-budget',
      apiId: 'a1b2c3',
      stage: 'prod',
    });
  });

  it('send() leaves out the attributes of a stage for the whole account', async () => {
    const incident = createIncident({ kind: 'headroom.exhausted', cause: null });

    expect(attributesOf(await publish(createPost({ incident })))).toEqual({
      severity: 'critical',
      announcement: 'opened',
      kind: 'headroom.exhausted',
    });
  });

  it('send() takes as kind that of the finding that leads, whichever came first', async () => {
    const incident = createBigIncident([
      { kind: 'headroom.exhausted', severity: 'info' },
      { kind: 'latency', severity: 'critical' },
      { kind: 'noisy-neighbour', severity: 'warning' },
    ]);

    expect(attributesOf(await publish(createPost({ incident })))).toMatchObject({ kind: 'noisy-neighbour' });
  });

  it('send() marks a message that may have come before', async () => {
    const form = await publish(createPost({ summary: { isRepeat: true } }));

    expect(machineOf(form)).toMatchObject({ isRepeat: true });
  });

  it('send() marks a drill, so that nobody has to be woken by it', async () => {
    expect(attributesOf(await publish(createPost({ summary: { isDrill: true } })))).toMatchObject({
      isDrill: 'true',
    });
  });

  it('send() makes attributes that SNS takes of names out of a log', async () => {
    const { scope } = createFinding();
    const incident = createIncident({
      scope: { ...scope, apiId: 'a\u0000b\ud83d', stage: '\n'.repeat(400) },
    });

    expect(attributesOf(await publish(createPost({ incident })))).toMatchObject({
      apiId: 'a?b?',
      stage: '?'.repeat(256),
    });
  });

  it('send() leaves out the last findings of a message that would be too long, and counts them', async () => {
    const evidence = [{ label: 'Now', value: '"'.repeat(3_000) }];
    const incident = createBigIncident(Array.from({ length: MAX_FINDINGS }, () => ({ evidence })));

    const form = await publish(createPost({ incident }));

    const { findings, findingsLeftOut } = machineOf(form);
    expect(findings.length).toBeGreaterThan(10);
    expect(findings.length).toBeLessThan(MAX_FINDINGS);
    expect(findings).toEqual(incident.findings.slice(0, findings.length));
    expect(findingsLeftOut).toBe(3 + MAX_FINDINGS - findings.length);
    expect(bytesOf(form)).toBeLessThanOrEqual(MAX_BYTES);
    const perFinding = Buffer.byteLength(JSON.stringify(JSON.stringify(incident.findings[0])));
    expect(bytesOf(form)).toBeGreaterThan(MAX_BYTES - perFinding - 100);
  });

  it('send() makes a message that SNS takes of any findings', async () => {
    const unit = fc.constantFrom('"', '\\', '\u0000', '💥', '\ud83d', 'é', 'a', '\n');
    const long = fc
      .tuple(unit, fc.integer({ min: 0, max: 100_000 }))
      .map(([text, length]) => text.repeat(length));
    const finding = fc.record({
      title: long,
      nextStep: long,
      evidence: fc.array(fc.record({ label: fc.string(), value: long }), { maxLength: 3 }),
    });

    await fc.assert(
      fc.asyncProperty(fc.array(finding, { minLength: 1, maxLength: 5 }), async (findings) => {
        const form = await publish(createPost({ incident: createBigIncident(findings) }));
        const { findings: told, findingsLeftOut } = machineOf(form);
        return bytesOf(form) <= MAX_BYTES && told.length + findingsLeftOut === findings.length + 3;
      }),
      { numRuns: 30 },
    );
  });

  it.each<[string, Reply, SendOutcome]>([
    [
      'an invalid message',
      xmlError(400, 'InvalidParameter'),
      { type: 'refused', reason: 'InvalidParameterException' },
    ],
    [
      'a missing permission',
      xmlError(403, 'AuthorizationError'),
      { type: 'refused', reason: 'AuthorizationErrorException' },
    ],
    ['a missing topic', xmlError(404, 'NotFound'), { type: 'refused', reason: 'NotFoundException' }],
    [
      'a key without permission',
      xmlError(400, 'KMSAccessDenied'),
      { type: 'refused', reason: 'KMSAccessDeniedException' },
    ],
    ['a disabled key', xmlError(400, 'KMSDisabled'), { type: 'refused', reason: 'KMSDisabledException' }],
    [
      'a key that is asked too often',
      xmlError(400, 'KMSThrottling'),
      { type: 'put-off', reason: 'KMSThrottlingException', retryAfterMs: null },
    ],
    [
      'too many calls',
      xmlError(429, 'Throttled'),
      { type: 'put-off', reason: 'ThrottledException', retryAfterMs: null },
    ],
    [
      'too many calls, in the words of other services',
      xmlError(400, 'ThrottlingException'),
      { type: 'put-off', reason: 'ThrottlingException', retryAfterMs: null },
    ],
    [
      'credentials that have run out',
      xmlError(403, 'ExpiredToken'),
      { type: 'put-off', reason: 'ExpiredToken', retryAfterMs: null },
    ],
    ['an outage', xmlError(500, 'InternalError'), { type: 'unknown', reason: 'InternalErrorException' }],
    ['a connection that breaks', 'reset', { type: 'unknown', reason: 'ECONNRESET' }],
    ['an answer that is none', xml(200, 'Bad <Gateway'), { type: 'unknown', reason: 'HTTP 200' }],
    ['an outage without a word', xml(503, ''), { type: 'unknown', reason: 'HTTP 503' }],
  ])('send() judges %s', async (_, reply, outcome) => {
    server.answerOnce(() => reply);

    expect(await send(createPost())).toEqual(outcome);
    expect(server.requests).toHaveLength(1);
  });

  it('send() puts off what nobody listens to', async () => {
    const unreachable = new SNSClient(clientConfig(await refusingUrl()));

    expect(await createSnsReceiver(unreachable, TOPIC, 'warning').send(createPost())).toEqual({
      type: 'put-off',
      reason: 'ECONNREFUSED',
      retryAfterMs: null,
    });
    unreachable.destroy();
  });

  it('send() does not know what became of a message that is not answered in time', async () => {
    const impatient = new SNSClient({
      ...clientConfig(server.url),
      requestHandler: { requestTimeout: 50, throwOnRequestTimeout: true },
    });
    server.answerOnce(() => 'silence');

    expect(await createSnsReceiver(impatient, TOPIC, 'warning').send(createPost())).toEqual({
      type: 'unknown',
      reason: 'ETIMEDOUT',
    });
    impatient.destroy();
  });

  it('send() does not know what became of the first attempt of a client that makes two', async () => {
    const patient = new SNSClient(clientConfig(server.url, 2));
    server.answerOnce(() => 'reset');
    server.answerOnce(() => xmlError(429, 'Throttled'));

    expect(await createSnsReceiver(patient, TOPIC, 'warning').send(createPost())).toEqual({
      type: 'unknown',
      reason: 'ThrottledException',
    });
    patient.destroy();
  });
});

import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { accountReply } from '#test/fakes/apigateway-server.ts';
import { jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import type { ReceivedRequest, Reply } from '#test/fakes/http-server.ts';
import { answerServiceQuotas } from '#test/fakes/service-quotas.ts';

/** One entry of PutEvents, its detail parsed. */
export type PutEvent = {
  readonly bus: string;
  readonly source: string;
  readonly type: string;
  readonly detail: unknown;
};

/** One message to a topic, its bodies by protocol. */
export type Publication = {
  readonly topicArn: string;
  readonly subject: string;
  readonly bodies: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, string>>;
};

/** What was posted to the webhook; the rest of it is for Slack to check. */
export type SlackMessage = { readonly text: string };

/** What came out at the other end of AWS, in order. */
export type Delivered = {
  readonly events: readonly PutEvent[];
  readonly publications: readonly Publication[];
  readonly slackMessages: readonly SlackMessage[];
};

const Json = v.pipe(v.string(), v.parseJson());

const PutEventsSchema = v.strictObject({
  Entries: v.pipe(
    v.array(
      v.strictObject({
        EventBusName: v.pipe(v.string(), v.nonEmpty()),
        Source: v.pipe(v.string(), v.nonEmpty()),
        DetailType: v.pipe(v.string(), v.nonEmpty()),
        Detail: v.string(),
      }),
    ),
    v.minLength(1),
    v.maxLength(10),
  ),
});

const DetailSchema = v.pipe(
  Json,
  v.custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
);

const GetParameterSchema = v.strictObject({ Name: v.string(), WithDecryption: v.literal(true) });

/** SNS takes ASCII without control characters, below 100 of them; bodies with one for protocols not named. */
const PublishSchema = v.object({
  TopicArn: v.pipe(v.string(), v.startsWith('arn:aws:sns:')),
  Subject: v.pipe(v.string(), v.regex(/^[\x21-\x7e][\x20-\x7e]{0,98}$/)),
  MessageStructure: v.literal('json'),
  Message: v.pipe(Json, v.objectWithRest({ default: v.string() }, v.string())),
});

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
const SlackSchema = v.looseObject({ text: v.pipe(v.string(), v.nonEmpty()) });

function attributesOf(form: URLSearchParams): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (let index = 1; form.has(`MessageAttributes.entry.${index}.Name`); index += 1) {
    const name = form.get(`MessageAttributes.entry.${index}.Name`) ?? '';
    attributes[name] = form.get(`MessageAttributes.entry.${index}.Value.StringValue`) ?? '';
  }
  return attributes;
}

function xmlReply(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function refuse(issue: v.BaseIssue<unknown>): Reply {
  return jsonError(400, 'ValidationException', `${v.getDotPath(issue) ?? 'request'}: ${issue.message}`);
}

/** A detail that is no JSON object fails its entry, not the call. */
function createEventBus() {
  const events: PutEvent[] = [];
  function putEvents(body: string): Reply {
    const parsed = v.safeParse(PutEventsSchema, JSON.parse(body));
    if (!parsed.success) return refuse(parsed.issues[0]);
    const Entries = parsed.output.Entries.map(
      ({ EventBusName: bus, Source: source, DetailType: type, Detail }) => {
        const detail = v.safeParse(DetailSchema, Detail);
        if (!detail.success) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
        events.push({ bus, source, type, detail: detail.output });
        return { EventId: randomUUID() };
      },
    );
    return jsonReply({
      FailedEntryCount: Entries.filter(({ ErrorCode }) => ErrorCode !== undefined).length,
      Entries,
    });
  }
  return { events, putEvents };
}

function createTopics() {
  const publications: Publication[] = [];
  function publish(body: string): Reply {
    const form = new URLSearchParams(body);
    const parsed = v.safeParse(PublishSchema, Object.fromEntries(form));
    if (!parsed.success) {
      const code = '<Code>InvalidParameter</Code>';
      return xmlReply(400, `<ErrorResponse><Error><Type>Sender</Type>${code}</Error></ErrorResponse>`);
    }
    const { TopicArn: topicArn, Subject: subject, Message: bodies } = parsed.output;
    publications.push({ topicArn, subject, bodies, attributes: attributesOf(form) });
    const result = `<PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult>`;
    return xmlReply(200, `<PublishResponse>${result}</PublishResponse>`);
  }
  function getAttributes(body: string): Reply {
    const topicArn = new URLSearchParams(body).get('TopicArn') ?? '';
    const entry = `<entry><key>TopicArn</key><value>${topicArn}</value></entry>`;
    const result = `<GetTopicAttributesResult><Attributes>${entry}</Attributes></GetTopicAttributesResult>`;
    return xmlReply(200, `<GetTopicAttributesResponse>${result}</GetTopicAttributesResponse>`);
  }
  return { publications, publish, getAttributes };
}

function getParameter(parameters: ReadonlyMap<string, string>, body: string): Reply {
  const parsed = v.safeParse(GetParameterSchema, JSON.parse(body));
  if (!parsed.success) return refuse(parsed.issues[0]);
  const { Name } = parsed.output;
  const Value = parameters.get(Name);
  if (Value === undefined) return jsonError(400, 'ParameterNotFound');
  return jsonReply({ Parameter: { Name, Type: 'SecureString', Value, Version: 1 } });
}

function createSlack() {
  const slackMessages: SlackMessage[] = [];
  function answerSlack({ method, body }: ReceivedRequest): Reply {
    const parsed = v.safeParse(v.pipe(Json, SlackSchema), body);
    if (method !== 'POST' || !parsed.success) return { status: 400, body: 'invalid_payload' };
    slackMessages.push(parsed.output);
    return { status: 200, body: 'ok' };
  }
  return { slackMessages, answerSlack };
}

/** The services that keep nothing but what they were given, each strict about the requests that it takes. */
export function createServices(parameters: ReadonlyMap<string, string>) {
  const { events, putEvents } = createEventBus();
  const { publications, publish, getAttributes } = createTopics();
  const { slackMessages, answerSlack } = createSlack();

  function answerAws(action: string, request: ReceivedRequest): Reply {
    const { body } = request;
    if (action === 'events:PutEvents') return putEvents(body);
    if (action === 'sns:Publish') return publish(body);
    if (action === 'sns:GetTopicAttributes') return getAttributes(body);
    if (action === 'ssm:GetParameter') return getParameter(parameters, body);
    if (action === 'apigateway:GET') return accountReply();
    if (action.startsWith('servicequotas:')) return answerServiceQuotas(request);
    return jsonError(400, 'UnknownOperationException');
  }

  return { answerAws, answerSlack, delivered: { events, publications, slackMessages } satisfies Delivered };
}

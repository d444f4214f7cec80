import { createHash, randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { jsonError, jsonReply } from '#test/fakes/aws-protocol.ts';
import type { ReceivedRequest, Reply } from '#test/fakes/http-server.ts';

const TARGET = 'AmazonSQS.';
const MAX_BYTES = 1024 * 1024;

type Message = {
  readonly id: string;
  readonly body: string;
  readonly sentMs: number;
  visibleMs: number;
  receipt: string;
};

const QueueUrl = v.pipe(v.string(), v.regex(/^https?:\/\/[^/]+\/\d{12}\/[\w-]{1,80}$/));
const Seconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(43_200));

/** Characters that XML has: SQS takes no others. */
const Body = v.pipe(v.string(), v.regex(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]+$/u), v.maxBytes(MAX_BYTES));

const SCHEMAS = {
  SendMessage: v.strictObject({ QueueUrl, MessageBody: Body }),
  ReceiveMessage: v.strictObject({
    QueueUrl,
    MaxNumberOfMessages: v.pipe(v.number(), v.minValue(1), v.maxValue(10)),
    VisibilityTimeout: Seconds,
    WaitTimeSeconds: v.pipe(v.number(), v.maxValue(20)),
    MessageSystemAttributeNames: v.array(v.literal('SentTimestamp')),
  }),
  DeleteMessage: v.strictObject({ QueueUrl, ReceiptHandle: v.string() }),
  ChangeMessageVisibility: v.strictObject({
    QueueUrl,
    ReceiptHandle: v.string(),
    VisibilityTimeout: Seconds,
  }),
};

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** What SQS says of a message that was deleted or received anew: not what its reference says. */
function noSuchMessage(receipt: string): Reply {
  const reason = 'Message does not exist or is not available for visibility timeout change.';
  const text = `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: ${reason}`;
  return jsonError(400, 'InvalidParameterValue', text);
}

/** SQS, as far as Gatewatch uses it; messages by the name of their queue. Whatever it does not know it refuses. */
export type SqsStandIn = {
  readonly answer: (request: ReceivedRequest) => Reply;
  /** The bodies in a queue, hidden or not. */
  readonly bodies: (queue: string) => readonly string[];
  /** Puts a message into a queue. */
  readonly put: (queue: string, body: string) => void;
};

/** Makes an SQS without messages. Waiting for messages takes no time. */
export function createSqsStandIn(nowMs: () => number): SqsStandIn {
  const queues = new Map<string, Message[]>();
  const messagesOf = (name: string): Message[] => {
    const known = queues.get(name) ?? [];
    queues.set(name, known);
    return known;
  };
  const queueOf = (url: string): Message[] => messagesOf(url.split('/').at(-1) ?? '');

  function put(name: string, body: string): string {
    const id = randomUUID();
    messagesOf(name).push({ id, body, sentMs: nowMs(), visibleMs: nowMs(), receipt: '' });
    return id;
  }

  const operations = {
    SendMessage: (input: v.InferOutput<(typeof SCHEMAS)['SendMessage']>): Reply => {
      const MessageId = put(input.QueueUrl.split('/').at(-1) ?? '', input.MessageBody);
      return jsonReply({ MessageId, MD5OfMessageBody: md5(input.MessageBody) });
    },
    ReceiveMessage: (input: v.InferOutput<(typeof SCHEMAS)['ReceiveMessage']>): Reply => {
      const visible = queueOf(input.QueueUrl).filter(({ visibleMs }) => visibleMs <= nowMs());
      const Messages = visible.slice(0, input.MaxNumberOfMessages).map((message) => {
        message.visibleMs = nowMs() + input.VisibilityTimeout * 1_000;
        message.receipt = randomUUID();
        const { id: MessageId, receipt: ReceiptHandle, body: Body, sentMs } = message;
        return {
          ...{ MessageId, ReceiptHandle, Body, MD5OfBody: md5(Body) },
          Attributes: { SentTimestamp: String(sentMs) },
        };
      });
      return jsonReply(Messages.length === 0 ? {} : { Messages });
    },
    DeleteMessage: (input: v.InferOutput<(typeof SCHEMAS)['DeleteMessage']>): Reply => {
      const queue = queueOf(input.QueueUrl);
      const place = queue.findIndex(({ receipt }) => receipt === input.ReceiptHandle);
      if (place >= 0) queue.splice(place, 1);
      return jsonReply({});
    },
    ChangeMessageVisibility: (input: v.InferOutput<(typeof SCHEMAS)['ChangeMessageVisibility']>): Reply => {
      const message = queueOf(input.QueueUrl).find(({ receipt }) => receipt === input.ReceiptHandle);
      if (message === undefined) return noSuchMessage(input.ReceiptHandle);
      if (message.visibleMs <= nowMs()) return jsonError(400, 'MessageNotInflight');
      message.visibleMs = nowMs() + input.VisibilityTimeout * 1_000;
      return jsonReply({});
    },
  };

  return {
    put: (name, body) => {
      put(name, body);
    },
    bodies: (name) => messagesOf(name).map(({ body }) => body),
    answer: ({ headers, body }) => {
      const name = String(headers['x-amz-target'] ?? '').slice(TARGET.length) as keyof typeof operations;
      const schema = SCHEMAS[name] as v.GenericSchema | undefined;
      if (schema === undefined) return jsonError(400, 'InvalidAction');
      const parsed = v.safeParse(schema, JSON.parse(body));
      if (!parsed.success) return jsonError(400, 'InvalidParameterValue', parsed.issues[0].message);
      return (operations[name] as (input: unknown) => Reply)(parsed.output);
    },
  };
}

import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  MessageNotInflight,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { LetterQueue, ReceivedLetter } from '#shared/application/letter-ports.ts';

/** The most that SQS gives. */
const MESSAGES_PER_CALL = 10;
/** Long enough for what is done with ten messages, and short enough that one that was forgotten is soon back. */
const HIDDEN_SECONDS = 120;
/** With a wait SQS asks all of its servers, so that nothing means nothing. */
const WAIT_SECONDS = 2;

function letterOf({ MessageId, ReceiptHandle, Body, Attributes }: Message): ReceivedLetter {
  return {
    id: MessageId ?? '',
    receipt: ReceiptHandle ?? '',
    body: Body ?? '',
    sentAtMs: Number(Attributes?.SentTimestamp ?? 0),
  };
}

/**
 * Whether a message is no longer held: its time was over, or somebody else removed it. Of a receipt that was good once,
 * SQS says `InvalidParameterValue`, which is not in its reference.
 *
 * @see {@link https://github.com/aws/aws-sdk-java/issues/1628}
 */
function isGone(error: unknown): boolean {
  if (error instanceof MessageNotInflight || error instanceof ReceiptHandleIsInvalid) return true;
  const { name, message } = error as Error;
  return name === 'InvalidParameterValue' && message.includes('ReceiptHandle');
}

async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/**
 * A queue of SQS.
 *
 * @throws {Error} Each call, if SQS refuses it or cannot be reached
 * @see {@link https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html}
 */
export function createSqsLetterQueue(client: SQSClient, queueUrl: string): LetterQueue {
  const QueueUrl = queueUrl;
  return {
    receive: async () => {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: MESSAGES_PER_CALL,
          VisibilityTimeout: HIDDEN_SECONDS,
          WaitTimeSeconds: WAIT_SECONDS,
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      );
      return Messages.map(letterOf);
    },
    release: ({ receipt: ReceiptHandle }) =>
      unlessGone(
        client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
      ),
    remove: ({ receipt: ReceiptHandle }) =>
      unlessGone(client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))),
    send: async (MessageBody) => {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    },
  };
}

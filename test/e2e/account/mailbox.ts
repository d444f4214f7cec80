import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Clients } from '#test/e2e/stack/clients.ts';

/** What came from a topic to a queue of somebody's who subscribed. */
export type Mailbox = {
  /** All messages so far, in the order in which they were read. */
  readonly read: () => Promise<readonly TopicMessage[]>;
};

export type TopicMessage = {
  readonly Subject?: string;
  readonly Message: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly Value: string }>>;
};

/** Subscribes a new queue to a topic. */
export async function openMailbox({ sqs, sns }: Clients, topicArn: string): Promise<Mailbox> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'on-call' }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  await sns.send(
    new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: Attributes?.['QueueArn'] }),
  );
  const seen = new Map<string, TopicMessage>();
  return {
    read: async () => {
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3_600 }),
        );
        if (Messages.length === 0) return [...seen.values()];
        for (const { MessageId = '', Body = '' } of Messages) {
          seen.set(MessageId, JSON.parse(Body) as TopicMessage);
        }
      }
    },
  };
}

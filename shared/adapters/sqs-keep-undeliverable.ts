import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { KeepUndeliverable } from '#shared/application/receiver-ports.ts';

/** Keeps what receivers will never take in a queue of dead letters. */
export function createSqsKeepUndeliverable(client: SQSClient, queueUrl: string): KeepUndeliverable {
  return async (letter) => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(letter) }));
  };
}

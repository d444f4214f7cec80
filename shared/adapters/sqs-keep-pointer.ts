import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { KeepPointer } from '#shared/application/letter-ports.ts';
import { toPointerMessage } from '#shared/domain/dead-letters/pointer.ts';

/**
 * Keeps pointers in a queue of dead letters.
 *
 * @param functionName - Who found what they point to
 */
export function createSqsKeepPointer(client: SQSClient, queueUrl: string, functionName: string): KeepPointer {
  return async (pointer) => {
    const MessageBody = JSON.stringify(toPointerMessage(pointer, functionName));
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
  };
}

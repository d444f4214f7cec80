import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { encodeParkedChunk } from '#shared/adapters/parked-chunk-message.ts';
import type { ParkChunk } from '#shared/application/letter-ports.ts';

/**
 * SQS takes 1 MiB since 2025, and 256 KiB before. The smaller one is kept to: it is one call's charge less, and what
 * other tools and Regions take.
 *
 * @see {@link https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html}
 */
export const MAX_MESSAGE_BYTES = 256 * 1024;

/** Parks calls in a queue. The SDK may put one in twice, which is fine. */
export function createSqsParkChunk(client: SQSClient, queueUrl: string): ParkChunk {
  return async (chunk) => {
    const MessageBody = encodeParkedChunk(chunk);
    // ASCII: a character is a byte.
    if (MessageBody.length >= MAX_MESSAGE_BYTES) return false;
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    return true;
  };
}

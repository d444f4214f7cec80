import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';
import { errorWord } from '#shared/adapters/plain-word.ts';
import type { CheckReceiver } from '#shared/application/check-receivers.ts';

/** Checks that the topic exists and can be reached. */
export function createSnsCheckTopic(client: SNSClient, topicArn: string): CheckReceiver {
  return async () => {
    try {
      await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
      return null;
    } catch (error) {
      return errorWord(error);
    }
  };
}

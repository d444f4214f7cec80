import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { describeNetworkFailure } from '#shared/adapters/network-failure.ts';
import { errorWord } from '#shared/adapters/plain-word.ts';
import { createSnsMessage } from '#shared/adapters/sns-message.ts';
import type { Receiver, SendOutcome } from '#shared/application/receiver-ports.ts';
import type { Severity } from '#shared/domain/detection/finding.ts';

type AwsError = {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
};

/** Asked too often, or with what has run out meanwhile: later it may be taken. */
const FOR_NOW = /Throttl|TooManyRequests|Expired|TimeTooSkewed/;

/** What a failed call means. Of one that the SDK made more than once, an earlier attempt may have arrived. */
function outcomeOfError(error: unknown): SendOutcome {
  const { httpStatusCode: status, attempts = 1 } = (error as AwsError).$metadata ?? {};
  const unsent = (reason: string): SendOutcome =>
    attempts > 1 ? { type: 'unknown', reason } : { type: 'put-off', reason, retryAfterMs: null };
  if (status === undefined) {
    const { reason, isUnsent } = describeNetworkFailure(error);
    if (isUnsent) return unsent(reason);
    if (reason === 'no answer') throw error;
    return { type: 'unknown', reason };
  }
  const word = errorWord(error);
  const reason = /^(Error|Unknown)$/.test(word) ? `HTTP ${status}` : word;
  if (status === 429 || FOR_NOW.test(reason)) return unsent(reason);
  return { type: status >= 400 && status < 500 ? 'refused' : 'unknown', reason };
}

/**
 * Tells a topic about incidents: text for mail, JSON for everything else, attributes for filter policies.
 *
 * @param client - Best of one attempt: what it throttles can then be told from what was not answered
 */
export function createSnsReceiver(client: SNSClient, topicArn: string, minSeverity: Severity): Receiver {
  return {
    canEdit: false,
    minSeverity,
    intervalMs: 0,
    send: async (message) => {
      const command = new PublishCommand({ TopicArn: topicArn, ...createSnsMessage(message) });
      try {
        await client.send(command);
        return { type: 'sent', place: null };
      } catch (error) {
        return outcomeOfError(error);
      }
    },
    find: null,
  };
}

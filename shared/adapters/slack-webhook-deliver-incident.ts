import { IncomingWebhook } from '@slack/webhook';
import type { DeliverIncident } from '#shared/application/ports.ts';
import { renderSlackMessage } from '#shared/domain/messages/render-slack.ts';

const TIMEOUT_MS = 5_000;

/**
 * Posts incidents to an incoming webhook. A webhook cannot edit, so each announcement is a message of its own; one
 * attempt only, since the dispatcher repeats what was not delivered.
 *
 * @param readUrl - The webhook's address, which is a secret and appears in no error
 */
export function createSlackWebhookDeliverIncident(readUrl: () => Promise<string>): DeliverIncident {
  return async (summary) => {
    const webhook = new IncomingWebhook(await readUrl(), { timeout: TIMEOUT_MS });
    try {
      await webhook.send(renderSlackMessage(summary));
    } catch (error) {
      // The library's error carries the request and with it the address, so it is not kept as a cause.
      const { code, message } = error as { code?: string; message?: string };
      throw new Error(
        `Slack did not take the message: ${code ?? 'unknown error'}, ${withoutUrls(message ?? '')}`,
      );
    }
  };
}

function withoutUrls(text: string): string {
  return text.replace(/https?:\/\/\S+/g, '(address)').slice(0, 200);
}

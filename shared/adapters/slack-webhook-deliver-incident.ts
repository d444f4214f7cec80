import { IncomingWebhook, IncomingWebhookHTTPError, IncomingWebhookRequestError } from '@slack/webhook';
import type { DeliverIncident } from '#shared/application/ports.ts';
import { renderSlackMessage } from '#shared/domain/messages/render-slack.ts';

const TIMEOUT_MS = 5_000;

/** A word such as `invalid_blocks` or `ECONNRESET`: too plain to be, or to hold, an address. */
const WORD = /^[A-Za-z_]{1,60}$/;

/**
 * Says why, in words only. The library's errors can hold the address in their messages, bodies and causes, so nothing
 * else of them is repeated, and none is kept as a cause.
 */
function reasonOf(error: unknown): string {
  if (error instanceof IncomingWebhookHTTPError) {
    return WORD.test(error.body) ? `HTTP ${error.statusCode} ${error.body}` : `HTTP ${error.statusCode}`;
  }
  if (error instanceof IncomingWebhookRequestError) {
    const { name, cause } = error.original;
    const { code } = (cause ?? {}) as { readonly code?: unknown };
    if (typeof code === 'string' && WORD.test(code)) return code;
    return name === 'TimeoutError' ? name : 'no answer';
  }
  return 'unknown error';
}

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
      throw new Error(`Slack did not take the message: ${reasonOf(error)}`);
    }
  };
}

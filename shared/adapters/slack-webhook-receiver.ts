import { IncomingWebhook, IncomingWebhookHTTPError, IncomingWebhookRequestError } from '@slack/webhook';
import { callWithSecret } from '#shared/adapters/call-with-secret.ts';
import { describeNetworkFailure } from '#shared/adapters/network-failure.ts';
import { toPlainWord } from '#shared/adapters/plain-word.ts';
import type { SecretReader } from '#shared/adapters/ssm-read-secret.ts';
import type { Receiver, SendOutcome } from '#shared/application/receiver-ports.ts';
import type { Severity } from '#shared/domain/detection/finding.ts';
import { renderSlackMessage, type SlackMessage } from '#shared/domain/messages/render-slack.ts';

const TIMEOUT_MS = 5_000;

/** One message a second. @see {@link https://docs.slack.dev/apis/web-api/rate-limits/} */
const INTERVAL_MS = 1_000;

const MALFORMED: SendOutcome = { type: 'refused', reason: 'malformed address' };

/**
 * What says that the address is wrong.
 *
 * @see {@link https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/#handling_errors}
 */
const WRONG_ADDRESS = /^HTTP 40[34]\b/;

/** Says why, in words only: the library's errors can hold the address in their messages, bodies and causes. */
function describeStatus({ statusCode, body }: IncomingWebhookHTTPError): string {
  const word = toPlainWord(body);
  return word === null ? `HTTP ${statusCode}` : `HTTP ${statusCode} ${word}`;
}

function outcomeOfError(error: unknown, retryAfterMs: number | null): SendOutcome {
  if (error instanceof IncomingWebhookHTTPError) {
    const reason = describeStatus(error);
    if (error.statusCode === 429) return { type: 'put-off', reason, retryAfterMs };
    return { type: error.statusCode >= 500 ? 'unknown' : 'refused', reason };
  }
  const cause = error instanceof IncomingWebhookRequestError ? error.original : error;
  const { reason, isUnsent } = describeNetworkFailure(cause);
  return isUnsent ? { type: 'put-off', reason, retryAfterMs: null } : { type: 'unknown', reason };
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

async function post(url: string, message: SlackMessage): Promise<SendOutcome> {
  if (!isWebAddress(url)) return MALFORMED;
  let retryAfterMs: number | null = null;
  // The library's error says nothing of the headers.
  const readRetryAfter: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const seconds = response.headers.get('retry-after') ?? '';
    retryAfterMs = /^\d+$/.test(seconds) ? Number(seconds) * 1_000 : null;
    return response;
  };
  try {
    const webhook = new IncomingWebhook(url, { timeout: TIMEOUT_MS, fetch: readRetryAfter });
    const { text } = await webhook.send(message);
    return text === 'ok' ? { type: 'sent', place: null } : { type: 'unknown', reason: 'unreadable answer' };
  } catch (error) {
    return outcomeOfError(error, retryAfterMs);
  }
}

function saysAddressIsWrong(outcome: SendOutcome): boolean {
  return outcome.type === 'refused' && (outcome === MALFORMED || WRONG_ADDRESS.test(outcome.reason));
}

/**
 * Tells a Slack channel through an incoming webhook. A webhook names no message, so nothing is edited, and nothing that
 * was not answered can be looked for.
 *
 * @param url - The webhook's address, which is a secret and appears in no outcome and no error
 */
export function createSlackWebhookReceiver(url: SecretReader, minSeverity: Severity): Receiver {
  return {
    canEdit: false,
    minSeverity,
    intervalMs: INTERVAL_MS,
    send: ({ summary }) => {
      const message = renderSlackMessage(summary);
      return callWithSecret(url, (address) => post(address, message), saysAddressIsWrong);
    },
    find: null,
  };
}

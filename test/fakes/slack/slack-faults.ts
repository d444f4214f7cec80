import type { Reply } from '#test/fakes/http-server.ts';
import { createRandom } from '#test/fakes/random.ts';

/** What can go wrong with a call, and what the caller sees of it. Those that end in `-after` have done it all the same. */
export type SlackFault =
  | 'rate-limited'
  | 'rate-limited-without-time'
  | 'server-error'
  | 'server-error-after'
  | 'not-json'
  | 'not-json-after'
  | 'silence'
  | 'silence-after'
  | 'reset'
  | 'reset-after'
  | 'cut-after'
  | 'fatal_error'
  | 'fatal_error-after'
  | 'internal_error'
  | 'internal_error-after'
  | 'service_unavailable'
  | 'request_timeout'
  | 'ratelimited'
  | 'team_added_to_org'
  | 'update_failed'
  | 'invalid_blocks'
  | 'channel_not_found'
  | 'is_archived'
  | 'not_in_channel'
  | 'msg_too_long'
  | 'invalid_auth'
  | 'token_revoked'
  | 'token_expired'
  | 'account_inactive'
  | 'message_not_found'
  | 'cant_update_message'
  | 'edit_window_closed'
  | 'thread_not_found'
  | 'missing_scope';

/** How likely each fault is, for each call; together at most 1. */
export type FaultPlan = {
  readonly seed: number;
  readonly probabilities: Readonly<Partial<Record<SlackFault, number>>>;
};

/** Faults of the way to Slack and of Slack itself, which every call can meet; the others say no to a message. */
const OF_EVERY_CALL =
  /^(rate|server|not-json|silence|reset|cut|fatal|internal|service_unavailable|request_timeout)/;

/** What an injected 429 asks for. */
const INJECTED_RETRY_AFTER_SECONDS = 2;

/** What Slack's webhooks say, in plain text, where the methods have an error word. */
const WEBHOOK_WORDS: Readonly<Record<string, readonly [status: number, body: string]>> = {
  invalid_blocks: [400, 'invalid_blocks'],
  msg_too_long: [400, 'msg_too_long'],
  channel_not_found: [404, 'channel_not_found'],
  is_archived: [410, 'channel_is_archived'],
  invalid_auth: [403, 'invalid_token'],
  token_revoked: [404, 'no_service'],
  ratelimited: [429, 'rate_limited'],
};

function tooManyRequests(headers: Readonly<Record<string, string>>): Reply {
  return { status: 429, headers, body: JSON.stringify({ ok: false, error: 'ratelimited' }) };
}

/** True if the call is carried out although the caller does not learn of it. */
export function isDoneAllTheSame(fault: SlackFault): boolean {
  return fault.endsWith('-after');
}

/** What the caller gets. @param isWebhook - Plain text and status codes instead of JSON with status 200 */
export function replyOf(fault: SlackFault, isWebhook: boolean): Reply {
  const word = fault.replace(/-after$/, '');
  switch (word) {
    case 'silence':
    case 'reset':
      return word;
    case 'cut':
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":', isCut: true };
    case 'rate-limited':
      return tooManyRequests({ 'retry-after': String(INJECTED_RETRY_AFTER_SECONDS) });
    case 'rate-limited-without-time':
      return tooManyRequests({});
    case 'server-error':
      return { status: 503, headers: { 'content-type': 'text/html' }, body: '<html>Unavailable</html>' };
    case 'not-json':
      return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Maintenance</html>' };
    default:
      return isWebhook ? webhookReply(word) : jsonError(word);
  }
}

function webhookReply(word: string): Reply {
  const [status, body] = WEBHOOK_WORDS[word] ?? [500, 'rollup_error'];
  return { status, headers: { 'content-type': 'text/html' }, body };
}

function jsonError(word: string): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ ok: false, error: word }),
  };
}

/** Draws a fault for each call, the same ones for the same seed. @returns A draw, with whether the call is of a message */
export function createFaultPlan({
  seed,
  probabilities,
}: FaultPlan): (isMessage: boolean) => SlackFault | null {
  const random = createRandom(seed);
  const entries = Object.entries(probabilities) as [SlackFault, number][];
  return (isMessage) => {
    let left = random();
    for (const [fault, probability] of entries) {
      left -= probability;
      if (left < 0) return isMessage || OF_EVERY_CALL.test(fault) ? fault : null;
    }
    return null;
  };
}

import {
  type WebAPICallResult,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  type WebClientOptions,
} from '@slack/web-api';
import { callWithSecret } from '#shared/adapters/call-with-secret.ts';
import { describeNetworkFailure } from '#shared/adapters/network-failure.ts';
import { toPlainWord } from '#shared/adapters/plain-word.ts';
import type { SecretReader } from '#shared/adapters/ssm-read-secret.ts';
import type { PutOff } from '#shared/application/receiver-ports.ts';

/** What Slack answered to a call of a method. Reasons are words only. */
export type SlackAnswer<Result> =
  | { readonly type: 'ok'; readonly result: Result }
  /** Slack said no; the reason is its word, such as `channel_not_found`. */
  | { readonly type: 'refused'; readonly reason: string }
  /** It may have done it. */
  | { readonly type: 'unknown'; readonly reason: string }
  | PutOff;

/** Calls a method of Slack's Web API with the token, once; once more if the token was wrong and there is another one. */
export type CallSlack = <Result extends WebAPICallResult>(
  call: (client: WebClient) => Promise<Result>,
) => Promise<SlackAnswer<Result>>;

const TIMEOUT_MS = 5_000;

/** A header takes printable ASCII only; the error about anything else would hold the token. */
const TOKEN = /^[\x21-\x7e]+$/;

const WRONG_TOKEN = new Set([
  'invalid_auth',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'not_authed',
  'malformed_token',
]);

/** "It's possible some aspect of the operation succeeded before the error was raised", say Slack's lists of errors. */
const DOUBTFUL = new Set([
  'fatal_error',
  'internal_error',
  'service_unavailable',
  'request_timeout',
  'update_failed',
]);

/** Nothing is wrong with the call but its time: it is too early, or the workspace or channel is being moved. */
const NOT_NOW = new Set([
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'team_added_to_org',
  'org_login_required',
  'external_channel_migrating',
]);

/** Slack's client writes to the console otherwise, at some levels what messages say. */
const SILENT: NonNullable<WebClientOptions['logger']> = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => 'error' as ReturnType<NonNullable<WebClientOptions['logger']>['getLevel']>,
  setName: () => undefined,
};

/** Slack's client makes an error of a 429 without a time that cannot be told from others. */
class NoTimeGiven extends Error {}

const fetchOnce: NonNullable<WebClientOptions['fetch']> = async (url, init) => {
  const response = await fetch(url, init);
  if (response.status === 429 && !/^\d+$/.test(response.headers.get('retry-after') ?? '')) {
    throw new NoTimeGiven();
  }
  return response;
};

function createClient(token: string, slackApiUrl: string | undefined): WebClient {
  return new WebClient(token, {
    ...(slackApiUrl !== undefined && { slackApiUrl }),
    logger: SILENT,
    fetch: fetchOnce,
    timeout: TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
  });
}

function putOff(reason: string, retryAfterSeconds?: number): PutOff {
  const retryAfterMs = retryAfterSeconds === undefined ? null : retryAfterSeconds * 1_000;
  return { type: 'put-off', reason, retryAfterMs };
}

function answerOfWord({ error, response_metadata }: WebAPIPlatformError['data']): SlackAnswer<never> {
  const word = toPlainWord(error);
  if (word === null) return { type: 'unknown', reason: 'unreadable answer' };
  if (NOT_NOW.has(word)) return putOff(word, response_metadata?.retryAfter);
  return { type: DOUBTFUL.has(word) ? 'unknown' : 'refused', reason: word };
}

/** Everything that a call can throw; only words of it are kept, since the errors can hold the token and the message. */
function answerOfError(error: unknown): SlackAnswer<never> {
  if (error instanceof WebAPIPlatformError) return answerOfWord(error.data);
  if (error instanceof WebAPIRateLimitedError) return putOff('HTTP 429', error.retryAfter);
  if (error instanceof WebAPIHTTPError) {
    const reason = `HTTP ${error.statusCode}`;
    return error.statusCode < 500 ? putOff(reason) : { type: 'unknown', reason };
  }
  const cause = error instanceof WebAPIRequestError ? error.original : error;
  if (cause instanceof NoTimeGiven) return putOff('HTTP 429');
  const { reason, isUnsent } = describeNetworkFailure(cause);
  return isUnsent ? putOff(reason) : { type: 'unknown', reason };
}

/**
 * Talks to Slack's Web API.
 *
 * @param token - The bot's token, which appears in no answer and no error
 * @param apiUrl - Where the methods are, if not at Slack
 */
export function createCallSlack(token: SecretReader, apiUrl?: string): CallSlack {
  let known: { readonly token: string; readonly client: WebClient } | null = null;

  function clientOf(value: string): WebClient {
    if (known?.token !== value) known = { token: value, client: createClient(value, apiUrl) };
    return known.client;
  }

  async function callOnce<Result>(
    value: string,
    call: (client: WebClient) => Promise<Result>,
  ): Promise<SlackAnswer<Result>> {
    if (!TOKEN.test(value)) return { type: 'refused', reason: 'malformed_token' };
    try {
      return { type: 'ok', result: await call(clientOf(value)) };
    } catch (error) {
      return answerOfError(error);
    }
  }

  return (call) =>
    callWithSecret(
      token,
      (value) => callOnce(value, call),
      (answer) => answer.type === 'refused' && WRONG_TOKEN.has(answer.reason),
    );
}

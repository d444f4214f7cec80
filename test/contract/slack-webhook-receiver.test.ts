import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSlackWebhookReceiver } from '#shared/adapters/slack-webhook-receiver.ts';
import type { SendOutcome } from '#shared/application/receiver-ports.ts';
import { renderSlackMessage } from '#shared/domain/messages/render-slack.ts';
import { createIncident } from '#test/fakes/finding.ts';
import { type HttpServer, type Reply, refusingUrl, startHttpServer } from '#test/fakes/http-server.ts';
import { createPost } from '#test/fakes/outgoing-message.ts';
import { createSecretReader } from '#test/fakes/secret-reader.ts';
import { startSlackServer, WEBHOOK_PATH } from '#test/fakes/slack/slack-server.ts';

const POST = createPost({ incident: createIncident({ title: '<!channel> & *bold*' }) });

function plain(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'text/html', ...headers }, body };
}

/** Everything that a logger could find in a value. */
function allOf(value: unknown): string {
  return inspect(value, { depth: null, showHidden: true, getters: true });
}

describe('slack-webhook-receiver', () => {
  let server: HttpServer;

  beforeEach(async () => {
    server = await startHttpServer(() => plain(200, 'ok'));
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await server.stop();
  });

  async function sendTo(...urls: [string, ...string[]]): Promise<SendOutcome> {
    const outcome = await createSlackWebhookReceiver(createSecretReader(...urls), 'warning').send(POST);
    expect(allOf(outcome)).not.toMatch(/secret|127\.0\.0\.1|hooks\.slack/i);
    return outcome;
  }

  it('is a receiver that cannot edit or look, with at most one message a second', () => {
    const receiver = createSlackWebhookReceiver(createSecretReader(server.url), 'critical');

    expect(receiver).toMatchObject({
      canEdit: false,
      minSeverity: 'critical',
      intervalMs: 1_000,
      find: null,
    });
    expect(allOf(receiver)).not.toContain('127.0.0.1');
  });

  it('send() posts the message once, as JSON', async () => {
    expect(await sendTo(server.url + WEBHOOK_PATH)).toEqual({ type: 'sent', place: null });

    const [request, ...others] = server.requests;
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      method: 'POST',
      path: WEBHOOK_PATH,
      headers: expect.objectContaining({ 'content-type': 'application/json' }),
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({ ...renderSlackMessage(POST.summary) });
  });

  it('send() posts what Slack takes', async () => {
    const slack = await startSlackServer();

    const outcome = await sendTo(slack.url + WEBHOOK_PATH);

    expect(outcome).toEqual({ type: 'sent', place: null });
    expect(slack.channels[0]?.messages).toMatchObject([renderSlackMessage(POST.summary)]);
    await slack.stop();
  });

  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/#handling_errors
  it.each<[string, Reply, SendOutcome]>([
    [
      'blocks that are not valid',
      plain(400, 'invalid_blocks'),
      { type: 'refused', reason: 'HTTP 400 invalid_blocks' },
    ],
    [
      'a forbidden channel',
      plain(403, 'action_prohibited'),
      { type: 'refused', reason: 'HTTP 403 action_prohibited' },
    ],
    [
      'a webhook that was removed',
      plain(404, 'no_service'),
      { type: 'refused', reason: 'HTTP 404 no_service' },
    ],
    [
      'a channel that was archived',
      plain(410, 'channel_is_archived'),
      { type: 'refused', reason: 'HTTP 410 channel_is_archived' },
    ],
    [
      'too many messages',
      plain(429, 'rate_limited', { 'retry-after': '30' }),
      { type: 'put-off', reason: 'HTTP 429 rate_limited', retryAfterMs: 30_000 },
    ],
    [
      'too many messages, without a time',
      plain(429, 'rate_limited'),
      { type: 'put-off', reason: 'HTTP 429 rate_limited', retryAfterMs: null },
    ],
    [
      'too many messages, with a date',
      plain(429, '', { 'retry-after': 'Mon, 02 Mar 2026 14:00:00 GMT' }),
      { type: 'put-off', reason: 'HTTP 429', retryAfterMs: null },
    ],
    ['an outage', plain(500, 'rollup_error'), { type: 'unknown', reason: 'HTTP 500 rollup_error' }],
    [
      'a proxy with a page that repeats the address',
      plain(502, `<a href="${WEBHOOK_PATH}">Bad Gateway</a>`),
      { type: 'unknown', reason: 'HTTP 502' },
    ],
    [
      'a page that is not of Slack',
      plain(200, `<a href="${WEBHOOK_PATH}">Sign in</a>`),
      { type: 'unknown', reason: 'unreadable answer' },
    ],
    [
      'a redirect',
      plain(302, '', { location: `http://127.0.0.1:1${WEBHOOK_PATH}` }),
      { type: 'unknown', reason: 'no answer' },
    ],
    ['a connection that breaks', 'reset', { type: 'unknown', reason: 'ECONNRESET' }],
    [
      'an answer that breaks off',
      { ...(plain(200, 'o') as object), status: 200, isCut: true },
      { type: 'unknown', reason: 'UND_ERR_SOCKET' },
    ],
  ])('send() judges %s after one request and without the address', async (_, reply, outcome) => {
    server.answerOnce(() => reply);

    expect(await sendTo(server.url + WEBHOOK_PATH)).toEqual(outcome);
    expect(server.requests).toHaveLength(1);
  });

  it('send() puts off what nobody listens to', async () => {
    expect(await sendTo((await refusingUrl()) + WEBHOOK_PATH)).toEqual({
      type: 'put-off',
      reason: 'ECONNREFUSED',
      retryAfterMs: null,
    });
  });

  it.each([
    ['lacks its scheme', `hooks.slack.example${WEBHOOK_PATH}`],
    ['has another scheme', `slack:${WEBHOOK_PATH}`],
    ['is quoted', `"https://hooks.slack.example${WEBHOOK_PATH}"`],
    ['is only a path', WEBHOOK_PATH],
  ])('send() is refused for an address that %s, unless there is another one by now', async (_, url) => {
    expect(await sendTo(url)).toEqual({ type: 'refused', reason: 'malformed address' });
    expect(await sendTo(url, server.url + WEBHOOK_PATH)).toEqual({ type: 'sent', place: null });
    expect(server.requests).toHaveLength(1);
  });

  it('send() does not know what became of a message after 5 seconds, here made 50 milliseconds', async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const spy = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 100));
    server.answerOnce(() => 'silence');

    expect(await sendTo(server.url + WEBHOOK_PATH)).toEqual({ type: 'unknown', reason: 'TimeoutError' });
    expect(spy).toHaveBeenCalledWith(5_000);
  });

  it.each([403, 404])(
    'send() reads the address anew after a %i, and posts to the new one',
    async (status) => {
      server.answerOnce(() => plain(status, 'no_service'));

      expect(await sendTo(`${server.url}/old`, `${server.url}/new`)).toEqual({ type: 'sent', place: null });
      expect(server.requests.map(({ path }) => path)).toEqual(['/old', '/new']);
    },
  );

  it('send() is refused after one more try with an address that is wrong too', async () => {
    server.answerOnce(() => plain(404, 'no_service'));
    server.answerOnce(() => plain(403, 'invalid_token'));

    expect(await sendTo(`${server.url}/old`, `${server.url}/new`, `${server.url}/newer`)).toEqual({
      type: 'refused',
      reason: 'HTTP 403 invalid_token',
    });
    expect(server.requests).toHaveLength(2);
  });

  it('send() puts off what cannot be sent for lack of an address', async () => {
    const missing = Object.assign(new Error(WEBHOOK_PATH), { name: 'ParameterNotFound' });
    const url = { read: () => Promise.reject(missing), refresh: () => Promise.reject(missing) };

    const outcome = await createSlackWebhookReceiver(url, 'warning').send(POST);

    expect(outcome).toEqual({
      type: 'put-off',
      reason: 'no secret: ParameterNotFound',
      retryAfterMs: null,
    });
  });
});

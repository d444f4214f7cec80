import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSlackWebhookDeliverIncident } from '#shared/adapters/slack-webhook-deliver-incident.ts';
import { summarizeIncident } from '#shared/domain/messages/incident-summary.ts';
import { renderSlackMessage } from '#shared/domain/messages/render-slack.ts';
import { createIncident } from '#test/fakes/finding.ts';
import { type HttpServer, type Reply, refusingUrl, startHttpServer } from '#test/fakes/http-server.ts';

const PATH = '/services/T0SECRET1/B0SECRET2/XsecretXsecretXsecret';

const INCIDENT = createIncident({ title: '<!channel> & *bold*' });
const SUMMARY = summarizeIncident(INCIDENT, 'opened', Date.parse('2026-03-02T14:07:00Z'));

function plain(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'text/html', ...headers }, body };
}

/** Everything that a logger could find in an error. */
function allOf(error: unknown): string {
  return inspect(error, { depth: null, showHidden: true, getters: true });
}

describe('slack-webhook-deliver-incident', () => {
  let server: HttpServer;

  beforeEach(async () => {
    server = await startHttpServer(() => plain(200, 'ok'));
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await server.stop();
  });

  async function deliverTo(url: string): Promise<void> {
    await createSlackWebhookDeliverIncident(async () => url)(SUMMARY, INCIDENT);
  }

  async function failureAt(url: string): Promise<unknown> {
    return deliverTo(url).then(
      () => 'delivered',
      (error: unknown) => error,
    );
  }

  it('deliverIncident() posts the message once, as JSON', async () => {
    await deliverTo(server.url + PATH);

    const [request, ...others] = server.requests;
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      method: 'POST',
      path: PATH,
      headers: expect.objectContaining({ 'content-type': 'application/json' }),
    });
    expect(JSON.parse(request?.body ?? '')).toEqual({ ...renderSlackMessage(SUMMARY) });
  });

  it('deliverIncident() reads the address for every message, since it may have been rotated', async () => {
    const urls = [`${server.url}/first`, `${server.url}/second`];
    const deliverIncident = createSlackWebhookDeliverIncident(async () => urls.shift() ?? '');

    await deliverIncident(SUMMARY, INCIDENT);
    await deliverIncident(SUMMARY, INCIDENT);

    expect(server.requests.map(({ path }) => path)).toEqual(['/first', '/second']);
  });

  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/#handling_errors
  it.each([
    ['a webhook that was removed', plain(404, 'no_service'), 'HTTP 404 no_service'],
    ['blocks that are not valid', plain(400, 'invalid_blocks'), 'HTTP 400 invalid_blocks'],
    ['a channel that was archived', plain(410, 'channel_is_archived'), 'HTTP 410 channel_is_archived'],
    ['too many messages', plain(429, 'rate_limited', { 'retry-after': '30' }), 'HTTP 429 rate_limited'],
    ['an outage', plain(500, 'rollup_error'), 'HTTP 500 rollup_error'],
    [
      'a proxy with a page that repeats the address',
      plain(502, `<a href="${PATH}">Bad Gateway</a>`),
      'HTTP 502',
    ],
    ['a redirect', plain(302, '', { location: `http://127.0.0.1:1${PATH}` }), 'no answer'],
    ['a connection that breaks', 'reset' as const, 'ECONNRESET'],
  ])(
    'deliverIncident() throws for %s, after one request and without the address',
    async (_, reply, reason) => {
      server.answerOnce(() => reply);

      const error = await failureAt(server.url + PATH);

      expect(error).toBeInstanceOf(Error);
      expect(error).toHaveProperty('message', `Slack did not take the message: ${reason}`);
      expect(allOf(error)).not.toMatch(/secret|127\.0\.0\.1/i);
      expect(server.requests).toHaveLength(1);
    },
  );

  it('deliverIncident() throws when nobody listens, without the address', async () => {
    const error = await failureAt((await refusingUrl()) + PATH);

    expect(error).toHaveProperty('message', 'Slack did not take the message: ECONNREFUSED');
    expect(allOf(error)).not.toMatch(/secret|127\.0\.0\.1/i);
  });

  it.each([
    ['lacks its scheme', `hooks.slack.example${PATH}`],
    ['has another scheme', `slack:${PATH}`],
    ['is quoted', `"https://hooks.slack.example${PATH}"`],
    ['is only a path', PATH],
  ])('deliverIncident() throws for an address that %s, without it', async (_, url) => {
    const error = await failureAt(url);

    expect(error).toHaveProperty('message', expect.stringContaining('Slack did not take the message: '));
    expect(allOf(error)).not.toMatch(/secret|hooks\.slack/i);
  });

  it('deliverIncident() throws when no answer comes within 5 seconds, here made 50 milliseconds', async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const spy = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 100));
    server.answerOnce(() => 'silence');

    const error = await failureAt(server.url + PATH);

    expect(spy).toHaveBeenCalledWith(5_000);
    expect(error).toHaveProperty('message', 'Slack did not take the message: TimeoutError');
    expect(allOf(error)).not.toMatch(/secret|127\.0\.0\.1/i);
  });

  it('deliverIncident() throws what the secret store says when the address cannot be read', async () => {
    const outage = new Error('SSM parameter /gatewatch/slack-webhook is empty');
    const deliverIncident = createSlackWebhookDeliverIncident(async () => {
      throw outage;
    });

    await expect(deliverIncident(SUMMARY, INCIDENT)).rejects.toBe(outage);
  });
});

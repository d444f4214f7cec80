import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSlackBotReceiver, type SlackBotSettings } from '#shared/adapters/slack-bot-receiver.ts';
import type { Receiver, SendOutcome } from '#shared/application/receiver-ports.ts';
import type { MessagePlace } from '#shared/domain/incidents/delivery.ts';
import { renderSlackMessage } from '#shared/domain/messages/render-slack.ts';
import { renderSlackReply } from '#shared/domain/messages/render-slack-reply.ts';
import { createFinding, createIncident } from '#test/fakes/finding.ts';
import { refusingUrl } from '#test/fakes/http-server.ts';
import { createEdit, createPost, createReply } from '#test/fakes/outgoing-message.ts';
import { createSecretReader } from '#test/fakes/secret-reader.ts';
import type { SlackFault } from '#test/fakes/slack/slack-faults.ts';
import {
  ALERTS,
  SLACK_TOKEN,
  type SlackServer,
  type SlackSettings,
  startSlackServer,
} from '#test/fakes/slack/slack-server.ts';
import { deleteMessage } from '#test/fakes/slack/slack-workspace.ts';

const MENTION = '<!subteam^S0ONCALL>';
const START_MS = Date.parse('2026-03-02T14:00:00Z');

/** Everything that a logger could find in a value. */
function allOf(value: unknown): string {
  return inspect(value, { depth: null, showHidden: true, getters: true });
}

describe('slack-bot-receiver', () => {
  let nowMs: number;
  let server: SlackServer;
  let receiver: Receiver;

  function createReceiver(differences: Partial<SlackBotSettings> = {}): Receiver {
    return createSlackBotReceiver({
      token: createSecretReader(SLACK_TOKEN),
      channel: ALERTS.id,
      minSeverity: 'warning',
      mention: null,
      apiUrl: server.apiUrl,
      ...differences,
    });
  }

  async function start(settings: SlackSettings = {}): Promise<void> {
    const limit = { perMinute: 60, burst: 2_000 };
    server = await startSlackServer({
      now: () => nowMs,
      mentions: [MENTION],
      postLimit: limit,
      methodLimit: limit,
      ...settings,
    });
    receiver = createReceiver();
  }

  beforeEach(async () => {
    nowMs = START_MS;
    await start();
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await server.stop();
  });

  function messages() {
    return server.channels.flatMap((channel) => channel.messages);
  }

  function lastForm(): URLSearchParams {
    return new URLSearchParams(server.requests.at(-1)?.body);
  }

  async function postOne(): Promise<MessagePlace> {
    const outcome = await receiver.send(createPost());
    if (outcome.type !== 'sent' || outcome.place === null) throw new Error(`Not posted: ${outcome.type}`);
    return outcome.place;
  }

  it('is a receiver that edits, at most one call in 1.2 seconds', () => {
    expect(receiver).toMatchObject({ canEdit: true, minSeverity: 'warning', intervalMs: 1_200 });
  });

  it('send() posts what is rendered, once, and says where it is', async () => {
    const post = createPost();

    const outcome = await receiver.send(post);

    expect(outcome).toEqual({ type: 'sent', place: { channel: ALERTS.id, ts: '1772460000.000000' } });
    expect(messages()).toMatchObject([
      {
        ...renderSlackMessage(post.summary),
        metadata: {
          event_type: 'gatewatch_incident',
          event_payload: { token: 'token-1', incident_id: post.incident.id },
        },
      },
    ]);
    expect(server.requests).toHaveLength(1);
    expect(lastForm().get('unfurl_links')).toBe('false');
    expect(lastForm().get('unfurl_media')).toBe('false');
  });

  it('send() escapes what came from a log, so that it pings nobody', async () => {
    await receiver.send(createPost({ incident: createIncident({ title: '<!channel> & <@U1>' }) }));

    expect(messages()[0]?.text).not.toMatch(/<!channel>|<@U1>/);
    expect(messages()[0]?.text).toContain('&lt;!channel&gt; &amp; &lt;@U1&gt;');
  });

  it('send() posts to a channel by its name, and says its id', async () => {
    const byName = createReceiver({ channel: ALERTS.name });

    expect(await byName.send(createPost())).toMatchObject({ type: 'sent', place: { channel: ALERTS.id } });
  });

  it('send() edits in place, and keeps the metadata by which the message is found', async () => {
    const place = await postOne();
    const edit = createEdit(place, { announcement: 'closed' });

    expect(await receiver.send(edit)).toEqual({ type: 'sent', place });
    expect(messages()).toMatchObject([
      { ...renderSlackMessage(edit.summary), metadata: { event_payload: { token: 'token-1' } } },
    ]);
    expect(lastForm().get('parse')).toBe('none');
  });

  it('send() replies in the thread, quietly', async () => {
    const place = await postOne();
    const joined = [createFinding({ title: 'Latency of <orders>' })];
    const reply = createReply(place, { announcement: 'changed', changes: { joined } });

    const outcome = await receiver.send(reply);

    if (reply.step !== 'reply') throw new Error('This is no reply');
    expect(outcome).toMatchObject({ type: 'sent', place: { channel: ALERTS.id } });
    expect(messages().slice(1)).toMatchObject([
      {
        ...renderSlackReply(reply.summary, reply.changes),
        threadTs: place.ts,
        isBroadcast: false,
        metadata: { event_payload: { token: 'token-2' } },
      },
    ]);
    expect(lastForm().get('unfurl_links')).toBe('false');
  });

  it('send() shows a broadcast in the channel as well', async () => {
    const place = await postOne();

    await receiver.send(createReply(place, { isBroadcast: true }));

    expect(messages()[1]).toMatchObject({ threadTs: place.ts, isBroadcast: true });
  });

  describe('with a mention', () => {
    beforeEach(() => {
      receiver = createReceiver({ mention: MENTION });
    });

    function mentioned(): boolean {
      const { text = '', blocks } = messages().at(-1) ?? {};
      const inBlocks = JSON.stringify(blocks).includes(MENTION);
      expect(text.startsWith(`${MENTION} `)).toBe(inBlocks);
      return inBlocks;
    }

    it.each(['opened', 'worse', 'reopened'] as const)(
      'send() calls somebody when something critical is %s, by post or broadcast',
      async (announcement) => {
        await receiver.send(createPost({ announcement }));
        expect(mentioned()).toBe(true);

        await receiver.send(createReply(await postOne(), { announcement, isBroadcast: true }));
        expect(mentioned()).toBe(true);
      },
    );

    it.each(['closed', 'merged', 'unknown', 'changed'] as const)(
      'send() calls nobody when something is %s',
      async (announcement) => {
        const place = await postOne();

        await receiver.send(createReply(place, { announcement, isBroadcast: true }));

        expect(mentioned()).toBe(false);
      },
    );

    it('send() calls nobody in an edit', async () => {
      await receiver.send(createEdit(await postOne()));
      expect(mentioned()).toBe(false);
    });

    it('send() calls nobody in a reply that is not broadcast', async () => {
      await receiver.send(createReply(await postOne(), { isBroadcast: false }));
      expect(mentioned()).toBe(false);
    });

    it('send() calls nobody for a warning', async () => {
      await receiver.send(createPost({ incident: createIncident({ severity: 'warning' }) }));
      expect(mentioned()).toBe(false);
    });
  });

  it.each(['@here', '<!here> hello', '<!date^1^{date}|x>', '<https://example.com>', ''])(
    'createSlackBotReceiver() takes %j for no mention',
    (mention) => {
      expect(() => createReceiver({ mention })).toThrow('mentions nobody');
    },
  );

  const PUT_OFF: [SlackFault, string, number | null][] = [
    ['rate-limited', 'HTTP 429', 2_000],
    ['rate-limited-without-time', 'HTTP 429', null],
    ['ratelimited', 'ratelimited', null],
    ['team_added_to_org', 'team_added_to_org', null],
  ];
  const UNKNOWN: [SlackFault, string][] = [
    ['server-error', 'HTTP 503'],
    ['server-error-after', 'HTTP 503'],
    ['fatal_error', 'fatal_error'],
    ['fatal_error-after', 'fatal_error'],
    ['internal_error', 'internal_error'],
    ['service_unavailable', 'service_unavailable'],
    ['request_timeout', 'request_timeout'],
    ['update_failed', 'update_failed'],
    ['not-json', 'unreadable answer'],
    ['not-json-after', 'unreadable answer'],
    ['reset', 'ECONNRESET'],
    ['reset-after', 'ECONNRESET'],
    ['cut-after', 'UND_ERR_SOCKET'],
  ];
  const REFUSED: SlackFault[] = [
    'invalid_blocks',
    'channel_not_found',
    'not_in_channel',
    'is_archived',
    'msg_too_long',
    'missing_scope',
    'invalid_auth',
    'token_revoked',
    'token_expired',
    'account_inactive',
  ];
  const GONE: SlackFault[] = [
    'message_not_found',
    'cant_update_message',
    'thread_not_found',
    'edit_window_closed',
  ];
  const OUTCOMES: [SlackFault, SendOutcome][] = [
    ...PUT_OFF.map(([fault, reason, retryAfterMs]): [SlackFault, SendOutcome] => [
      fault,
      { type: 'put-off', reason, retryAfterMs },
    ]),
    ...UNKNOWN.map(([fault, reason]): [SlackFault, SendOutcome] => [fault, { type: 'unknown', reason }]),
    ...REFUSED.map((fault): [SlackFault, SendOutcome] => [fault, { type: 'refused', reason: fault }]),
    ...GONE.map((fault): [SlackFault, SendOutcome] => [fault, { type: 'gone' }]),
  ];

  it.each(OUTCOMES)('send() makes of %s, after one call: %o', async (fault, outcome) => {
    const place = await postOne();
    const log = vi.spyOn(process.stdout, 'write');
    const errors = vi.spyOn(process.stderr, 'write');

    for (const message of [createPost(), createEdit(place), createReply(place)]) {
      const before = server.requests.length;
      server.failOnce(fault);

      const got = await receiver.send(message);

      expect(got).toEqual(outcome);
      expect(allOf(got)).not.toMatch(/secret|127\.0\.0\.1/i);
      expect(server.requests).toHaveLength(before + 1);
    }
    expect(log).not.toHaveBeenCalled();
    expect(errors).not.toHaveBeenCalled();
  });

  it.each(['silence', 'silence-after'] as const)(
    'send() does not know what became of a call after 5 seconds of %s, here made 50 milliseconds',
    async (fault) => {
      const timeout = AbortSignal.timeout.bind(AbortSignal);
      const spy = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 100));
      server.failOnce(fault);

      expect(await receiver.send(createPost())).toEqual({ type: 'unknown', reason: 'TimeoutError' });
      expect(spy).toHaveBeenCalledWith(5_000);
      expect(messages()).toHaveLength(fault === 'silence' ? 0 : 1);
    },
  );

  it('send() puts off what nobody listens to', async () => {
    const unreachable = createReceiver({ apiUrl: `${await refusingUrl()}/api/` });

    expect(await unreachable.send(createPost())).toEqual({
      type: 'put-off',
      reason: 'ECONNREFUSED',
      retryAfterMs: null,
    });
  });

  it('send() puts off what comes too fast for the channel', async () => {
    await server.stop();
    await start({ postLimit: { perMinute: 60, burst: 1 } });
    await postOne();

    expect(await receiver.send(createPost())).toEqual({
      type: 'put-off',
      reason: 'HTTP 429',
      retryAfterMs: 1_000,
    });
  });

  it('send() finds the message to edit gone when it was deleted', async () => {
    const place = await postOne();
    const [channel] = server.channels;
    if (channel !== undefined) deleteMessage(channel, place.ts);

    expect(await receiver.send(createEdit(place))).toEqual({ type: 'gone' });
  });

  it('send() finds the message to answer gone when Slack put the reply into the channel', async () => {
    const place = await postOne();
    const [channel] = server.channels;
    if (channel !== undefined) deleteMessage(channel, place.ts);

    expect(await receiver.send(createReply(place))).toEqual({ type: 'gone' });
  });

  describe('with a token that was rotated', () => {
    it('send() reads it anew and posts once', async () => {
      server.rotateToken('xoxb-new');
      const token = createSecretReader(SLACK_TOKEN, 'xoxb-new');

      expect(await createReceiver({ token }).send(createPost())).toMatchObject({ type: 'sent' });
      expect(token.refreshes()).toBe(1);
      expect(messages()).toHaveLength(1);
    });

    it('send() is refused after one more try with a token that is wrong too', async () => {
      server.rotateToken('xoxb-new');
      const token = createSecretReader(SLACK_TOKEN, 'xoxb-also-old');

      expect(await createReceiver({ token }).send(createPost())).toEqual({
        type: 'refused',
        reason: 'invalid_auth',
      });
      expect(server.requests).toHaveLength(2);
    });

    it('send() does not try the same token again', async () => {
      server.rotateToken('xoxb-new');

      expect(await receiver.send(createPost())).toEqual({ type: 'refused', reason: 'invalid_auth' });
      expect(server.requests).toHaveLength(1);
    });

    it('send() reads the token anew as well when it is none at all, without saying it', async () => {
      const token = createSecretReader('xoxb-two\nsecret-lines', SLACK_TOKEN);
      expect(await createReceiver({ token }).send(createPost())).toMatchObject({ type: 'sent' });

      const never = createSecretReader('xoxb-two\nsecret-lines');
      const outcome = await createReceiver({ token: never }).send(createPost());
      expect(outcome).toEqual({ type: 'refused', reason: 'malformed_token' });
    });

    it('send() puts off what cannot be sent for lack of a token', async () => {
      const missing = Object.assign(new Error('secret'), { name: 'ParameterNotFound' });
      const token = { read: () => Promise.reject(missing), refresh: () => Promise.reject(missing) };

      const outcome = await createReceiver({ token }).send(createPost());

      expect(outcome).toEqual({
        type: 'put-off',
        reason: 'no secret: ParameterNotFound',
        retryAfterMs: null,
      });
      expect(server.requests).toEqual([]);
    });
  });

  it('a receiver shows its token to nobody who looks into it', async () => {
    await postOne();

    expect(allOf(receiver)).not.toContain('xoxb');
  });

  describe('find()', () => {
    async function find(
      differences: { token?: string; sinceMs?: number; thread?: MessagePlace | null } = {},
    ) {
      if (receiver.find === null) throw new Error('Nothing can be looked for');
      return receiver.find({ token: 'token-1', sinceMs: nowMs, thread: null, ...differences });
    }

    it('find() finds a post whose answer was lost', async () => {
      server.failOnce('reset-after');
      expect(await receiver.send(createPost())).toMatchObject({ type: 'unknown' });
      await receiver.send(createPost({ token: 'token-7' }));

      expect(await find()).toEqual({
        type: 'found',
        place: { channel: ALERTS.id, ts: messages()[0]?.ts },
      });
    });

    it.each([true, false])('find() finds a reply, broadcast: %s', async (isBroadcast) => {
      const thread = await postOne();
      server.failOnce('server-error-after');
      await receiver.send(createReply(thread, { isBroadcast }));

      expect(await find({ token: 'token-2', thread })).toEqual({
        type: 'found',
        place: { channel: ALERTS.id, ts: messages()[1]?.ts },
      });
    });

    it('find() finds a message that was edited since', async () => {
      const place = await postOne();
      await receiver.send(createEdit(place, { announcement: 'closed' }));

      expect(await find()).toEqual({ type: 'found', place });
    });

    it('find() does not find what did not arrive', async () => {
      const thread = await postOne();

      expect(await find({ token: 'token-2' })).toEqual({ type: 'not-found' });
      expect(await find({ token: 'token-2', thread })).toEqual({ type: 'not-found' });
    });

    it('find() takes nothing of another app for ours', async () => {
      await fetch(`${server.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { authorization: `Bearer ${SLACK_TOKEN}` },
        body: new URLSearchParams({
          channel: ALERTS.id,
          text: 'hello',
          metadata: JSON.stringify({ event_type: 'other', event_payload: { token: 'token-1' } }),
        }),
      });

      expect(await find()).toEqual({ type: 'not-found' });
    });

    it("find() allows for a minute by which Slack's clock is behind", async () => {
      await postOne();

      expect(await find({ sinceMs: START_MS + 59_000 })).toMatchObject({ type: 'found' });
      expect(await find({ sinceMs: START_MS + 61_000 })).toEqual({ type: 'not-found' });
    });

    it('find() looks through several pages', async () => {
      await postOne();
      for (let count = 0; count < 450; count += 1)
        await receiver.send(createPost({ token: `other-${count}` }));
      const before = server.requests.length;

      expect(await find()).toMatchObject({ type: 'found' });
      expect(server.requests).toHaveLength(before + 3);
    });

    it('find() gives up after a thousand messages, and says that it has not seen all', async () => {
      for (let count = 0; count < 1_001; count += 1)
        await receiver.send(createPost({ token: `other-${count}` }));

      expect(await find()).toEqual({ type: 'blind', reason: 'too_many_messages' });
    });

    it('find() is blind without the permission', async () => {
      await server.stop();
      await start({ scopes: ['chat:write'] });

      expect(await find()).toEqual({ type: 'blind', reason: 'missing_scope' });
    });

    it('find() is blind in a channel that is given by its name', async () => {
      receiver = createReceiver({ channel: ALERTS.name });

      expect(await find()).toEqual({ type: 'blind', reason: 'channel_not_found' });
    });

    it('find() does not find a reply whose thread is gone', async () => {
      expect(await find({ thread: { channel: ALERTS.id, ts: '1772460000.000007' } })).toEqual({
        type: 'not-found',
      });
    });

    it.each([
      ['rate-limited', 'HTTP 429', 2_000],
      ['server-error', 'HTTP 503', null],
      ['fatal_error', 'fatal_error', null],
      ['reset', 'ECONNRESET', null],
    ] as const)('find() puts off to look when Slack answers with %s', async (fault, reason, retryAfterMs) => {
      server.failOnce(fault);

      expect(await find()).toEqual({ type: 'put-off', reason, retryAfterMs });
    });
  });
});

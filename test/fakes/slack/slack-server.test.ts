import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ALERTS,
  SLACK_TOKEN,
  type SlackServer,
  type SlackSettings,
  startSlackServer,
  WEBHOOK_PATH,
} from '#test/fakes/slack/slack-server.ts';
import { deleteMessage } from '#test/fakes/slack/slack-workspace.ts';

const PRIVATE = { id: 'C0PRIVATE01', name: 'secret-alerts', isPrivate: true };
const OTHER = { id: 'C0OTHER0001', name: 'general', isMember: false };
const ARCHIVED = { id: 'C0ARCHIVED1', name: 'old', isArchived: true };

const BLOCKS = [{ type: 'section', text: { type: 'mrkdwn', text: 'all is well', verbatim: true } }];

type Answer = { readonly ok: boolean; readonly error?: string; readonly ts: string } & Record<
  string,
  unknown
>;

describe('startSlackServer()', () => {
  let nowMs: number;
  let server: SlackServer;

  async function start(settings: SlackSettings = {}): Promise<void> {
    server = await startSlackServer({
      now: () => nowMs,
      channels: [ALERTS, PRIVATE, OTHER, ARCHIVED],
      postLimit: { perMinute: 60, burst: 100 },
      ...settings,
    });
  }

  async function restart(settings: SlackSettings): Promise<void> {
    await server.stop();
    await start(settings);
  }

  beforeEach(async () => {
    nowMs = Date.parse('2026-03-02T14:00:00Z');
    await start();
  });

  afterEach(async () => {
    await server.stop();
  });

  /** As Slack's own client calls a method: a form, with JSON in the fields that need it. */
  async function send(method: string, args: object, token: string | null = SLACK_TOKEN): Promise<Response> {
    const form = Object.entries(args).map(([key, value]): [string, string] => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    return fetch(server.apiUrl + method, {
      method: 'POST',
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      body: new URLSearchParams(form),
    });
  }

  async function call(method: string, args: object = {}, token?: string | null): Promise<Answer> {
    return (await (await send(method, args, token)).json()) as Answer;
  }

  async function post(args: object = {}): Promise<Answer> {
    return call('chat.postMessage', { channel: ALERTS.id, text: 'hello', blocks: BLOCKS, ...args });
  }

  async function listTexts(method: string, args: object): Promise<string[]> {
    const { messages } = (await call(method, args)) as unknown as { messages: { text: string }[] };
    return messages.map(({ text }) => text);
  }

  function messagesOf({ id }: { readonly id: string }) {
    return server.channels.find((channel) => channel.id === id)?.messages ?? [];
  }

  it('auth.test says who the token is of, and in a header what it may do', async () => {
    const response = await send('auth.test', {});

    expect(response.headers.get('x-oauth-scopes')).toBe('chat:write,channels:history,groups:history');
    expect(await response.json()).toMatchObject({ ok: true, team: 'Gatewatch', bot_id: 'B0GATEWATCH' });
  });

  it.each([
    ['no token', null, 'not_authed'],
    ['another token', 'xoxb-other', 'invalid_auth'],
  ])('a call with %s gets an error', async (_, token, error) => {
    expect(await call('auth.test', {}, token)).toEqual({ ok: false, error });
  });

  it('rotateToken() makes only the new token valid', async () => {
    server.rotateToken('xoxb-new');

    expect(await call('auth.test')).toEqual({ ok: false, error: 'invalid_auth' });
    expect(await call('auth.test', {}, 'xoxb-new')).toMatchObject({ ok: true });
  });

  it.each([
    ['chat.postMessage', { channel: ALERTS.id }, 'chat:write'],
    ['conversations.history', { channel: ALERTS.id }, 'channels:history'],
    ['conversations.replies', { channel: PRIVATE.id, ts: '1' }, 'groups:history'],
  ])('%s needs its scope', async (method, args, needed) => {
    await restart({ scopes: ['users:read'] });

    expect(await call(method, args)).toEqual({
      ok: false,
      error: 'missing_scope',
      needed,
      provided: 'users:read',
    });
  });

  it('chat.postMessage keeps the message, and names it by the clock', async () => {
    const answer = await post({ metadata: { event_type: 'test', event_payload: { token: 't' } } });

    expect(answer).toMatchObject({ ok: true, channel: ALERTS.id, ts: '1772460000.000000' });
    expect(messagesOf(ALERTS)).toEqual([
      {
        ts: '1772460000.000000',
        text: 'hello',
        blocks: BLOCKS,
        metadata: { event_type: 'test', event_payload: { token: 't' } },
        threadTs: null,
        isBroadcast: false,
        isByWebhook: false,
        earlier: [],
      },
    ]);
  });

  it('chat.postMessage gives two messages of one moment different names', async () => {
    const [first, second] = [await post(), await post()];

    expect(second.ts > first.ts).toBe(true);
  });

  it.each([ALERTS.id, ALERTS.name, `#${ALERTS.name}`])(
    'chat.postMessage takes the channel as %s, and answers with its id',
    async (channel) => {
      expect(await post({ channel })).toMatchObject({ ok: true, channel: ALERTS.id });
    },
  );

  it.each([
    ['a channel that is not there', { channel: 'C0NOWHERE01' }, 'channel_not_found'],
    ['a channel without the app', { channel: OTHER.id }, 'not_in_channel'],
    ['an archived channel', { channel: ARCHIVED.id }, 'is_archived'],
    ['blocks that are too long', { blocks: [{ type: 'header' }] }, 'invalid_blocks'],
    ['blocks that are none', { blocks: 'nonsense' }, 'invalid_blocks_format'],
    ['a mention that somebody forgot to escape', { text: '<!channel>' }, 'invalid_blocks'],
    ['too long a text', { text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['metadata without a type', { metadata: { event_payload: {} } }, 'invalid_metadata_format'],
    ['metadata without a payload', { metadata: { event_type: 'test' } }, 'invalid_metadata_schema'],
    ['a thread that is no time', { thread_ts: 'yesterday' }, 'invalid_thread_ts'],
  ])('chat.postMessage refuses %s', async (_, args, error) => {
    expect(await post(args)).toEqual({ ok: false, error });
    expect(server.channels.flatMap(({ messages }) => messages)).toEqual([]);
  });

  it('chat.postMessage takes a mention that is meant', async () => {
    await restart({ mentions: ['<!here>'] });

    expect(await post({ text: '<!here> hello' })).toMatchObject({ ok: true });
  });

  it('chat.postMessage puts a reply into its thread, and shows it in the channel only if it is broadcast', async () => {
    const { ts } = await post({ text: 'parent' });
    await post({ text: 'quiet', thread_ts: ts });
    await post({ text: 'loud', thread_ts: ts, reply_broadcast: true });

    expect(await listTexts('conversations.replies', { channel: ALERTS.id, ts })).toEqual([
      'parent',
      'quiet',
      'loud',
    ]);
    expect(await listTexts('conversations.history', { channel: ALERTS.id })).toEqual(['loud', 'parent']);
    const { messages } = await call('conversations.history', { channel: ALERTS.id });
    expect(messages).toMatchObject([{ subtype: 'thread_broadcast', thread_ts: ts }, { reply_count: 2 }]);
  });

  it('chat.postMessage puts a reply to a deleted message into the channel, and says ok', async () => {
    const { ts } = await post();
    const [channel] = server.channels;
    if (channel !== undefined) deleteMessage(channel, ts);

    const answer = await post({ thread_ts: ts, reply_broadcast: true });

    expect(answer['message']).not.toHaveProperty('thread_ts');
    expect(messagesOf(ALERTS)).toMatchObject([{ threadTs: null, isBroadcast: false }]);
  });

  it('chat.update changes the message in place, and keeps its metadata and what it said before', async () => {
    const metadata = { event_type: 'test', event_payload: { token: 't' } };
    const { ts } = await post({ metadata });
    const blocks = [{ type: 'divider' }];

    expect(await call('chat.update', { channel: ALERTS.id, ts, text: 'bye', blocks })).toMatchObject({
      ok: true,
      ts,
    });
    expect(messagesOf(ALERTS)).toMatchObject([
      { ts, text: 'bye', blocks, metadata, earlier: [{ text: 'hello', blocks: BLOCKS }] },
    ]);
  });

  it.each([
    ['a message that is not there', { ts: '1772460000.999999' }, 'message_not_found'],
    ['a channel by its name', { channel: ALERTS.name }, 'channel_not_found'],
    ['blocks that are not valid', { blocks: [{}] }, 'invalid_blocks'],
  ])('chat.update refuses %s', async (_, args, error) => {
    const { ts } = await post();

    const answer = await call('chat.update', { channel: ALERTS.id, ts, text: 'bye', ...args });

    expect(answer).toEqual({ ok: false, error });
    expect(messagesOf(ALERTS)).toMatchObject([{ text: 'hello', earlier: [] }]);
  });

  it('conversations.history lists what is newer than a time, newest first, page by page', async () => {
    const posted: string[] = [];
    for (const text of ['a', 'b', 'c', 'd']) {
      posted.push((await post({ text })).ts);
      nowMs += 1_000;
    }
    const since = { channel: ALERTS.id, oldest: posted[0], limit: 2 };

    const first = await call('conversations.history', since);
    const { next_cursor: cursor } = first['response_metadata'] as { next_cursor: string };
    const second = await call('conversations.history', { ...since, cursor });

    expect(first).toMatchObject({ has_more: true, messages: [{ text: 'd' }, { text: 'c' }] });
    expect(second).toMatchObject({ has_more: false, messages: [{ text: 'b' }] });
    expect(await listTexts('conversations.history', { ...since, inclusive: true, limit: 9 })).toHaveLength(4);
  });

  it('conversations.history shows of metadata the type only, unless all is asked for', async () => {
    const metadata = { event_type: 'test', event_payload: { token: 't' } };
    await post({ metadata });

    expect(await call('conversations.history', { channel: ALERTS.id })).toMatchObject({
      messages: [{ metadata: { event_type: 'test' } }],
    });
    expect(
      await call('conversations.history', { channel: ALERTS.id, include_all_metadata: true }),
    ).toMatchObject({ messages: [{ metadata }] });
  });

  it('conversations.replies refuses a thread that is not there', async () => {
    expect(await call('conversations.replies', { channel: ALERTS.id, ts: '1772460000.000000' })).toEqual({
      ok: false,
      error: 'thread_not_found',
    });
  });

  async function postByWebhook(body: object, path = WEBHOOK_PATH): Promise<[number, string]> {
    const response = await fetch(server.url + path, { method: 'POST', body: JSON.stringify(body) });
    return [response.status, await response.text()];
  }

  it('a webhook posts to its channel, and answers in plain text', async () => {
    expect(await postByWebhook({ text: 'hello', blocks: BLOCKS })).toEqual([200, 'ok']);
    expect(messagesOf(ALERTS)).toMatchObject([{ text: 'hello', blocks: BLOCKS, isByWebhook: true }]);
  });

  it('a webhook refuses what it cannot post', async () => {
    await restart({ webhooks: { [WEBHOOK_PATH]: ARCHIVED.id, '/services/other': ALERTS.id } });

    expect(await postByWebhook({ text: 'hello' })).toEqual([410, 'channel_is_archived']);
    expect(await postByWebhook({ text: 'x', blocks: [{}] }, '/services/other')).toEqual([
      400,
      'invalid_blocks',
    ]);
    expect(await postByWebhook({ text: 'hello' }, '/services/gone')).toEqual([404, 'no_service']);
  });

  it('takes one message a second and channel after a burst, and counts what came too fast', async () => {
    await restart({ postLimit: { perMinute: 60, burst: 2 } });
    await post();
    await post();

    const refused = await send('chat.postMessage', { channel: ALERTS.id, text: 'hello' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await post({ channel: PRIVATE.id })).toMatchObject({ ok: true });
    nowMs += 1_000;
    expect(await post()).toMatchObject({ ok: true });
    expect(server.violations()).toBe(1);
    expect(messagesOf(ALERTS)).toHaveLength(3);
  });

  it('takes 50 edits a minute', async () => {
    await restart({ methodLimit: { perMinute: 50, burst: 1 } });
    const { ts } = await post();
    await call('chat.update', { channel: ALERTS.id, ts, text: 'bye' });

    const refused = await send('chat.update', { channel: ALERTS.id, ts, text: 'bye' });

    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2']);
  });

  it.each([
    ['server-error', 503, 0],
    ['server-error-after', 503, 1],
    ['rate-limited', 429, 0],
    ['not-json-after', 200, 1],
    ['fatal_error', 200, 0],
    ['fatal_error-after', 200, 1],
    ['invalid_blocks', 200, 0],
  ] as const)('failOnce() meets one call with %s', async (fault, status, posted) => {
    server.failOnce(fault);

    const response = await send('chat.postMessage', { channel: ALERTS.id, text: 'hello' });

    expect(response.status).toBe(status);
    expect(messagesOf(ALERTS)).toHaveLength(posted);
    expect(await post()).toMatchObject({ ok: true });
  });

  it.each([
    ['reset', 0],
    ['reset-after', 1],
    ['cut-after', 1],
  ] as const)('failOnce() breaks the connection with %s', async (fault, posted) => {
    server.failOnce(fault);

    await expect(post()).rejects.toThrow();
    expect(messagesOf(ALERTS)).toHaveLength(posted);
  });

  it.each([
    ['silence', 0],
    ['silence-after', 1],
  ] as const)('failOnce() does not answer with %s', async (fault, posted) => {
    server.failOnce(fault);
    const signal = AbortSignal.timeout(100);

    await expect(
      fetch(server.url + WEBHOOK_PATH, { method: 'POST', body: '{"text":"hello"}', signal }),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(messagesOf(ALERTS)).toHaveLength(posted);
  });

  it('setOutage() meets every call, also of webhooks, until it is over', async () => {
    server.setOutage('server-error');
    expect((await send('auth.test', {})).status).toBe(503);
    expect((await postByWebhook({ text: 'hello' }))[0]).toBe(503);

    server.setOutage(null);
    expect(await post()).toMatchObject({ ok: true });
    expect(messagesOf(ALERTS)).toHaveLength(1);
  });

  it('faults that say no to a message meet nothing else', async () => {
    await restart({ faults: { seed: 7, probabilities: { channel_not_found: 1 } } });

    expect(await post()).toEqual({ ok: false, error: 'channel_not_found' });
    expect((await postByWebhook({ text: 'hello' }))[0]).toBe(404);
    expect(await call('conversations.history', { channel: ALERTS.id })).toMatchObject({ ok: true });
  });

  it('faults come as likely as planned, and the same for the same seed', async () => {
    const faults = { seed: 7, probabilities: { fatal_error: 0.3, 'fatal_error-after': 0.2 } };
    const limits = { methodLimit: { perMinute: 60, burst: 1_000 } };
    const run = async (): Promise<string> => {
      await restart({ faults, ...limits });
      const answers: boolean[] = [];
      for (let count = 0; count < 200; count += 1) answers.push((await call('auth.test')).ok);
      return answers.map((ok) => (ok ? '.' : 'x')).join('');
    };

    const first = await run();

    expect(first.replaceAll('.', '').length).toBeGreaterThan(80);
    expect(first.replaceAll('.', '').length).toBeLessThan(120);
    expect(await run()).toBe(first);
  });
});

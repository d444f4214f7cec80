import { afterEach, describe, expect, it } from 'vitest';
import { createSlackCheckBot } from '#shared/adapters/slack-check-bot.ts';
import { startHttpServer } from '#test/fakes/http-server.ts';
import { createSecretReader } from '#test/fakes/secret-reader.ts';
import { SLACK_TOKEN, type SlackServer, startSlackServer } from '#test/fakes/slack/slack-server.ts';

const CHANNEL = { id: 'C0123456789', name: 'alerts' };
const now = () => new Date();

describe('slack-check-bot', () => {
  let server: SlackServer;

  afterEach(() => server.stop());

  const check = (token = SLACK_TOKEN, channel = CHANNEL.id) =>
    createSlackCheckBot({ token: createSecretReader(token), channel, now, apiUrl: server.apiUrl })();

  it('check() finds nothing wrong with a bot that may post and is in its channel, and posts nothing', async () => {
    server = await startSlackServer({ channels: [CHANNEL] });

    expect(await check()).toBeNull();
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/auth.test', '/api/conversations.history']);
    expect(server.channels[0]?.messages).toEqual([]);
  });

  it('check() names the scopes that are missing', async () => {
    server = await startSlackServer({ scopes: ['users:read'], channels: [CHANNEL] });

    expect(await check()).toBe('missing scopes chat:write, channels:history or groups:history');
  });

  it('check() says that the token is wrong, and not what it is', async () => {
    server = await startSlackServer({ channels: [CHANNEL] });

    expect(await check('xoxb-wrong')).toBe('invalid_auth');
  });

  it.each([
    [{ ...CHANNEL, isMember: false }, 'channel: not_in_channel'],
    [{ ...CHANNEL, id: 'C0OTHER0001' }, 'channel: channel_not_found'],
  ])('check() notices that the bot is not in its channel: %j', async (channel, problem) => {
    server = await startSlackServer({ channels: [channel] });

    expect(await check()).toBe(problem);
  });

  it.each(['/api/auth.test', '/api/conversations.history'])(
    'check() says that Slack is too busy for %s',
    async (path) => {
      server = await startSlackServer({ channels: [CHANNEL] });
      const proxy = await startHttpServer(async ({ path: asked, headers, body }) => {
        if (asked === path) return { status: 429, headers: { 'retry-after': '1' }, body: '' };
        const { authorization = '', 'content-type': type = '' } = headers;
        const kept = { authorization, 'content-type': type };
        const response = await fetch(new URL(asked, server.apiUrl), { method: 'POST', headers: kept, body });
        return { status: 200, headers: { 'content-type': 'application/json' }, body: await response.text() };
      });
      const token = createSecretReader(SLACK_TOKEN);
      const apiUrl = `${proxy.url}/api/`;

      const problem = await createSlackCheckBot({ token, channel: CHANNEL.id, now, apiUrl })().finally(
        proxy.stop,
      );

      expect(problem).toMatch(/^(channel: )?HTTP 429$/);
    },
  );

  it('check() does not look into a channel by its name', async () => {
    server = await startSlackServer({ channels: [CHANNEL] });

    expect(await check(SLACK_TOKEN, `#${CHANNEL.name}`)).toBeNull();
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/auth.test']);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { createSlackCheckBot } from '#shared/adapters/slack-check-bot.ts';
import { createSecretReader } from '#test/fakes/secret-reader.ts';
import { SLACK_TOKEN, type SlackServer, startSlackServer } from '#test/fakes/slack/slack-server.ts';

describe('slack-check-bot', () => {
  let server: SlackServer;

  afterEach(() => server.stop());

  const check = (token = SLACK_TOKEN) => createSlackCheckBot(createSecretReader(token), server.apiUrl)();

  it('check() finds nothing wrong with a bot that may post and look, and posts nothing', async () => {
    server = await startSlackServer();

    expect(await check()).toBeNull();
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/auth.test']);
  });

  it('check() names the scopes that are missing', async () => {
    server = await startSlackServer({ scopes: ['users:read'] });

    expect(await check()).toBe('missing scopes chat:write, channels:history or groups:history');
  });

  it('check() says that the token is wrong, and not what it is', async () => {
    server = await startSlackServer();

    expect(await check('xoxb-wrong')).toBe('invalid_auth');
  });
});

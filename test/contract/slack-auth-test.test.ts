import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createSlackAuthTest, type SlackAuth } from '#shared/adapters/slack-auth-test.ts';
import { createSecretReader } from '#test/fakes/secret-reader.ts';
import { SLACK_TOKEN, type SlackServer, startSlackServer } from '#test/fakes/slack/slack-server.ts';

describe('slack-auth-test', () => {
  let server: SlackServer;

  afterEach(() => server.stop());

  async function testAuth(...tokens: [string, ...string[]]): Promise<SlackAuth> {
    const auth = await createSlackAuthTest(createSecretReader(...tokens), server.apiUrl)();
    expect(inspect(auth, { depth: null, showHidden: true })).not.toContain('xoxb');
    return auth;
  }

  it.each([
    [['chat:write', 'channels:history'], []],
    [['chat:write', 'groups:history', 'users:read'], []],
    [['chat:write'], ['channels:history or groups:history']],
    [['channels:history'], ['chat:write']],
    [[], ['chat:write', 'channels:history or groups:history']],
  ])('testAuth() says of the scopes %j that %j are missing', async (scopes, missingScopes) => {
    server = await startSlackServer({ scopes });

    expect(await testAuth(SLACK_TOKEN)).toEqual({ reason: null, missingScopes });
  });

  it('testAuth() reads the token anew when it was rotated', async () => {
    server = await startSlackServer({ token: 'xoxb-new' });

    expect(await testAuth(SLACK_TOKEN, 'xoxb-new')).toEqual({ reason: null, missingScopes: [] });
  });

  it.each(['token_revoked', 'account_inactive'] as const)('testAuth() says %s', async (fault) => {
    server = await startSlackServer();
    server.failOnce(fault);

    expect(await testAuth(SLACK_TOKEN)).toEqual({ reason: fault, missingScopes: [] });
  });

  it.each([
    ['server-error', 'HTTP 503'],
    ['rate-limited', 'HTTP 429'],
    ['reset', 'ECONNRESET'],
  ] as const)('testAuth() says why Slack did not answer: %s', async (fault, reason) => {
    server = await startSlackServer();
    server.failOnce(fault);

    expect(await testAuth(SLACK_TOKEN)).toEqual({ reason, missingScopes: [] });
  });
});

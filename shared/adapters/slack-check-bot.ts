import { createSlackAuthTest } from '#shared/adapters/slack-auth-test.ts';
import type { SecretReader } from '#shared/adapters/ssm-read-secret.ts';
import type { CheckReceiver } from '#shared/application/check-receivers.ts';

/**
 * Checks that Slack takes the bot's token and that the app may do what it has to. Whether it is a member of the channel
 * only a message shows.
 *
 * @param token - Appears in no result and no error
 * @param apiUrl - Where Slack's methods are, if not at Slack
 */
export function createSlackCheckBot(token: SecretReader, apiUrl?: string): CheckReceiver {
  const testAuth = createSlackAuthTest(token, apiUrl);
  return async () => {
    const { reason, missingScopes } = await testAuth();
    if (reason !== null) return reason;
    return missingScopes.length === 0 ? null : `missing scopes ${missingScopes.join(', ')}`;
  };
}

import { createSlackAuthTest } from '#shared/adapters/slack-auth-test.ts';
import { createCallSlack } from '#shared/adapters/slack-call.ts';
import { createSlackFindSent } from '#shared/adapters/slack-find-sent.ts';
import type { SecretReader } from '#shared/adapters/ssm-read-secret.ts';
import type { CheckReceiver } from '#shared/application/check-receivers.ts';
import type { Now } from '#shared/application/ports.ts';

/** Whom to check. */
export type SlackCheckSettings = {
  /** The bot's token, which appears in no result and no error. */
  readonly token: SecretReader;
  /** Its id; nobody can look into a channel by its name, so that one is not checked. */
  readonly channel: string;
  readonly now: Now;
  /** Where Slack's methods are, if not at Slack. */
  readonly apiUrl?: string;
};

/**
 * Checks that Slack takes the bot's token, that the app may do what it has to, and that the bot is in its channel: it
 * looks there for a message that does not exist.
 */
export function createSlackCheckBot({ token, channel, now, apiUrl }: SlackCheckSettings): CheckReceiver {
  const testAuth = createSlackAuthTest(token, apiUrl);
  const find = createSlackFindSent(createCallSlack(token, apiUrl), channel);
  return async () => {
    const { reason, missingScopes } = await testAuth();
    if (reason !== null) return reason;
    if (missingScopes.length > 0) return `missing scopes ${missingScopes.join(', ')}`;
    if (channel.startsWith('#')) return null;
    const found = await find({ token: 'none', sinceMs: now().getTime(), thread: null });
    return found.type === 'blind' || found.type === 'put-off' ? `channel: ${found.reason}` : null;
  };
}

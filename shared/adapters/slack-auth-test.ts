import { createCallSlack } from '#shared/adapters/slack-call.ts';
import type { SecretReader } from '#shared/adapters/ssm-read-secret.ts';

/** Each has to be granted in one of its forms; what a public and a private channel need differs. */
const NEEDED_SCOPES: readonly (readonly string[])[] = [
  ['chat:write'],
  ['channels:history', 'groups:history'],
];

/** How it stands with the bot's token. */
export type SlackAuth = {
  /** Why Slack does not take the token, or did not answer, in words only; `null` if it takes it. */
  readonly reason: string | null;
  /** What the app is not allowed but needs, such as `chat:write`; empty if Slack does not say. */
  readonly missingScopes: readonly string[];
};

/**
 * Asks Slack whether it takes the bot's token, and what the app may do.
 *
 * @param token - Appears in no result and no error
 * @param apiUrl - Where Slack's methods are, if not at Slack
 * @see {@link https://docs.slack.dev/reference/methods/auth.test/}
 */
export function createSlackAuthTest(token: SecretReader, apiUrl?: string): () => Promise<SlackAuth> {
  const callSlack = createCallSlack(token, apiUrl);
  return async () => {
    const answer = await callSlack(({ auth }) => auth.test());
    if (answer.type !== 'ok') return { reason: answer.reason, missingScopes: [] };
    const granted = answer.result.response_metadata?.scopes;
    const isMissing = (forms: readonly string[]) =>
      granted !== undefined && !forms.some((scope) => granted.includes(scope));
    return {
      reason: null,
      missingScopes: NEEDED_SCOPES.filter(isMissing).map((forms) => forms.join(' or ')),
    };
  };
}

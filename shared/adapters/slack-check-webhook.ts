import { errorWord } from '#shared/adapters/plain-word.ts';
import type { SecretReader } from '#shared/adapters/ssm-read-secret.ts';
import type { CheckReceiver } from '#shared/application/check-receivers.ts';

/** Checks that there is an address to post to. Slack has no way to try a webhook but to post. */
export function createSlackCheckWebhook({ read }: SecretReader): CheckReceiver {
  return async () => {
    try {
      const address = await read();
      return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)
        ? null
        : 'malformed address';
    } catch (error) {
      return `no secret: ${errorWord(error)}`;
    }
  };
}

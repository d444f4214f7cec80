import { describe, expect, it } from 'vitest';
import { createSlackCheckWebhook } from '#shared/adapters/slack-check-webhook.ts';
import { createSecretReader } from '#test/fakes/secret-reader.ts';

describe('slack-check-webhook', () => {
  it('check() is content with an address', async () => {
    const url = createSecretReader('https://hooks.slack.com/services/T000/B000/secret');

    expect(await createSlackCheckWebhook(url)()).toBeNull();
  });

  it.each(['secret', 'ftp://hooks.slack.com/secret'])('check() says that %s is no address', async (value) => {
    const problem = await createSlackCheckWebhook(createSecretReader(value))();

    expect(problem).toBe('malformed address');
  });

  it('check() says why the address cannot be read, in a word', async () => {
    const error = Object.assign(new Error('no /gatewatch/webhook for you'), {
      name: 'AccessDeniedException',
    });
    const read = async (): Promise<string> => Promise.reject(error);

    const problem = await createSlackCheckWebhook({ read, refresh: read })();

    expect(problem).toBe('no secret: AccessDeniedException');
  });
});

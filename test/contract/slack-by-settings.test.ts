import { describe, expect, it } from 'vitest';
import { createSlack, type SlackSettings } from '#shared/adapters/slack-by-settings.ts';
import { createSecretReader } from '#test/fakes/secret-reader.ts';

const NONE: SlackSettings = {
  tokenParameter: '',
  webhookParameter: '',
  channel: '',
  mention: '',
  apiUrl: '',
  minSeverity: 'critical',
};
const BOT = { ...NONE, tokenParameter: '/slack-token', channel: 'C0123456789' };

async function create(settings: SlackSettings) {
  const asked: string[] = [];
  const slack = await createSlack(settings, {
    now: () => new Date(),
    secretOf: (name) => {
      asked.push(name);
      return createSecretReader('secret');
    },
  });
  return { slack, asked };
}

describe('createSlack()', () => {
  it('createSlack() makes nothing of nothing', async () => {
    expect(await create(NONE)).toEqual({ slack: null, asked: [] });
  });

  it('createSlack() makes a bot, which can edit, of a token', async () => {
    const { slack, asked } = await create({ ...BOT, webhookParameter: '/slack-webhook' });

    expect(slack?.receiver).toMatchObject({ canEdit: true, minSeverity: 'critical' });
    expect(asked).toEqual(['/slack-token']);
  });

  it('createSlack() makes of a webhook what cannot edit', async () => {
    const { slack, asked } = await create({ ...NONE, webhookParameter: '/slack-webhook' });

    expect(slack?.receiver).toMatchObject({ canEdit: false, minSeverity: 'critical', find: null });
    expect(asked).toEqual(['/slack-webhook']);
  });

  it('createSlack() refuses a mention that calls nobody', async () => {
    await expect(create({ ...BOT, mention: 'here' })).rejects.toThrow('here mentions nobody in Slack');
  });
});

import type { SecretReader } from '#shared/adapters/ssm-read-secret.ts';
import type { CheckReceiver } from '#shared/application/check-receivers.ts';
import type { Now } from '#shared/application/ports.ts';
import type { Receiver } from '#shared/application/receiver-ports.ts';
import type { Severity } from '#shared/domain/detection/finding.ts';

/** How a stack tells Slack; what is empty is not used. */
export type SlackSettings = {
  /** Name of the parameter in SSM with the bot's token; with it the webhook is not used. */
  readonly tokenParameter: string;
  /** Name of the parameter in SSM with the webhook's address. */
  readonly webhookParameter: string;
  /** Of the bot. */
  readonly channel: string;
  /** Whom the bot calls, such as `<!here>`. */
  readonly mention: string;
  /** Where the bot finds Slack's methods, if not at Slack. */
  readonly apiUrl: string;
  readonly minSeverity: Severity;
};

/** Somebody to tell, and the check whether that would do. */
type CheckedReceiver = { readonly receiver: Receiver; readonly check: CheckReceiver };

type Dependencies = {
  /** Makes a reader of the secret in a parameter. */
  readonly secretOf: (parameterName: string) => SecretReader;
  readonly now: Now;
};

async function createBot(settings: SlackSettings, { secretOf, now }: Dependencies): Promise<CheckedReceiver> {
  const { createSlackBotReceiver } = await import('#shared/adapters/slack-bot-receiver.ts');
  const { createSlackCheckBot } = await import('#shared/adapters/slack-check-bot.ts');
  const { channel, minSeverity } = settings;
  const token = secretOf(settings.tokenParameter);
  const mention = settings.mention === '' ? null : settings.mention;
  const elsewhere = settings.apiUrl === '' ? {} : { apiUrl: settings.apiUrl };
  return {
    receiver: createSlackBotReceiver({ token, channel, minSeverity, mention, ...elsewhere }),
    check: createSlackCheckBot({ token, channel, now, ...elsewhere }),
  };
}

async function createWebhook(settings: SlackSettings, { secretOf }: Dependencies): Promise<CheckedReceiver> {
  const { createSlackWebhookReceiver } = await import('#shared/adapters/slack-webhook-receiver.ts');
  const { createSlackCheckWebhook } = await import('#shared/adapters/slack-check-webhook.ts');
  const url = secretOf(settings.webhookParameter);
  return {
    receiver: createSlackWebhookReceiver(url, settings.minSeverity),
    check: createSlackCheckWebhook(url),
  };
}

/**
 * Makes what tells Slack: by the bot if there is a token, else by the webhook. What is not used is not even loaded.
 *
 * @returns `null` for a stack without Slack
 */
export async function createSlack(
  settings: SlackSettings,
  dependencies: Dependencies,
): Promise<CheckedReceiver | null> {
  if (settings.tokenParameter !== '') return createBot(settings, dependencies);
  if (settings.webhookParameter !== '') return createWebhook(settings, dependencies);
  return null;
}

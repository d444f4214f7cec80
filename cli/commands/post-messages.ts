import { setTimeout as wait } from 'node:timers/promises';
import { IncomingWebhook, IncomingWebhookHTTPError } from '@slack/webhook';
import { UsageError } from '#cli/errors.ts';
import type { ReplayedMessage } from '#cli/replay/report.ts';

/** Slack takes one message a second from a webhook. */
const INTERVAL_MS = 1_100;

const TIMEOUT_MS = 10_000;

/** Finds the address to post to. @throws {UsageError} If there is none */
export function readWebhookUrl(env: NodeJS.ProcessEnv): string {
  const url = env['SLACK_WEBHOOK_URL'] ?? '';
  if (url !== '') return url;
  throw new UsageError('--post needs the address of an incoming webhook in SLACK_WEBHOOK_URL');
}

/**
 * Posts replayed messages, each marked as one.
 *
 * @param url - Address of an incoming webhook, which is a secret and appears in no error
 * @throws {UsageError} If Slack does not take one; the later ones are not posted
 */
export async function postMessages(messages: readonly ReplayedMessage[], url: string): Promise<void> {
  const webhook = new IncomingWebhook(url, { timeout: TIMEOUT_MS });
  for (const [index, { text, blocks, at }] of messages.entries()) {
    if (index > 0) await wait(INTERVAL_MS);
    const replayed = {
      type: 'context',
      elements: [{ type: 'mrkdwn', text: `_Replay of a log: sent as of ${at}_` }],
    } as const;
    try {
      await webhook.send({ text, blocks: [...blocks, replayed] });
    } catch (error) {
      // Without a cause and the library's words: they may hold the address.
      const why = error instanceof IncomingWebhookHTTPError ? `HTTP ${error.statusCode}` : 'no answer';
      throw new UsageError(`Slack did not take message ${index + 1} of ${messages.length}: ${why}`);
    }
  }
}

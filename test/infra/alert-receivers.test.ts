import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

type AlertReceivers = (osls: {
  readonly resolveVariable: (variable: string) => Promise<string>;
}) => Promise<string>;

const alertReceivers: AlertReceivers = createRequire(import.meta.url)(
  join(resolve(import.meta.dirname, '../..'), 'infra/alert-receivers.cjs'),
);

const DEFAULTS = {
  slackTokenParameter: '',
  slackWebhookParameter: '',
  slackMinSeverity: 'warning',
  snsMinSeverity: 'warning',
};

/** Resolves `param:name` as osls does. */
function withParameters(parameters: Readonly<Record<string, string>>) {
  const all: Readonly<Record<string, string>> = { ...DEFAULTS, ...parameters };
  return async (variable: string): Promise<string> => {
    const value = all[variable.replace(/^param:/, '')];
    if (value === undefined) throw new Error(`Cannot resolve ${variable}`);
    return value;
  };
}

describe('alert-receivers.cjs', () => {
  it.each<[string, Record<string, string>, string]>([
    ['no Slack', {}, 'sns=warning'],
    ['a webhook', { slackWebhookParameter: '/w' }, 'sns=warning,slack=warning'],
    ['a bot', { slackTokenParameter: '/t', slackMinSeverity: 'critical' }, 'sns=warning,slack=critical'],
    ['a quiet topic', { snsMinSeverity: 'critical', slackMinSeverity: 'critical' }, 'sns=critical'],
  ])('names the receivers of a stack with %s', async (_, parameters, expected) => {
    expect(await alertReceivers({ resolveVariable: withParameters(parameters) })).toBe(expected);
  });
});

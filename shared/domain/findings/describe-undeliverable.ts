import type { Description } from '#shared/domain/findings/description.ts';
import { formatAmount } from '#shared/domain/findings/format.ts';

/** A receiver that takes nothing. */
export type Undeliverable = {
  /** Its name: `slack`, `sns`. */
  readonly receiver: string;
  /** A word of the receiver's or the network's, such as `channel_not_found`; empty once it takes messages again. */
  readonly reason: string;
  /** Messages that it refused for good; 0 if it is only out of reach. */
  readonly refused: number;
};

/** What helps with the reasons that a person can do something about. */
const HELP: ReadonlyMap<string, string> = new Map([
  ['channel_not_found', 'Check the name of the channel, and invite the bot to it'],
  ['not_in_channel', 'Invite the bot to the channel'],
  ['is_archived', 'Unarchive the channel, or name another one'],
  ['invalid_auth', 'Store the bot’s token anew'],
  ['token_revoked', 'Install the Slack app again and store its new token'],
  ['token_expired', 'Store the bot’s new token'],
  ['account_inactive', 'Install the Slack app again and store its new token'],
  ['missing_scope', 'Add the scopes of docs/slack.md to the Slack app and install it again'],
  ['no_service', 'Make a new incoming webhook and store its address'],
]);

/** Says that a receiver takes nothing, and what to do about it. */
export function describeUndeliverable({ receiver, reason, refused }: Undeliverable): Description {
  const help =
    HELP.get(reason) ?? (refused > 0 ? 'Look the reason up' : 'Wait for it, or look at its status page');
  return {
    title: `Messages do not reach ${receiver}`,
    value: refused,
    expected: 0,
    unit: 'messages',
    evidence: [
      { label: 'Reason', value: reason },
      ...(refused > 0
        ? [{ label: 'Kept', value: `${formatAmount(refused, 'message')} in the dead letters` }]
        : [{ label: 'Kept', value: 'all, it is told the newest state of each incident when it is back' }]),
    ],
    links: [],
    nextStep: refused > 0 ? `${help}; then run gatewatch redrive --apply` : help,
  };
}

import type { UndeliverableLetter } from '#shared/domain/dead-letters/undeliverable.ts';
import type { Severity } from '#shared/domain/detection/finding.ts';
import type { Changes } from '#shared/domain/incidents/changes.ts';
import type { MessagePlace } from '#shared/domain/incidents/delivery.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';

/** One call to a receiver. */
export type OutgoingMessage = {
  readonly summary: IncidentSummary;
  readonly incident: Incident;
} & (
  | {
      /** A message of its own. */
      readonly step: 'post';
      /** Travels with the message, so that {@link Receiver.find} knows it again. */
      readonly token: string;
    }
  | { readonly step: 'edit'; readonly place: MessagePlace }
  | {
      /** Into the thread of the incident's message. */
      readonly step: 'reply';
      readonly token: string;
      readonly place: MessagePlace;
      readonly changes: Changes;
      /** Shown in the channel as well, so that people notice. */
      readonly isBroadcast: boolean;
    }
);

/** Says that the receiver has no room or cannot be reached, and certainly did not take the message. */
export type PutOff = {
  readonly type: 'put-off';
  /** Words only, never an address: `HTTP 429`, `ECONNREFUSED`. */
  readonly reason: string;
  /** How long it asked to be left alone; `null` if it did not say. */
  readonly retryAfterMs: number | null;
};

/** What became of a call. */
export type SendOutcome =
  | {
      readonly type: 'sent';
      /** Where the message is, if it can be edited. */
      readonly place: MessagePlace | null;
    }
  /** The message to edit or answer is not there any more. */
  | { readonly type: 'gone' }
  /** Nobody knows whether it was taken. */
  | { readonly type: 'unknown'; readonly reason: string }
  | PutOff
  /** It will never be taken: the message is invalid, the channel is gone, or the secret is wrong. */
  | { readonly type: 'refused'; readonly reason: string };

/** Looks for a message whose sending was not answered. */
export type FindSent = (sent: {
  readonly token: string;
  /** When it was sent, epoch milliseconds. */
  readonly sinceMs: number;
  /** The message in whose thread it would be; `null` for a message of its own. */
  readonly thread: MessagePlace | null;
}) => Promise<
  | { readonly type: 'found'; readonly place: MessagePlace }
  | { readonly type: 'not-found' }
  /** It may not look, as of a missing permission; the reason is a word of the receiver's. */
  | { readonly type: 'blind'; readonly reason: string }
  | PutOff
>;

/** Somebody who is told about incidents. */
export type Receiver = {
  /** False: each announcement is a message of its own, and nothing is edited. */
  readonly canEdit: boolean;
  /** Incidents that were never this bad are not told. */
  readonly minSeverity: Severity;
  /** The least time between two calls, as the receiver wants it. */
  readonly intervalMs: number;
  /** Makes one attempt. @throws {Error} Only for what is neither the receiver's nor the network's doing */
  readonly send: (message: OutgoingMessage) => Promise<SendOutcome>;
  /** `null` if messages cannot be looked for: then one whose sending was not answered is sent again, marked. */
  readonly find: FindSent | null;
};

/** Receivers by name. Each gets the newest state, independent of the others. */
export type Receivers = Readonly<Record<string, Receiver>>;

/** How it stands with one receiver. Times in epoch milliseconds. */
export type OutboxState = {
  /** Nothing is sent before: it asked for a pause, or takes one message in an interval. */
  readonly notBeforeMs: number;
  /** Attempts in a row that it did not take. */
  readonly failures: number;
  /** Since when it has taken nothing; `null` while it does. */
  readonly failingSinceMs: number | null;
  /** Why it took nothing, in words only; `null` while it does. */
  readonly reason: string | null;
};

/**
 * Who may talk to a receiver now, so that two dispatchers neither send the same nor are faster than it wants; and which
 * stories wait for it.
 */
export type OutboxStore = {
  /**
   * Adds stories to those that wait, then takes the lease if nobody has it.
   *
   * @returns The state if the owner has the lease now; `null` if somebody else has, who will see the stories
   */
  readonly enter: (
    receiver: string,
    request: {
      readonly storyKeys: readonly string[];
      readonly owner: string;
      readonly nowMs: number;
      readonly untilMs: number;
    },
  ) => Promise<OutboxState | null>;
  /** Takes the waiting stories out. @returns `null` if the owner does not have the lease any more */
  readonly takeWaiting: (receiver: string, owner: string) => Promise<readonly string[] | null>;
  /**
   * Writes the state down and gives the lease back.
   *
   * @param isOver - True to leave although stories wait, for lack of time
   * @returns False if stories have come to wait meanwhile, or the lease is somebody else's: `takeWaiting` tells
   */
  readonly leave: (
    receiver: string,
    request: { readonly owner: string; readonly state: OutboxState; readonly isOver: boolean },
  ) => Promise<boolean>;
};

/** Keeps a letter; maybe twice. @throws {Error} If nobody knows whether it is kept */
export type KeepUndeliverable = (letter: UndeliverableLetter) => Promise<void>;

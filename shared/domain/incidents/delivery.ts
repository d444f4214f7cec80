import type { Severity } from '#shared/domain/detection/finding.ts';

/** The state of an incident that a message told. */
export type Snapshot = {
  readonly version: number;
  readonly status: 'open' | 'closed' | 'merged';
  readonly severity: Severity;
  /** True if it said that nobody knows whether the trouble goes on. */
  readonly isUnknown: boolean;
  /** The main number of the finding that names the incident, in that finding's unit. */
  readonly value: number;
  /** The first characters of the ids of the findings that were open, and of those that had ended. */
  readonly open: readonly string[];
  readonly ended: readonly string[];
};

/** Where a message is that can be edited. */
export type MessagePlace = {
  readonly channel: string;
  /** Slack's name for the message in its channel, a time of Slack's clock such as `1772460187.000100`. */
  readonly ts: string;
};

/** A sending that began; while it stands here, nobody knows whether it arrived. */
export type Attempt = {
  /** Travels with the message, so that it can be found again. */
  readonly token: string;
  readonly step: 'post' | 'reply';
  readonly startedAtMs: number;
  readonly snapshot: Snapshot;
};

/** A message that a receiver will never take. */
export type Refusal = {
  /** A word of the receiver's, such as `channel_not_found`. */
  readonly reason: string;
  readonly atMs: number;
  /** Another state may be taken; the same one is not tried again by itself. */
  readonly snapshot: Snapshot;
};

/** What one receiver has got of an incident. */
export type Delivery = {
  /** What it was told so that people noticed; `null` for nothing yet. */
  readonly told: Snapshot | null;
  /** What its message shows since the last edit, or did until it was gone; `null` if it never had one that can be edited. */
  readonly shown: Snapshot | null;
  /** When `told` or `shown` last changed, epoch milliseconds. */
  readonly sentAtMs: number;
  /** `null` if it cannot edit or has no message. */
  readonly place: MessagePlace | null;
  readonly attempt: Attempt | null;
  readonly refusal: Refusal | null;
};

/** Of an incident that a receiver knows nothing of. */
export const UNTOLD: Delivery = {
  told: null,
  shown: null,
  sentAtMs: 0,
  place: null,
  attempt: null,
  refusal: null,
};

/** Changes what one receiver has got of an incident. */
export function changeDelivery<T extends { readonly deliveries: Readonly<Record<string, Delivery>> }>(
  incident: T,
  receiver: string,
  change: (delivery: Delivery) => Delivery,
): T {
  const delivery = change(incident.deliveries[receiver] ?? UNTOLD);
  return { ...incident, deliveries: { ...incident.deliveries, [receiver]: delivery } };
}

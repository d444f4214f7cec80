/** What is kept of a message that a receiver will never take: which it was and why, nothing of its content. */
export type UndeliverableLetter = {
  readonly schemaVersion: 1;
  readonly type: 'undeliverable';
  readonly receiver: string;
  readonly storyKey: string;
  readonly incidentId: string;
  readonly version: number;
  readonly reason: string;
  /** ISO 8601. */
  readonly refusedAt: string;
};

/** Writes down, as an event for dispatch, that the receiver may take the message now. */
export function toRedrivenEvent({ receiver, storyKey, incidentId }: UndeliverableLetter): object {
  return {
    source: 'gatewatch',
    'detail-type': 'delivery.redriven',
    detail: { schemaVersion: 1, receiver, storyKey, incidentId },
  };
}

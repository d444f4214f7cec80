/** Events that were not counted, and where the first one is: a pointer, never its text. */
export type Reject = { readonly count: number; readonly firstEventId: string };

/** By reason; only those that occurred. */
export type Rejects<Reason extends string> = Partial<Record<Reason, Reject>>;

/** Adds one event to those of its reason. */
export function addReject<Reason extends string>(
  rejects: Rejects<Reason>,
  reason: Reason,
  eventId: string,
): void {
  const known: Reject = rejects[reason] ?? { count: 0, firstEventId: eventId };
  rejects[reason] = { ...known, count: known.count + 1 };
}

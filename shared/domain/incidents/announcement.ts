import { isAtLeast } from '#shared/domain/detection/finding.ts';
import type { Snapshot } from '#shared/domain/incidents/delivery.ts';

/**
 * What a message says that has happened. `unknown`: nobody knows whether the trouble goes on, as nothing judges it any
 * more; `changed`: it is judged again, or something else has changed that is worth a line.
 */
export type Announcement = 'opened' | 'worse' | 'reopened' | 'closed' | 'merged' | 'unknown' | 'changed';

/** What to call the state of an incident that nobody was told of yet. */
export function firstAnnouncement({ status, isUnknown }: Snapshot): Announcement {
  if (status !== 'open') return status;
  return isUnknown ? 'unknown' : 'opened';
}

/**
 * What is news to somebody who was told another state. It depends on the newest state and on what was told last, not on
 * what happened between: that gives order and catch-up after an outage.
 *
 * @returns `null` when there is no news
 */
export function announcementAfter(told: Snapshot, now: Snapshot): Announcement | null {
  if (now.status === 'merged') return told.status === 'open' ? 'merged' : null;
  if (now.status === 'closed') return told.status === 'closed' ? null : 'closed';
  if (told.status !== 'open') return 'reopened';
  if (now.severity !== told.severity && isAtLeast(now.severity, told.severity)) return 'worse';
  if (now.isUnknown === told.isUnknown) return null;
  return now.isUnknown ? 'unknown' : 'changed';
}

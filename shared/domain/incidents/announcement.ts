import { isAtLeast } from '#shared/domain/detection/finding.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';

/**
 * What a message says that has happened. `unknown`: nobody knows whether the trouble goes on, as nothing judges it any
 * more; `changed`: something that is worth a line in a thread only.
 */
export type Announcement = 'opened' | 'worse' | 'reopened' | 'closed' | 'merged' | 'unknown' | 'changed';

/**
 * What one receiver still has to be told. It depends on the newest state and on what was told last, not on what
 * happened between: that gives order and catch-up after an outage.
 *
 * @param target - The receiver's name among the deliveries
 * @returns `null` when it knows all
 */
export function nextAnnouncement(incident: Incident, target: string): Announcement | null {
  const told = incident.deliveries[target]?.announced;
  if (incident.status === 'merged') return told?.status === 'open' ? 'merged' : null;
  if (incident.status === 'closed') return told?.status === 'closed' ? null : 'closed';
  if (told === undefined) return 'opened';
  if (told.status !== 'open') return 'reopened';
  const isWorse = incident.severity !== told.severity && isAtLeast(incident.severity, told.severity);
  return isWorse ? 'worse' : null;
}

import type { Announcement } from '#shared/domain/incidents/announcement.ts';
import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';

/** Marks a test, before everything else. */
export const DRILL_MARK = '🧪 DRILL';

const BY_SEVERITY = { critical: '🔴', warning: '🟠', info: 'ℹ️' } as const;

type Marked = Pick<IncidentSummary, 'severity' | 'unknownSinceMs'> & { readonly announcement: Announcement };

/** The sign of the state that a message tells: of what goes on, how bad it is. */
export function markOf({ announcement, severity, unknownSinceMs }: Marked): string {
  if (announcement === 'closed') return '✅';
  if (announcement === 'merged') return '↪️';
  return announcement === 'unknown' || unknownSinceMs !== null ? '❔' : BY_SEVERITY[severity];
}

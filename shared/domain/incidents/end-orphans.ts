import type { Finding } from '#shared/domain/detection/finding.ts';
import { endFindings, type Incident } from '#shared/domain/incidents/incident.ts';

/** A drill waits some minutes for each of its two steps, unless it is told to wait longer. */
const DRILL_MS = 60 * 60_000;

/**
 * Ends what nobody is left to end: a drill whose command was killed, and the trouble of a receiver that is not told of
 * anything any more.
 *
 * @param receivers - The names of all that are told
 * @returns The same object if nothing changed
 */
export function endOrphans(incident: Incident, receivers: readonly string[], nowMs: number): Incident {
  const isOrphan = ({ kind, startedAt, scope }: Finding): boolean => {
    if (kind === 'alerting.drill') return nowMs - Date.parse(startedAt) > DRILL_MS;
    return kind === 'alerting.undeliverable' && !receivers.includes(scope.subject ?? '');
  };
  return endFindings(incident, isOrphan, new Date(nowMs).toISOString());
}

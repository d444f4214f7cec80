import type { Finding } from '#shared/domain/detection/finding.ts';
import { applyFinding, type Incident } from '#shared/domain/incidents/incident.ts';
import { storyOf } from '#shared/domain/incidents/story.ts';
import { createFinding } from '#test/fakes/finding.ts';

const START_MS = Date.parse('2026-03-02T14:00:00Z');

/** A time as findings give it, in minutes after 14:00. */
export function iso(minutes: number): string {
  return new Date(START_MS + minutes * 60_000).toISOString();
}

/** A statement of the finding `id`, made at a minute, of an occurrence that began at another. */
export function findingAt(
  id: string,
  startedMinute: number,
  observedMinute: number,
  differences: Partial<Finding> = {},
): Finding {
  const observedAt = iso(observedMinute);
  return createFinding({
    id,
    startedAt: iso(startedMinute),
    observedAt,
    lastBadAt: observedAt,
    ...differences,
  });
}

/** What findings of one story make of it, one after the other. */
export function applyAll(findings: readonly Finding[]): Incident | null {
  return findings.reduce<Incident | null>(
    (incident, finding) => applyFinding(incident, storyOf(finding), finding),
    null,
  );
}

/** The incident that these findings of one story make. */
export function incidentOf(...findings: Finding[]): Incident {
  const incident = applyAll(findings);
  if (incident === null) throw new Error('These findings make no incident');
  return incident;
}

import { isAtLeast } from '#shared/domain/detection/finding.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { byPriority } from '#shared/domain/incidents/leading-finding.ts';
import { runbookLink } from '#shared/domain/links/runbook.ts';
import { type IncidentSummary, inLinkOrder } from '#shared/domain/messages/incident-summary.ts';

/**
 * Adds a link to the section of the runbook about the finding that names the incident, unless nothing is left to do.
 *
 * @param runbookUrl - Address of the page that docs/runbook.md is read on, without an anchor
 */
export function addRunbookLink(
  summary: IncidentSummary,
  { findings }: Incident,
  runbookUrl: string,
): IncidentSummary {
  const worthTelling = findings.filter(({ severity }) => isAtLeast(severity, 'warning'));
  const [leading] = [...worthTelling].sort(byPriority);
  if (summary.announcement === 'closed' || leading === undefined) return summary;
  return { ...summary, links: inLinkOrder([...summary.links, runbookLink(runbookUrl, leading.kind)]) };
}

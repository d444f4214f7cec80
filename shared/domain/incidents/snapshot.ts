import { isAtLeast } from '#shared/domain/detection/finding.ts';
import type { Snapshot } from '#shared/domain/incidents/delivery.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { byPriority } from '#shared/domain/incidents/leading-finding.ts';
import { shortId } from '#shared/domain/incidents/short-id.ts';

/** The state of an incident that a message made now would tell. */
export function snapshotOf(incident: Incident): Snapshot {
  const findings = incident.findings
    .filter(({ severity }) => isAtLeast(severity, 'warning'))
    .sort(byPriority);
  return {
    version: incident.version,
    status: incident.status,
    severity: incident.severity,
    isUnknown: incident.unknownSince !== null,
    value: findings[0]?.value ?? 0,
    open: findings.filter(({ status }) => status === 'open').map(shortId),
    ended: findings.filter(({ status }) => status === 'cleared').map(shortId),
  };
}

/**
 * What an incident's message tells of its findings by themselves: the one that names it. The others follow in its
 * thread, with their evidence.
 */
export function toldByMessage(snapshot: Snapshot): Snapshot {
  return { ...snapshot, open: snapshot.open.slice(0, 1) };
}

/** True if two states are the same to somebody who waits for news. */
export function isSameNews(a: Snapshot, b: Snapshot): boolean {
  return a.status === b.status && a.severity === b.severity && a.isUnknown === b.isUnknown;
}

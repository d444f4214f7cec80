import { type Finding, isAtLeast } from '#shared/domain/detection/finding.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';

/**
 * An open finding is stated in every run of its evaluator, about the newest judged minute. The slowest evaluators look
 * every five minutes at data that is five minutes late, so ten minutes are ordinary.
 */
const UNKNOWN_AFTER_MS = 15 * 60_000;

/** What is stated when it changes, and never in between. */
const STATED_ONCE: ReadonlySet<Finding['kind']> = new Set([
  'cloudwatch-alarm',
  'alerting.undeliverable',
  'alerting.held-back',
  'alerting.drill',
]);

function isUnknownAt({ kind, observedAt, isUnknown }: Finding, nowMs: number): boolean {
  if (STATED_ONCE.has(kind)) return isUnknown === true;
  return nowMs - Date.parse(observedAt) > UNKNOWN_AFTER_MS;
}

/**
 * Notices that nothing has judged an incident's open findings for a while, or that something does again: silence
 * closes nothing, but who reads "open 3 h" must know that nobody looks.
 *
 * @returns The same object if nothing changed
 */
export function noticeSilence(incident: Incident, nowMs: number): Incident {
  if (incident.status !== 'open') return incident;
  const open = incident.findings.filter(
    ({ status, severity }) => status === 'open' && isAtLeast(severity, 'warning'),
  );
  const since = open.every((finding) => isUnknownAt(finding, nowMs))
    ? (open
        .map(({ observedAt }) => observedAt)
        .sort()
        .at(-1) ?? null)
    : null;
  if (since === incident.unknownSince) return incident;
  return { ...incident, unknownSince: since, version: incident.version + 1 };
}

import type { IncidentSummary } from '#shared/domain/messages/incident-summary.ts';

/** The summary of an open incident of the account, with the given differences. */
export function createSummary(differences: Partial<IncidentSummary> = {}): IncidentSummary {
  return {
    announcement: 'opened',
    title: 'Account throttle exhausted',
    severity: 'critical',
    place: 'us-east-1 · 1234-5678-9012',
    openedAtMs: Date.UTC(2026, 2, 2, 14, 3),
    endedAtMs: null,
    duration: '3 min',
    facts: [
      { label: 'Now', value: '10,240 rps of 10,000 (102 %)' },
      { label: 'Caused by', value: 'orders-api/prod 6,100 rps, usually 900 (6.8 ×) · no stage limit' },
    ],
    nextStep: 'Limit orders-api/prod at its stage',
    links: [{ label: 'Raise quota', url: 'https://us-east-1.console.aws.amazon.com/servicequotas/home' }],
    dataDelaySeconds: 95,
    findingsLeftOut: 0,
    unknownSinceMs: null,
    mutedUntilMs: null,
    isRepeat: false,
    isJudged: true,
    isDrill: false,
    ...differences,
  };
}

import type { Finding } from '#shared/domain/detection/finding.ts';
import { applyFinding, type Incident } from '#shared/domain/incidents/incident.ts';
import { storyOf } from '#shared/domain/incidents/story.ts';

/** A finding about the stage `orders-api/prod`, with the given differences. */
export function createFinding(differences: Partial<Finding> = {}): Finding {
  return {
    schemaVersion: 1,
    id: 'f'.repeat(64),
    startedAt: '2026-03-02T14:00:00.000Z',
    kind: 'error-budget',
    evaluator: 'error-budget',
    severity: 'critical',
    status: 'open',
    scope: {
      accountId: '123456789012',
      region: 'us-east-1',
      apiId: 'a1b2c3',
      apiName: 'orders-api',
      stage: 'prod',
    },
    observedAt: '2026-03-02T14:05:00.000Z',
    lastBadAt: '2026-03-02T14:05:00.000Z',
    dataDelaySeconds: 95,
    value: 4.1,
    expected: null,
    unit: 'percent',
    title: '4.1 % of requests to orders-api/prod fail',
    evidence: [{ label: 'Now', value: '4.1 % of 6,100 requests' }],
    links: [{ label: 'Dashboard', url: 'https://console.aws.amazon.com/cloudwatch/' }],
    nextStep: 'Look at the backend',
    cause: 'backend.5xx',
    ...differences,
  };
}

/** The incident that such a finding opens. */
export function createIncident(differences: Partial<Finding> = {}): Incident {
  const finding = createFinding(differences);
  const incident = applyFinding(null, storyOf(finding), finding);
  if (incident === null) throw new Error('A finding of this severity opens no incident');
  return incident;
}

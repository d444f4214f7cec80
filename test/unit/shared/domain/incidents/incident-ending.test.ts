import { describe, expect, it } from 'vitest';
import type { EvaluationCompleted } from '#shared/domain/detection/finding.ts';
import { applyCompleted, applyFinding, mergeInto } from '#shared/domain/incidents/incident.ts';
import { createIncident } from '#test/fakes/finding.ts';
import { findingAt, incidentOf, iso } from '#test/fakes/incident-history.ts';

const CLEARED = { status: 'cleared' } as const;

describe('applyCompleted()', () => {
  const completed = (differences: Partial<EvaluationCompleted> = {}): EvaluationCompleted => ({
    schemaVersion: 1,
    evaluator: 'error-budget',
    scope: { accountId: '123456789012', region: 'us-east-1' },
    through: iso(10),
    openFindingIds: [],
    ...differences,
  });

  it('applyCompleted() ends what the evaluator no longer holds', () => {
    const incident = applyCompleted(incidentOf(findingAt('a', 0, 5)), completed());

    expect(incident).toMatchObject({ status: 'closed', closedAt: iso(10), version: 2 });
    expect(incident.findings).toMatchObject([{ status: 'cleared', observedAt: iso(10), lastBadAt: iso(5) }]);
  });

  it.each([
    ['that it still holds', findingAt('a', 0, 5), completed({ openFindingIds: ['x', 'a'] })],
    ['of another evaluator', findingAt('a', 0, 5, { evaluator: 'check-headroom' }), completed()],
    ['that was seen at that time', findingAt('a', 0, 10), completed()],
    ['that was seen later', findingAt('a', 0, 11), completed()],
    ['that is over', findingAt('a', 0, 5, CLEARED), completed()],
  ])('applyCompleted() leaves a finding alone %s', (_, known, word) => {
    const incident = incidentOf(known);

    expect(applyCompleted(incident, word)).toBe(incident);
  });

  it('applyCompleted() ends one finding of several', () => {
    const other = findingAt('b', 0, 5, { evaluator: 'check-headroom' });

    const incident = applyCompleted(incidentOf(findingAt('a', 0, 5), other), completed());

    expect(incident.status).toBe('open');
    expect(incident.findings.map(({ status }) => status)).toEqual(['cleared', 'open']);
  });

  it('applyCompleted() leaves a merged incident alone', () => {
    const merged = mergeInto(
      incidentOf(findingAt('a', 0, 5)),
      createIncident({ kind: 'throttling.account' }),
    );

    expect(applyCompleted(merged, completed())).toBe(merged);
  });
});

describe('mergeInto()', () => {
  it('mergeInto() ends an incident when the other one began', () => {
    const target = createIncident({ kind: 'throttling.account', startedAt: iso(2) });

    expect(mergeInto(incidentOf(findingAt('a', 0, 5)), target)).toMatchObject({
      status: 'merged',
      mergedInto: target.id,
      closedAt: iso(2),
      version: 2,
    });
  });

  it('applyFinding() makes a later occurrence of a merged incident’s story a new incident', () => {
    const merged = mergeInto(
      incidentOf(findingAt('a', 0, 5)),
      createIncident({ kind: 'throttling.account' }),
    );

    expect(applyFinding(merged, merged.story, findingAt('a', 90, 95))).toMatchObject({
      status: 'open',
      openedAt: iso(90),
    });
    expect(applyFinding(merged, merged.story, findingAt('b', -9, 6))).toBe(merged);
  });
});

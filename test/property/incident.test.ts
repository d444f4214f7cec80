import fc from 'fast-check';
import { it } from 'vitest';
import type { Finding, Severity } from '#shared/domain/detection/finding.ts';
import type { Incident } from '#shared/domain/incidents/incident.ts';
import { applyAll, findingAt } from '#test/fakes/incident-history.ts';

type History = {
  readonly startedMinute: number;
  /** How long after the one before each statement is made. */
  readonly steps: readonly number[];
  /** From which statement on it is critical, if it gets so bad: an occurrence does not get better. */
  readonly criticalFrom: number;
  readonly isOver: boolean;
};

/** A finding that begins within the hour and is told of a few times, until it ends or not. */
const history: fc.Arbitrary<History> = fc.record({
  startedMinute: fc.integer({ min: 0, max: 60 }),
  steps: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
  criticalFrom: fc.integer({ min: 0, max: 6 }),
  isOver: fc.boolean(),
});

function statements({ startedMinute, steps, criticalFrom, isOver }: History, index: number): Finding[] {
  let minute = startedMinute;
  return steps.map((step, order) => {
    minute += step;
    const severity: Severity = order >= criticalFrom ? 'critical' : 'warning';
    const status = isOver && order === steps.length - 1 ? 'cleared' : 'open';
    return findingAt(`finding-${index}`, startedMinute, minute, { severity, status, value: order });
  });
}

/** The statements in some order, some of them more than once, but none left out. */
const told = fc
  .array(history, { minLength: 1, maxLength: 5 })
  .map((histories) => histories.flatMap(statements))
  .chain((all) =>
    fc.record({
      inOrder: fc.constant(all.toSorted((a, b) => (a.observedAt < b.observedAt ? -1 : 1))),
      shuffled: fc
        .tuple(fc.shuffledSubarray(all, { minLength: all.length }), fc.shuffledSubarray(all))
        .map(([once, again]) => [...once, ...again]),
    }),
  );

/** What an incident is, apart from the order in which it was put together. */
function essence(incident: Incident | null): string {
  if (incident === null) return 'none';
  const { status, severity, openedAt, closedAt, findings, leftOutIds } = incident;
  const byId = findings.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return JSON.stringify({ status, severity, openedAt, closedAt, findings: byId, leftOutIds });
}

it('applyFinding() makes the same incident of any order and repetition of a story’s findings', () => {
  const property = fc.property(told, ({ inOrder, shuffled }) => {
    return essence(applyAll(shuffled)) === essence(applyAll(inOrder));
  });

  fc.assert(property, { numRuns: 1_000 });
});

it('applyFinding() ends with the newest statement of each finding, which decide status and severity', () => {
  const property = fc.property(told, ({ inOrder, shuffled }) => {
    const newest = [...new Map(inOrder.map((finding) => [finding.id, finding])).values()];

    const incident = applyAll(shuffled);

    const isOpen = newest.some(({ status }) => status === 'open');
    const isCritical = inOrder.some(({ severity }) => severity === 'critical');
    return (
      incident?.status === (isOpen ? 'open' : 'closed') &&
      incident.severity === (isCritical ? 'critical' : 'warning') &&
      incident.openedAt === inOrder.map(({ startedAt }) => startedAt).sort()[0] &&
      newest.length === incident.findings.length &&
      newest.every((finding) => incident.findings.includes(finding))
    );
  });

  fc.assert(property, { numRuns: 1_000 });
});

it('applyFinding() changes nothing by what it was told already', () => {
  const property = fc.property(told, ({ shuffled, inOrder }) => {
    const before = applyAll(shuffled);
    const after = applyAll([...shuffled, ...inOrder]);

    return before?.version === after?.version && essence(before) === essence(after);
  });

  fc.assert(property, { numRuns: 500 });
});

import { createHash } from 'node:crypto';
import { EXAMPLE_ACCOUNT, EXAMPLE_INVENTORY } from '#cli/preview/example-stages.ts';
import {
  type Finding,
  findingIdentity,
  type JudgedKind,
  type Scope,
  type Severity,
} from '#shared/domain/detection/finding.ts';
import type { Measures, Occurrence } from '#shared/domain/detection/occurrence.ts';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import type { StageId } from '#shared/domain/inventory/stage.ts';

/** At which point of its life a finding is stated; times in epoch milliseconds. */
export type Phase = {
  readonly status: 'open' | 'cleared';
  readonly severity: Severity;
  readonly startedAtMs: number;
  readonly observedAtMs: number;
  readonly lastBadAtMs: number;
};

/** States an example finding at some point of its life. */
export type StateFinding = (phase: Phase) => Finding;

const EVALUATOR = 'example';

/** What a detector would have measured. */
export type ExampleOccurrence = {
  readonly kind: JudgedKind;
  readonly stage?: StageId;
  readonly scope?: Partial<Scope>;
  readonly latest?: Measures;
  readonly sums?: Measures;
  readonly peaks?: Measures;
  readonly cause?: Occurrence['cause'];
  /** Where it is not as bad as its example is. */
  readonly severity?: Severity;
};

/** Gives a finding the id that it would have. */
export function withId(finding: Omit<Finding, 'id'>): Finding {
  const id = createHash('sha256').update(findingIdentity(finding.kind, finding.scope)).digest('hex');
  return { ...finding, id };
}

/** What all findings of a phase have in common. */
export function stated({ status, severity, startedAtMs, observedAtMs, lastBadAtMs }: Phase) {
  return {
    schemaVersion: 1,
    evaluator: EVALUATOR,
    status,
    severity,
    startedAt: new Date(startedAtMs).toISOString(),
    observedAt: new Date(observedAtMs).toISOString(),
    lastBadAt: new Date(lastBadAtMs).toISOString(),
    dataDelaySeconds: 95,
    cause: null,
  } as const;
}

/** Puts an occurrence into words, as the evaluators do. */
export function judged(example: ExampleOccurrence): StateFinding {
  const { kind, stage, latest = {}, sums = {}, peaks = latest, cause = null } = example;
  const scope = { ...EXAMPLE_ACCOUNT, ...stage, ...example.scope };
  return (phase) => {
    const own = { ...phase, severity: example.severity ?? phase.severity };
    const occurrence = { ...own, kind, scope, cleanMinutes: 0, latest, sums, peaks, cause };
    return withId({
      ...stated(own),
      kind,
      scope,
      cause,
      ...describeFinding(occurrence, EXAMPLE_INVENTORY),
    });
  };
}

import type { StateFinding } from '#cli/preview/example-findings.ts';

/** A story to look at: every kind of finding is in one of them. */
export type Example = {
  readonly name: string;
  /** What it shows, for a list. */
  readonly summary: string;
  /** How bad it gets. */
  readonly severity: 'warning' | 'critical';
  /** What is stated first, where the story begins with something smaller. */
  readonly before?: readonly StateFinding[];
  readonly findings: readonly StateFinding[];
  /** True for what has ended when it is told. */
  readonly isOver?: true;
};

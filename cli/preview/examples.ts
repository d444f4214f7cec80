import { ACCOUNT_EXAMPLES } from '#cli/preview/account-examples.ts';
import { ALERTING_EXAMPLES } from '#cli/preview/alerting-examples.ts';
import { BLIND_EXAMPLES } from '#cli/preview/blind-examples.ts';
import type { StateFinding } from '#cli/preview/example-findings.ts';
import { STAGE_EXAMPLES } from '#cli/preview/stage-examples.ts';

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

/** All examples, the account's first. */
export const EXAMPLES: readonly Example[] = [
  ...ACCOUNT_EXAMPLES,
  ...STAGE_EXAMPLES,
  ...BLIND_EXAMPLES,
  ...ALERTING_EXAMPLES,
];

import { ACCOUNT_EXAMPLES } from '#cli/preview/account-examples.ts';
import { ALERTING_EXAMPLES } from '#cli/preview/alerting-examples.ts';
import { BLIND_EXAMPLES } from '#cli/preview/blind-examples.ts';
import type { Example } from '#cli/preview/example.ts';
import { STAGE_EXAMPLES } from '#cli/preview/stage-examples.ts';

/** All examples, the account's first. */
export const EXAMPLES: readonly Example[] = [
  ...ACCOUNT_EXAMPLES,
  ...STAGE_EXAMPLES,
  ...BLIND_EXAMPLES,
  ...ALERTING_EXAMPLES,
];

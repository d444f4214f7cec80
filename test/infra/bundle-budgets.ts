/**
 * The most bytes that each function's bundle may have, minified and not yet zipped. Every byte is read and compiled on
 * a cold start, and a library that comes in unnoticed costs more than any code here. About 12 % above what the bundle
 * had when its budget was set; who raises one says why in the commit.
 */
export const BUNDLE_BUDGETS: Readonly<Record<string, number>> = {
  'check-headroom': 800_000,
  'detect-anomalies': 595_000,
  'dispatch-alerts': 910_000,
  'ingest-access-logs': 615_000,
  'ingest-execution-logs': 565_000,
  'send-parked-metrics': 540_000,
  'subscribe-log-groups': 725_000,
  'unsubscribe-log-groups': 470_000,
};

/**
 * Holds the bundles' sizes against their budgets, both in bytes by function.
 *
 * @returns What is wrong, a sentence each; empty if nothing is
 */
export function findBudgetProblems(
  sizes: Readonly<Record<string, number>>,
  budgets: Readonly<Record<string, number>>,
): string[] {
  const problems = Object.keys(budgets)
    .filter((name) => !Object.hasOwn(sizes, name))
    .map((name) => `A budget names ${name}, which is no function`);
  for (const [name, bytes] of Object.entries(sizes)) {
    const budget = Object.hasOwn(budgets, name) ? budgets[name] : undefined;
    if (budget === undefined) problems.push(`${name} has no budget; its bundle has ${bytes} bytes`);
    else if (bytes > budget) problems.push(`${name} has ${bytes} bytes, ${bytes - budget} over its budget`);
  }
  return problems;
}

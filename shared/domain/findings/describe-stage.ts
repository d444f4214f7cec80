import { CAUSES } from '#shared/domain/causes/causes.ts';
import { type Describe, measure, scopeName, whenLabel } from '#shared/domain/findings/description.ts';
import { formatCount, formatMs, formatRatio } from '#shared/domain/findings/format.ts';

/** Describes `error-budget`: how much fails, and why. */
export const describeErrorBudget: Describe = (occurrence, inventory) => {
  const { scope, latest, sums, peaks, cause, status } = occurrence;
  const failed = measure(sums, 'bad');
  const known = CAUSES[cause ?? 'unknown'];
  const worst = formatRatio(measure(peaks, 'recentRatio'));
  const now =
    status === 'open' ? `${formatRatio(measure(latest, 'recentRatio'))} of requests fail, at worst ` : '';
  return {
    title: `${scopeName(scope, inventory)}: ${known.label}`,
    value: measure(latest, 'recentRatio') * 100,
    expected: measure(latest, 'budgetRatio') * 100,
    unit: '%',
    evidence: [
      { label: whenLabel(occurrence), value: `${now}${worst} in 5 minutes` },
      { label: 'Cause', value: `${cause ?? 'unknown'}: ${known.meaning}` },
      {
        label: 'Cost so far',
        value: `${formatCount(failed)} requests failed with 5xx, ${formatRatio(failed / Math.max(1, measure(sums, 'requests')))} of the stage’s`,
      },
    ],
    links: [],
    nextStep: known.nextStep,
  };
};

/** Describes `latency`: how slow, and how slow usually. */
export const describeLatency: Describe = ({ scope, latest, peaks }, inventory) => ({
  title: `${scopeName(scope, inventory)} is slow`,
  value: measure(latest, 'p99Ms'),
  expected: measure(latest, 'usualMs'),
  unit: 'ms',
  evidence: [
    {
      label: 'Latency',
      value: `p99 ${formatMs(measure(peaks, 'p99Ms'))} in the worst minute, usually ${formatMs(measure(latest, 'usualMs'))}`,
    },
  ],
  links: [],
  nextStep:
    'Compare IntegrationLatency with Latency: if both rose, the backend is slow; if not, authorizer or mapping.',
});

/** Describes `timeout-budget`: how close to the integration timeout. */
export const describeTimeoutBudget: Describe = ({ scope, latest, peaks }, inventory) => ({
  title: `${scopeName(scope, inventory)} runs into its integration timeout`,
  value: measure(latest, 'p99Ms'),
  expected: measure(latest, 'timeoutMs'),
  unit: 'ms',
  evidence: [
    {
      label: 'Timeout',
      value: `integration p99 ${formatMs(measure(peaks, 'p99Ms'))} of ${formatMs(measure(latest, 'timeoutMs'))}`,
    },
  ],
  links: [],
  nextStep: CAUSES['integration.timeout'].nextStep,
});

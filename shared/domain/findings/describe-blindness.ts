import type { Evidence } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import { type Describe, measure, scopeName } from '#shared/domain/findings/description.ts';
import {
  formatAmount,
  formatClock,
  formatCount,
  formatDuration,
  formatRatio,
} from '#shared/domain/findings/format.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** Stages of one incident are listed under these labels; what is over is told apart from what is not. */
export const SILENT_LABEL = 'Silent';
export const WAS_SILENT_LABEL = 'Was silent';
/** How many there were, of which an incident keeps some only. */
export const ALL_SILENT_LABEL = 'All silent';

function logGroupOf({ scope }: Occurrence, inventory: readonly InventoryItem[]): string {
  const item = inventory.find(({ apiId, stage }) => apiId === scope.apiId && stage === scope.stage);
  return item?.logGroup ?? 'its log group';
}

/** What only the other source tells, with the name of the stage: in an incident of several, one of them is told. */
function countEvidence({ scope, latest }: Occurrence, inventory: readonly InventoryItem[]): Evidence {
  const counted = formatAmount(measure(latest, 'counted'), 'request');
  const sharedBy = measure(latest, 'sharedBy');
  const apis = sharedBy > 1 ? ` · ${formatCount(sharedBy)} APIs have this name` : '';
  const share = `${formatRatio(measure(latest, 'share'))} of the account’s`;
  return {
    label: 'Counted',
    value: `${scopeName(scope, inventory)}: ${counted} in 10 minutes by CloudWatch (${share}), ${formatCount(measure(latest, 'logged'))} in the log${apis}`,
  };
}

const describeUnlogged: Describe = (occurrence, inventory) => {
  const name = scopeName(occurrence.scope, inventory);
  return {
    title: `${name} has no access log`,
    value: measure(occurrence.latest, 'counted'),
    expected: 0,
    unit: 'requests',
    evidence: [countEvidence(occurrence, inventory)],
    links: [],
    nextStep: `Give ${name} an access log in CloudWatch Logs: \`gatewatch setup\` prints the change and what it costs.`,
  };
};

const describeSilent: Describe = (occurrence, inventory) => {
  const { scope, latest, status } = occurrence;
  const name = scopeName(scope, inventory);
  const silentStages = measure(latest, 'silentStages');
  const isOpen = status === 'open';
  const evidence = [
    { label: isOpen ? SILENT_LABEL : WAS_SILENT_LABEL, value: name },
    countEvidence(occurrence, inventory),
    { label: 'Log group', value: `${name}: ${logGroupOf(occurrence, inventory)}` },
  ];
  if (silentStages > 1) {
    evidence.push({ label: ALL_SILENT_LABEL, value: formatAmount(silentStages, 'stage') });
  }
  return {
    title: `${name} sends no log events`,
    value: measure(latest, 'counted') - measure(latest, 'logged'),
    expected: 0,
    unit: 'requests',
    evidence,
    links: [],
    nextStep:
      'Run `gatewatch setup`: it shows for each stage whether it still writes to its log group, in a format that can be read, and whether the group has the subscription filter (docs/runbook.md#silent-stages).',
  };
};

const describeLag: Describe = ({ latest, peaks }) => ({
  title: 'Access logs arrive late',
  value: measure(latest, 'lagMs') / 1_000,
  expected: 300,
  unit: 'seconds',
  evidence: [
    {
      label: 'Lag',
      value: `one batch in ten is ${formatDuration(measure(peaks, 'lagMs') / 1_000)} late at worst; findings come that much later`,
    },
  ],
  links: [],
  nextStep:
    'See whether ingest-access-logs is throttled or has events waiting, else whether CloudWatch Logs is late (docs/runbook.md#ingest-lag).',
});

/** Describes `blind.logs`: a silent stage, one without an access log, or logs that arrive late. */
export const describeBlindLogs: Describe = (occurrence, inventory) => {
  if (occurrence.scope.function !== undefined) return describeLag(occurrence, inventory);
  const describe = occurrence.latest['hasAccessLog'] === 0 ? describeUnlogged : describeSilent;
  return describe(occurrence, inventory);
};

function listed({ latest, observedAtMs }: Occurrence, mark: string): { name: string; since: string }[] {
  return Object.keys(latest)
    .filter((key) => key.startsWith(mark))
    .map((key) => ({
      name: key.slice(mark.length),
      since: formatClock(measure(latest, key), observedAtMs),
    }));
}

const describeEvaluation: Describe = (occurrence) => {
  const own = occurrence.scope.function ?? 'an evaluator';
  const standing = listed(occurrence, 'stands:');
  const running = listed(occurrence, 'runs:').map(({ name }) => name);
  const [first = { name: own, since: 'an unknown time' }] = standing;
  const rest = standing.length > 1 ? ` and ${formatAmount(standing.length - 1, 'other evaluator')}` : '';
  const evidence = [
    {
      label: occurrence.status === 'open' ? 'Stands still' : 'Stood still',
      value: standing.map(({ name, since }) => `${name} since ${since}`).join(' · ') || own,
    },
  ];
  if (running.length > 0) evidence.push({ label: 'Still runs', value: running.join(' · ') });
  return {
    title:
      standing.length > 1
        ? `${first.name}${rest} stand still since ${first.since}`
        : `${first.name} stands still since ${first.since}`,
    value: standing.length,
    expected: 0,
    unit: 'evaluators',
    evidence,
    links: [],
    nextStep:
      running.length > 0
        ? `${own} runs, but cannot read or write what it needs, such as metrics: its log says why (docs/runbook.md#standing-evaluation).`
        : `${own} does not run to its end: look at its schedule, its concurrency and its log (docs/runbook.md#standing-evaluation).`,
  };
};

const describeServiceSilence: Describe = ({ latest }) => ({
  title: 'CloudWatch has no new metrics of API Gateway',
  value: measure(latest, 'logged'),
  expected: 0,
  unit: 'requests',
  evidence: [
    {
      label: 'Counted',
      value: `nothing in 10 minutes by AWS/ApiGateway, ${formatAmount(measure(latest, 'logged'), 'request')} by access logs`,
    },
  ],
  links: [],
  nextStep:
    'Look at the AWS Health Dashboard for CloudWatch; counts of logs go on, and nothing checks them meanwhile (docs/runbook.md#silent-metrics).',
});

/** Describes `blind.metrics`: CloudWatch without news of API Gateway, or an evaluation that stands still. */
export const describeBlindMetrics: Describe = (occurrence, inventory) =>
  (occurrence.scope.function === undefined ? describeServiceSilence : describeEvaluation)(
    occurrence,
    inventory,
  );

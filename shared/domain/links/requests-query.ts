import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { insightsPage } from '#shared/domain/links/insights-query.ts';
import { type LogFact, type LogFields, logFieldsOf } from '#shared/domain/links/log-fields.ts';

/** The first requests of a story began before its first bad minute was told. */
const LEAD_MS = 5 * 60_000;
const MAX_LOG_GROUPS = 5;
/** The share of the timeout that `timeout-budget` judges by. */
const TIMEOUT_RATIO = 0.8;

/** What is shown of each request, as far as the log has it. */
const SHOWN: readonly LogFact[] = [
  'method',
  'route',
  'status',
  'errorType',
  'integrationStatus',
  'integrationError',
  'latency',
  'integrationLatency',
  'requestId',
];

/** Which requests a finding is about: a fact, what it is compared with, and which come first. */
type Wanted = {
  readonly fact: LogFact;
  readonly condition: string;
  readonly order: 'newest' | 'largest';
};

const REFUSED: Wanted = { fact: 'status', condition: '= 429', order: 'newest' };

function wantedBy({ kind, latest }: Occurrence): Wanted | null {
  const { usualMs = 0, timeoutMs = 0 } = latest;
  switch (kind) {
    case 'error-budget':
      return { fact: 'status', condition: '>= 500', order: 'newest' };
    case 'throttling.account':
    case 'throttling.stage':
    case 'throttling.client':
      return REFUSED;
    case 'latency':
      return { fact: 'latency', condition: `> ${Math.round(usualMs)}`, order: 'largest' };
    case 'timeout-budget': {
      const fromMs = Math.round(timeoutMs * TIMEOUT_RATIO);
      return { fact: 'integrationLatency', condition: `>= ${fromMs}`, order: 'largest' };
    }
    default:
      return null;
  }
}

/** Text in quotes; a name that would end them is not asked for. */
function quoted(text: string): string | null {
  return /^[^"\\\p{C}]+$/u.test(text) ? `"${text}"` : null;
}

/** Several stages may write to one log group. */
function ofStage({ apiId, stage }: InventoryItem, fields: LogFields): string[] {
  const parts = [
    [fields.apiId, quoted(apiId)],
    [fields.stage, quoted(stage)],
  ];
  return parts.flatMap(([name, value]) => (name && value ? [`${name} = ${value}`] : []));
}

function commandsFor(fields: LogFields, wanted: Wanted | null, stage: InventoryItem | null): string[] {
  const shown = SHOWN.flatMap((fact) => fields[fact] ?? []);
  const own = wanted === null ? undefined : fields[wanted.fact];
  const filters = [
    ...(stage === null ? [] : ofStage(stage, fields)),
    ...(wanted === null || own === undefined ? [] : [`${own} ${wanted.condition}`]),
  ];
  const order = wanted?.order === 'largest' && own !== undefined ? own : '@timestamp';
  return [
    `fields ${['@timestamp', ...shown].join(', ')}`,
    ...(filters.length === 0 ? [] : [`filter ${filters.join(' and ')}`]),
    `sort ${order} desc`,
    'limit 200',
  ];
}

/** The stages whose requests the account throttle refused, those with the most first. */
function refusedStages({ sums }: Occurrence, inventory: readonly InventoryItem[]): InventoryItem[] {
  return inventory
    .map((item) => ({ item, refused: sums[`refused:${item.apiId}/${item.stage}`] ?? 0 }))
    .filter(({ refused }) => refused > 0)
    .sort((a, b) => b.refused - a.refused)
    .map(({ item }) => item);
}

type Source = {
  readonly logGroups: readonly string[];
  readonly fields: LogFields;
  readonly stage: InventoryItem | null;
};

/** One query has one set of names: of several stages, those that call things as the first one does. */
function sourceOf(stages: readonly InventoryItem[]): Source | null {
  const logged = stages.flatMap((item) => {
    const fields = item.logGroup === null ? null : logFieldsOf(item);
    return fields === null || item.logGroup === null ? [] : [{ item, fields, logGroup: item.logGroup }];
  });
  const [first] = logged;
  if (first === undefined) return null;
  const alike = logged.filter(({ fields }) => fields.status === first.fields.status);
  return {
    logGroups: [...new Set(alike.map(({ logGroup }) => logGroup))].slice(0, MAX_LOG_GROUPS),
    fields: first.fields,
    stage: stages.length === 1 ? first.item : null,
  };
}

/**
 * The query for exactly the requests of a finding, with the names of the stage's own log.
 *
 * @returns `null` if they are in no log that can be asked
 */
export function requestsPage(occurrence: Occurrence, inventory: readonly InventoryItem[]): string | null {
  const { kind, scope, startedAtMs, observedAtMs } = occurrence;
  const wanted = wantedBy(occurrence);
  // Of who takes too much, all requests are meant.
  if (wanted === null && kind !== 'noisy-neighbour') return null;
  const stages =
    kind === 'throttling.account'
      ? refusedStages(occurrence, inventory)
      : inventory.filter(({ apiId, stage }) => apiId === scope.apiId && stage === scope.stage);
  const source = sourceOf(stages);
  if (source === null || (wanted !== null && source.fields[wanted.fact] === undefined)) return null;
  return insightsPage(scope.region, {
    logGroups: source.logGroups,
    commands: commandsFor(source.fields, wanted, source.stage),
    fromMs: startedAtMs - LEAD_MS,
    toMs: observedAtMs,
  });
}

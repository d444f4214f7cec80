import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import type { Occurrence } from '#shared/domain/detection/occurrence.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { type GraphLine, metricsGraphPage } from '#shared/domain/links/metrics-graph.ts';
import { requestMetrics } from '#shared/domain/logging/request-metrics.ts';
import { type MetricName, NAMESPACE } from '#shared/domain/metrics/metric-datum.ts';

/** What was usual is part of the picture. */
const LEAD_MS = 60 * 60_000;
const TRAIL_MS = 5 * 60_000;
const SERVICE_NAMESPACE = 'AWS/ApiGateway';

type LinesOf = (occurrence: Occurrence, item: InventoryItem | undefined) => GraphLine[];

function own(
  name: MetricName | 'CompletedEvaluations',
  statistic: GraphLine['statistic'],
  dimensions: GraphLine['dimensions'] = {},
): GraphLine {
  return { namespace: NAMESPACE, name, dimensions, statistic };
}

const QUOTA = own('AccountQuotaRps', 'Maximum');
const DEMAND = own('AccountDemandRps', 'Maximum');
const PEAK = own('AccountRpsPeak', 'Maximum');

/** The dimensions of a stage's series; none for the account, whose series have none. */
function stageOf({ scope: { apiId, stage } }: Occurrence): GraphLine['dimensions'] {
  return apiId === undefined || stage === undefined ? {} : { ApiId: apiId, Stage: stage };
}

const refusals: LinesOf = (occurrence) => [
  own('ThrottledCount', 'Sum', stageOf(occurrence)),
  own('RequestCount', 'Sum', stageOf(occurrence)),
];

const silence: LinesOf = (occurrence, item) => {
  if (occurrence.scope.function !== undefined) {
    return [own('IngestLag', 'p90', { Function: occurrence.scope.function })];
  }
  const counted = item === undefined ? [] : requestMetrics(item);
  return [
    own('RequestCount', 'Sum', stageOf(occurrence)),
    ...counted.map(
      ({ name, dimensions }): GraphLine => ({
        namespace: SERVICE_NAMESPACE,
        name,
        dimensions,
        statistic: 'Sum',
      }),
    ),
  ];
};

const standstill: LinesOf = ({ scope }) =>
  scope.function === undefined
    ? [
        own('RequestCount', 'Sum'),
        { namespace: SERVICE_NAMESPACE, name: 'Count', dimensions: {}, statistic: 'Sum' },
      ]
    : [own('CompletedEvaluations', 'Sum', { Function: scope.function })];

/** The metrics that each kind is judged by. */
const LINES: Readonly<Record<JudgedKind, LinesOf>> = {
  'headroom.low': () => [DEMAND, PEAK, QUOTA],
  'headroom.exhausted': () => [DEMAND, PEAK, QUOTA],
  'headroom.forecast': () => [DEMAND, QUOTA],
  'burst.exhausted': () => [PEAK, QUOTA, { ...own('BurstTokensLeft', 'Minimum'), isOnTheRight: true }],
  'quota.changed': () => [QUOTA, DEMAND],
  'throttling.account': () => [own('ThrottledCount', 'Sum'), { ...DEMAND, isOnTheRight: true }],
  'throttling.stage': refusals,
  'throttling.client': refusals,
  'noisy-neighbour': (occurrence) => [
    own('RequestCount', 'Sum', stageOf(occurrence)),
    own('RequestCount', 'Sum'),
  ],
  'error-budget': (occurrence) => [
    own('ServerErrorCount', 'Sum', stageOf(occurrence)),
    ...(occurrence.cause === null
      ? []
      : [own('ErrorCount', 'Sum', { ...stageOf(occurrence), Cause: occurrence.cause })]),
    own('RequestCount', 'Sum', stageOf(occurrence)),
  ],
  latency: (occurrence) => [
    own('Latency', 'p99', stageOf(occurrence)),
    own('IntegrationLatency', 'p99', stageOf(occurrence)),
  ],
  'timeout-budget': (occurrence) => [own('IntegrationLatency', 'p99', stageOf(occurrence))],
  // A setting has no metric.
  'logging.bodies': () => [],
  'blind.logs': silence,
  'blind.metrics': standstill,
};

/**
 * The page that draws the metrics by which a finding was judged, from an hour before it began.
 *
 * @returns `null` for a kind without metrics
 */
export function findingGraphPage(
  occurrence: Occurrence,
  item: InventoryItem | undefined,
  title: string,
): string | null {
  const { kind, scope, startedAtMs, observedAtMs } = occurrence;
  return metricsGraphPage(scope.region, {
    title,
    lines: LINES[kind](occurrence, item),
    fromMs: startedAtMs - LEAD_MS,
    toMs: observedAtMs + TRAIL_MS,
  });
}

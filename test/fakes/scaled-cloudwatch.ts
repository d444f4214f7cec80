import { createAnsweredCloudWatch } from '#test/fakes/answered-client.ts';
import { createCloudWatchAnswer, GOOD_MANNERS } from '#test/fakes/cloudwatch-server.ts';
import type { CloudWatchStore, Point, Query } from '#test/fakes/cloudwatch-store.ts';

/** Of all stages together, in a quiet second. */
const ACCOUNT_RPS = 4_800;
/** What the first stage asks for besides while there is trouble. */
const SURGE_RPS = 8_000;
/** 429s of all stages together, in a second with trouble. */
const THROTTLED_RPS = 1_200;
/** 5xx of all stages together, in a second with trouble: a quarter of what is usual, of each stage. */
const FAILED_RPS = 1_200;

/** An account of any size, in which all stages together ask for the same. */
export type ScaledTraffic = {
  readonly stages: number;
  /** True while all stages are refused requests, fail and are slow, and one of them surges. */
  readonly isTroubled: (epochSeconds: number) => boolean;
};

/** What CloudWatch was asked. A further page of an answer is a call more, in which all its metrics are read again. */
export type CloudWatchUse = { getCalls: number; metricsRead: number; putCalls: number; dataPut: number };

/** The name, and the id, of the API with the only stage of that number. */
export function scaledApi(index: number): string {
  return `api${index}`;
}

/** The causes that logs tell of 429s: half of them without a level, so that there is reason to read all there is. */
const TOLD_CAUSES: readonly string[] = ['throttle.unknown-level', 'throttle.account', 'integration.timeout'];

/** Events in a second of one stage, or of all; `null` where there is no such series, or nothing in it. */
function eventsPerSecond(
  { Metric: { MetricName, Dimensions } }: Query,
  { stages }: ScaledTraffic,
): { readonly quiet: number; readonly troubled: number } | null {
  const dimension = (...names: string[]) => Dimensions.find(({ Name }) => names.includes(Name))?.Value;
  const api = dimension('ApiId', 'ApiName');
  if (api === 'unknown') return null;
  const share = api === undefined ? 1 : 1 / stages;
  const surge = api === undefined || api === scaledApi(0) ? SURGE_RPS : 0;
  switch (MetricName) {
    case 'RequestCount':
    case 'Count':
      return { quiet: ACCOUNT_RPS * share, troubled: ACCOUNT_RPS * share + surge };
    case 'ThrottledCount':
      return { quiet: 0, troubled: THROTTLED_RPS * share };
    case 'ServerErrorCount':
      return { quiet: 0, troubled: FAILED_RPS * share };
    case 'ErrorCount':
      return TOLD_CAUSES.includes(dimension('Cause') ?? '')
        ? { quiet: 0, troubled: (THROTTLED_RPS * share) / 2 }
        : null;
    default:
      return null;
  }
}

/** Values that are no counts: the same in each period. */
const LEVELS: Readonly<Record<string, { readonly quiet: number; readonly troubled: number }>> = {
  Latency: { quiet: 120, troubled: 24_000 },
  IntegrationLatency: { quiet: 100, troubled: 23_900 },
  IngestLag: { quiet: 60_000, troubled: 60_000 },
  AccountDemandRps: { quiet: ACCOUNT_RPS, troubled: ACCOUNT_RPS + SURGE_RPS },
};

function createScaledStore(traffic: ScaledTraffic): CloudWatchStore {
  return {
    put: () => {},
    get: (query, { startSeconds, endSeconds, arrivedUntilSeconds }) => {
      const { Period } = query;
      const events = eventsPerSecond(query, traffic);
      const level = LEVELS[query.Metric.MetricName];
      const points: Point[] = [];
      const untilSeconds = Math.min(endSeconds, arrivedUntilSeconds);
      for (let at = Math.ceil(startSeconds / Period) * Period; at < untilSeconds; at += Period) {
        const key = traffic.isTroubled(at) ? 'troubled' : 'quiet';
        const value = level === undefined ? (events?.[key] ?? 0) * Period : level[key];
        // Nobody writes zeros: there is a value only where something was counted.
        if (value > 0) points.push([at, value]);
      }
      return points;
    },
  };
}

/**
 * A CloudWatch that holds nothing: each value is worked out when it is asked for. It is behind the SDK's client, so
 * that what is measured of those who read includes calls and pages, and what it takes to write and to read them.
 */
export function createScaledCloudWatch(traffic: ScaledTraffic, now: () => Date) {
  const use: CloudWatchUse = { getCalls: 0, metricsRead: 0, putCalls: 0, dataPut: 0 };
  const store = createScaledStore(traffic);
  const answer = createCloudWatchAnswer(now, GOOD_MANNERS, {
    put: () => {
      use.dataPut += 1;
    },
    get: (query, window) => {
      use.metricsRead += 1;
      return store.get(query, window);
    },
  });
  const client = createAnsweredCloudWatch((request) => {
    const isPut = String(request.headers['x-amz-target']).endsWith('PutMetricData');
    use[isPut ? 'putCalls' : 'getCalls'] += 1;
    return answer(request);
  });
  return { client, use };
}

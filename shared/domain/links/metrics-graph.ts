import { consolePage } from '#shared/domain/links/console-page.ts';
import { encodeJsurl, type JsurlValue } from '#shared/domain/links/jsurl.ts';

/** One line of a graph. */
export type GraphLine = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Sum' | 'Maximum' | 'Minimum' | 'p90' | 'p99';
  /** Its numbers are of another size than those of the other lines. */
  readonly isOnTheRight?: true;
};

/** What a graph shows; times in epoch milliseconds. */
export type Graph = {
  readonly title: string;
  readonly lines: readonly GraphLine[];
  readonly fromMs: number;
  readonly toMs: number;
};

const MAX_TITLE = 80;

function lineOf({ namespace, name, dimensions, statistic, isOnTheRight }: GraphLine): JsurlValue {
  const axis = isOnTheRight === true ? { yAxis: 'right' } : {};
  return [namespace, name, ...Object.entries(dimensions).flat(), { stat: statistic, ...axis }];
}

/** The page of the CloudWatch console that draws metrics by the minute; `null` if there is nothing to draw. */
export function metricsGraphPage(region: string, { title, lines, fromMs, toMs }: Graph): string | null {
  if (lines.length === 0) return null;
  const graph = encodeJsurl({
    metrics: lines.map(lineOf),
    view: 'timeSeries',
    stacked: false,
    region,
    period: 60,
    title: title.replace(/\p{Surrogate}/gu, '').slice(0, MAX_TITLE),
    start: new Date(fromMs).toISOString(),
    end: new Date(toMs).toISOString(),
  });
  return consolePage(region, { path: 'cloudwatch/home', fragment: `#metricsV2?graph=${graph}` });
}

import { consolePage } from '#shared/domain/links/console-page.ts';
import { encodeJsurl } from '#shared/domain/links/jsurl.ts';

/** A query over log groups of one Region; times in epoch milliseconds. */
export type InsightsQuery = {
  readonly logGroups: readonly string[];
  /** In the language of Logs Insights, a command a line. */
  readonly commands: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
};

/**
 * The page of CloudWatch Logs Insights with a query that has only to be run.
 *
 * @see {@link https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html}
 */
export function insightsPage(
  region: string,
  { logGroups, commands, fromMs, toMs }: InsightsQuery,
): string | null {
  if (logGroups.length === 0) return null;
  const query = encodeJsurl({
    end: new Date(toMs).toISOString(),
    start: new Date(fromMs).toISOString(),
    timeType: 'ABSOLUTE',
    tz: 'UTC',
    editorString: commands.join('\n| '),
    source: logGroups,
    lang: 'CWLI',
  });
  return consolePage(region, {
    path: 'cloudwatch/home',
    fragment: `#logsV2:logs-insights$3FqueryDetail$3D${query}`,
  });
}

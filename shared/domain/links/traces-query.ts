import type { Scope } from '#shared/domain/detection/finding.ts';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { consolePage } from '#shared/domain/links/console-page.ts';
import { encodeJsurl } from '#shared/domain/links/jsurl.ts';

/** So far back traces are looked for, in milliseconds: addresses with two times are not known to work. */
const RANGE_MS = 3 * 60 * 60_000;

/**
 * The traces of a stage, which X-Ray calls `{apiName}/{stage}`; `null` where it is not traced.
 *
 * @param range - A narrower condition in X-Ray's language, such as `fault`
 * @see {@link https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html}
 */
export function tracesPage(
  { region }: Scope,
  item: InventoryItem | undefined,
  condition: string | null,
): string | null {
  if (item?.tracing !== true || /["\\\p{C}]/u.test(item.apiName)) return null;
  const service = `service("${item.apiName}/${item.stage}")`;
  const expression = condition === null ? service : `${service} { ${condition} }`;
  const query = encodeJsurl({ query: { expression }, context: { timeRange: { delta: RANGE_MS } } });
  return consolePage(region, { path: 'cloudwatch/home', fragment: `#xray:traces/query?${query}` });
}

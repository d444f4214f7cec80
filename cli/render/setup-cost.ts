import { stageTable } from '#cli/render/setup-stages.ts';
import type { TextStyle } from '#cli/render/text-style.ts';
import { hang } from '#cli/render/wrap.ts';
import { type StageLogging, SURVEY_DAYS } from '#shared/application/survey-logging.ts';
import { INGESTION_PRICE, type LogCost } from '#shared/domain/logging/estimate-log-cost.ts';
import { SUGGESTED_RETENTION_DAYS } from '#shared/domain/logging/logging-change.ts';
import { totalUsdPerMonth } from '#shared/domain/logging/total-log-cost.ts';

const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
const LARGE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const SMALL = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const CHANGE_WORDS = {
  start: 'new log',
  move: 'new group',
  restore: 'make group',
  reformat: 'new format',
} as const;

const HEADER = ['change', 'requests', 'bytes', 'GB', 'now $', 'then $'];

/** `0`, `< 0.01`, `3.80`, `9,400`. */
function formatSmall(value: number): string {
  if (value === 0) return '0';
  if (value < 0.01) return '< 0.01';
  return (value < 100 ? SMALL : LARGE).format(value);
}

function formatUsd(cost: LogCost | null): string {
  return formatSmall(cost?.usdPerMonth ?? 0);
}

function cellsOf({ change, costNow, costAfter, sharesCount }: StageLogging): string[] {
  const cost = costAfter ?? costNow;
  return [
    change === null ? '-' : CHANGE_WORDS[change.kind],
    `${COMPACT.format(cost?.requestsPerMonth ?? 0)}${sharesCount ? '*' : ''}`,
    COMPACT.format(cost?.bytesPerRequest ?? 0),
    formatSmall(cost?.gbPerMonth ?? 0),
    formatUsd(costNow),
    formatUsd(cost),
  ];
}

/** What the access logs cost a month, as they are and after the changes. */
export function costLines(stages: readonly StageLogging[], { colors, columns }: TextStyle): string[] {
  const logged = stages.filter(({ costNow, costAfter }) => costNow !== null || costAfter !== null);
  if (logged.length === 0) return [];
  const now = logged.map(({ stage, costNow }) => ({ stage, cost: costNow }));
  const then = logged.map(({ stage, costNow, costAfter }) => ({ stage, cost: costAfter ?? costNow }));
  const totals = [now, then].map((costs) => formatSmall(totalUsdPerMonth(costs)));
  const { standardUsdPerGb, region, asOf } = INGESTION_PRICE;
  const basis = `Estimated for a month like the last ${SURVEY_DAYS} days: requests as AWS/ApiGateway counted them, bytes of a typical line, about ${standardUsdPerGb.toFixed(2)} $ for each GB taken in (${region}, ${asOf}). New logs are kept for ${SUGGESTED_RETENTION_DAYS} days.`;
  const shared = logged.some(({ sharesCount }) => sharesCount)
    ? hang('', '* with the other REST APIs of that name; counted once in the total', columns)
    : [];
  return [
    `\n${colors.bold('Cost of the access logs a month')}`,
    ...stageTable(
      logged,
      stages,
      { header: HEADER, rows: logged.map(cellsOf) },
      { total: ['all', '', '', '', '', ...totals], right: [2, 3, 4, 5, 6], columns },
    ),
    ...hang('', basis, columns).map((text) => colors.dim(text)),
    ...shared,
  ];
}

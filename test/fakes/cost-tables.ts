import type { EvaluationUse } from '#test/fakes/measured-use.ts';
import { envelopesUsd, type Measured, monthlyBill } from '#test/fakes/monthly-bill.ts';

function number(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** Two digits below a dollar, else whole dollars: the rest is no more certain than that. */
function dollars(value: number): string {
  return value < 10 ? `$${value.toFixed(2)}` : `$${number(value)}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), `|---${'|---:'.repeat(head.length - 1)}|`, ...rows.map(row)].join('\n');
}

const COUNTS: readonly (readonly [string, keyof EvaluationUse])[] = [
  ['metrics read', 'metricsRead'],
  ['calls of GetMetricData', 'getCalls'],
  ['calls of PutMetricData', 'putCalls'],
  ['events on the bus', 'events'],
  ['reads of states', 'stateReads'],
  ['writes of states', 'stateWrites'],
];

function heads(accounts: readonly Measured[], suffixes: readonly string[]): string[] {
  return suffixes.flatMap((suffix) => accounts.map(({ stages }) => `${number(stages)}${suffix}`));
}

/** What the evaluators do in five minutes, for each size of account. */
export function renderCounts(accounts: readonly Measured[]): string {
  return table(
    ['in five minutes, of stages:', ...heads(accounts, ['', ', trouble'])],
    COUNTS.map(([label, name]) => [
      label,
      ...(['quiet', 'trouble'] as const).flatMap((traffic) =>
        accounts.map(({ fiveMinutes }) => number(fiveMinutes[traffic][name])),
      ),
    ]),
  );
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}

/** Dollars a month, for each size of account: quiet, and with an hour of trouble a day. */
export function renderBill(accounts: readonly Measured[]): string {
  const bills = [0, 1].flatMap((hours) => accounts.map((account) => monthlyBill(account, hours)));
  const names = [...(bills[0]?.keys() ?? [])];
  const further = accounts.map((account) => {
    const { put, lambda, ledger, logs } = envelopesUsd(account, 1);
    return dollars(put + lambda + ledger + logs);
  });
  return table(
    ['dollars a month, of stages:', ...heads(accounts, ['', ', trouble'])],
    [
      ...names.map((name) => [name, ...bills.map((bill) => dollars(bill.get(name) ?? 0))]),
      ['**All**', ...bills.map((bill) => `**${dollars(sum(bill.values()))}**`)],
      ['each further batch per stage and minute', ...further, ...further],
    ],
  );
}

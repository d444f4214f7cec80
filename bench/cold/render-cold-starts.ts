import type { ColdStart, Spread } from '#bench/cold/measure-cold-starts.ts';

const COLUMNS = [
  'function',
  'bundle',
  'gzip',
  'loads in',
  'empty handler',
  'ratio (target 1.3)',
  'ratio with logger',
  'peak memory',
  'empty handler',
];

function renderSpread({ median, low, high }: Spread): string {
  return `${median.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`;
}

function renderKb(bytes: number): string {
  return `${Math.round(bytes / 1_000)} kB`;
}

function renderRow(coldStart: ColdStart): string[] {
  return [
    coldStart.name,
    renderKb(coldStart.bytes),
    renderKb(coldStart.gzipBytes),
    `${coldStart.loadMs.toFixed(0)} ms`,
    `${coldStart.emptyLoadMs.toFixed(0)} ms`,
    renderSpread(coldStart.ratio),
    renderSpread(coldStart.ratioWithLogger),
    `${coldStart.peakMib.toFixed(0)} MiB`,
    `${coldStart.emptyPeakMib.toFixed(0)} MiB`,
  ];
}

function renderLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Writes the measurements as a paragraph and a table in Markdown. */
export function renderColdStarts(coldStarts: readonly ColdStart[]): string {
  const rounds = coldStarts[0]?.rounds ?? 0;
  return `Each file is loaded ${rounds} times, in turns, in a fresh process; medians, in brackets the quartiles of the ratios within a round. The empty handler does nothing, but constructs the same AWS clients; "with logger" it constructs the logger too. What Lambda takes before is not in it.

${[renderLine(COLUMNS), renderLine(COLUMNS.map(() => '---')), ...coldStarts.map((coldStart) => renderLine(renderRow(coldStart)))].join('\n')}`;
}

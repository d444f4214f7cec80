import type { DrillStack } from '#cli/drill/drill-stack.ts';
import { isPassed } from '#cli/drill/report.ts';
import { renderTable } from '#cli/render/table.ts';
import { clean } from '#cli/render/terminal.ts';
import type { TextStyle } from '#cli/render/text-style.ts';
import { wrap } from '#cli/render/wrap.ts';
import type { DrillReport } from '#shared/application/run-drill.ts';
import { type Hop, POLL_MS } from '#shared/application/watch-drill.ts';

const HEADER = ['seconds until', 'opened', 'closed'];

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

function nameOf({ hop, receiver }: Hop): string {
  if (hop === 'bus') return 'on the bus';
  return hop === 'incident' ? 'the incident was written' : `${receiver} was told`;
}

/** A hop as it comes: `opened: slack was told after 2.4 s`. */
export function renderHop(hop: Hop): string {
  const step = hop.step === 'opening' ? 'opened' : 'closed';
  return hop.tookMs === null
    ? `${step}: ${hop.problem}`
    : `${step}: ${nameOf(hop)} after ${seconds(hop.tookMs)} s`;
}

function rowsOf(hops: readonly Hop[]): string[][] {
  const names = [...new Set(hops.map(nameOf))];
  return names.map((name) => [
    name,
    ...(['opening', 'closing'] as const).map((step) => {
      const hop = hops.find((one) => one.step === step && nameOf(one) === name);
      if (hop === undefined) return '-';
      return hop.tookMs === null ? 'no' : seconds(hop.tookMs);
    }),
  ]);
}

function notesOf({ notTold, clockAheadMs, drill }: DrillReport): string[] {
  const notes = [
    `By the clock of this machine, from the moment at which the event was put on the bus. It looked every ${seconds(POLL_MS)} s, so a hop may have been so much sooner.`,
  ];
  for (const { name, minSeverity } of notTold)
    notes.push(
      `${name} is told of what is ${minSeverity} only, and so not of this drill: try --severity ${minSeverity}.`,
    );
  if (clockAheadMs !== null) {
    const direction = clockAheadMs > 0 ? 'ahead of' : 'behind';
    notes.push(
      `The clock of this machine is at least ${seconds(Math.abs(clockAheadMs))} s ${direction} that of AWS: set it. Messages show when the drill began as ${new Date(drill.startedAtMs).toISOString()}.`,
    );
  }
  return notes;
}

/** A drill with the hops that it took, for a terminal. */
export function renderDrill({ name, account }: DrillStack, report: DrillReport, style: TextStyle): string {
  const { colors, columns } = style;
  const { drill, hops } = report;
  const result = isPassed(report) ? colors.green('passed') : colors.red('failed');
  const problems = hops.flatMap(({ step, problem }) =>
    problem === null ? [] : [`! ${step === 'opening' ? 'opened' : 'closed'}: ${problem}`],
  );
  const lines = [
    `drill ${drill.id}, ${drill.severity} · stack ${name}, account ${account.accountId}, ${account.region} · ${result}`,
    '',
    ...renderTable(HEADER, rowsOf(hops), { right: [1, 2], columns }),
    '',
    ...problems.map(clean),
    ...(problems.length > 0 ? [''] : []),
    ...notesOf(report).flatMap((text) => wrap(text, columns)),
  ];
  return `${lines.join('\n')}\n`;
}

import { quantile } from '#bench/quantile.ts';

const NUMBER = /\d+(?:\.\d+)?/g;

/**
 * One line for what several runs printed: a number that was not the same in each becomes its median, with the least and
 * the most in brackets. Engines optimise the same code well in one process and badly in the next, which one run hides.
 *
 * @param lines - One of each run, alike but for their numbers
 * @throws {Error} If they differ in more than numbers
 */
export function summarizeRuns(lines: readonly string[]): string {
  const [first = ''] = lines;
  if (lines.some((line) => line.replace(NUMBER, '#') !== first.replace(NUMBER, '#'))) {
    throw new Error(`Runs of one benchmark print different things:\n${lines.join('\n')}`);
  }
  const byRun = lines.map((line) => line.match(NUMBER) ?? []);
  let at = -1;
  return first.replace(NUMBER, (text) => {
    at += 1;
    const values = byRun.map((numbers) => numbers[at] ?? '');
    if (values.every((value) => value === text)) return text;
    const digits = text.split('.')[1]?.length ?? 0;
    const [least, median, most] = [0, 0.5, 0.999].map((share) =>
      quantile(values.map(Number), share).toFixed(digits),
    );
    return `${median} (${least}-${most})`;
  });
}

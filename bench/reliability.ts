import { SPEED } from '#test/fakes/alert-storm.ts';
import { type StormOutcome, weatherStorm } from '#test/fakes/storm-outcome.ts';

const SEEDS = [1, 2, 3, 4, 5];

const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => timeout(ms / SPEED); // of the receivers, which wait five seconds for Slack

const COLUMNS: readonly (keyof StormOutcome)[] = [
  'findings',
  'incidents',
  'requests',
  'kills',
  'tooFast',
  'told',
  'inDeadLetters',
  'lost',
  'unmarkedRepeats',
  'markedRepeats',
];

process.stdout.write(`| receiver | seed | ${COLUMNS.join(' | ')} |\n`);
process.stdout.write(`|---|---|${COLUMNS.map(() => '---').join('|')}|\n`);
for (const kind of ['bot', 'webhook'] as const) {
  for (const seed of SEEDS) {
    const outcome = await weatherStorm(kind, seed);
    const cells = COLUMNS.map((column) => outcome[column]);
    process.stdout.write(`| ${kind} | ${seed} | ${cells.join(' | ')} |\n`);
  }
}

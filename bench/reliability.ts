import { SPEED } from '#test/fakes/alert-storm.ts';
import { type StormOutcome, weatherStorm } from '#test/fakes/storm-outcome.ts';

const SEEDS = [1, 2, 3, 4, 5];
const STORIES = 50;
/** Each of them stated twice only: many messages instead of many edits. */
const MANY_STORIES = 500;

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
async function measure(kind: 'bot' | 'webhook', seed: number, stories: number): Promise<void> {
  const outcome = await weatherStorm(kind, seed, stories);
  const cells = COLUMNS.map((column) => outcome[column]);
  const row = stories === STORIES ? `${seed}` : `${seed}, ${stories} stories`;
  process.stdout.write(`| ${kind} | ${row} | ${cells.join(' | ')} |\n`);
}

for (const kind of ['bot', 'webhook'] as const) {
  for (const seed of SEEDS) await measure(kind, seed, STORIES);
  await measure(kind, 1, MANY_STORIES);
}

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { register } from 'tsx/esm/api';

register();
const { writeResults } = await import('./results.ts');
const { summarizeRuns } = await import('./summarize-runs.ts');

const RUNS = 5;

// Each run in a fresh process, so that none warms up or fills the heap of another.
const folder = new URL('.', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .sort();
if (names.length === 0) throw new Error('No benchmarks found');

function run(name) {
  const args = ['--expose-gc', '--import', 'tsx', new URL(name, folder).pathname];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} failed:\n${stderr}`);
  return stdout.trim();
}

const lines = names.map((name) => {
  const line = summarizeRuns(Array.from({ length: RUNS }, () => run(name)));
  process.stdout.write(`${line}\n`);
  return `- ${line}`;
});
const what = `Each of ${RUNS} processes; medians, in brackets the least and the most.`;
writeResults('npm run bench', 'Work and memory', `${what}\n\n${lines.join('\n')}`);

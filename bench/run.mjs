import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { register } from 'tsx/esm/api';

register();
const { writeResults } = await import('./results.ts');

// Each benchmark in a fresh process, so that none warms up or fills the heap of another.
const folder = new URL('.', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .sort();
if (names.length === 0) throw new Error('No benchmarks found');
const lines = names.map((name) => {
  const args = ['--expose-gc', '--import', 'tsx', new URL(name, folder).pathname];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} failed:\n${stderr}`);
  process.stdout.write(stdout);
  return `- ${stdout.trim()}`;
});
writeResults('npm run bench', 'Work and memory', `Ratios from one run.\n\n${lines.join('\n')}`);

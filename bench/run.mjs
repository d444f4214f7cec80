import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

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
const machine = `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}`;
writeFileSync(
  new URL('RESULTS.md', folder),
  `# Benchmark results\n\nWritten by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}; ${machine}. Ratios from one run.\n\n${lines.join('\n')}\n`,
);

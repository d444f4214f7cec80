// `npm run bench:cold`: how long each function's file takes to load, and writes that to bench/RESULTS.md.
import { register } from 'tsx/esm/api';

register();
const { measureColdStarts } = await import('./measure-cold-starts.ts');
const { renderColdStarts } = await import('./render-cold-starts.ts');
const { writeResults } = await import('../results.ts');

const coldStarts = await measureColdStarts((line) => process.stdout.write(`${line}\n`));
writeResults('npm run bench:cold', 'Cold start', renderColdStarts(coldStarts));

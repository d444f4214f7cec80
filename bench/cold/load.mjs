// Does what Lambda does before a function's first event: loads the file that the argument names, in a fresh process.
import { pathToFileURL } from 'node:url';

const url = pathToFileURL(process.argv[2]).href;
const startMs = performance.now();
await import(url);
const loadMs = performance.now() - startMs;
process.stdout.write(JSON.stringify({ loadMs, peakKib: process.resourceUsage().maxRSS }));

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Frees what nothing holds any more, and gives the size of what is left of the heap, in bytes. */
export function collectGarbage(): number {
  gc();
  return process.memoryUsage().heapUsed;
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What loading a file took, in a process of its own. */
export type Load = { readonly loadMs: number; readonly peakKib: number };

const LOADER = fileURLToPath(new URL('load.mjs', import.meta.url));
const WARM_UP_ROUNDS = 3;

async function load(file: string, env: NodeJS.ProcessEnv): Promise<Load> {
  const { stdout } = await promisify(execFile)(process.execPath, [LOADER, file], { env });
  return JSON.parse(stdout) as Load;
}

/**
 * Loads files in turns, each time in a fresh process: what else the machine does at the time hits all alike. Every
 * other round goes backwards.
 *
 * @param env - All that a process finds in its environment
 * @returns The loads of each file, in the order of the files; those at the same place are of the same round
 */
export async function measureLoads(
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  rounds: number,
): Promise<Load[][]> {
  const loads = files.map((): Load[] => []);
  const places = [...files.keys()];
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (const place of round % 2 === 0 ? places : places.toReversed()) {
      const taken = await load(files[place] ?? '', env);
      if (round >= 0) loads[place]?.push(taken);
    }
  }
  return loads;
}

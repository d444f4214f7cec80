import { quantile } from '#bench/quantile.ts';

/** A piece of work to measure; its result is used, so that it is not optimised away. */
export type Work = () => unknown;

/** Medians of CPU time in milliseconds, and how often each was measured. */
export type Comparison = { readonly floorMs: number; readonly workMs: number; readonly rounds: number };

const WARM_UP_ROUNDS = 20;

async function cpuMs(work: Work): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/**
 * Measures work against a floor in one process, in turns and in changing order, by CPU time: what else the machine
 * does at the time hits both alike.
 */
export async function compare(floor: Work, work: Work, rounds: number): Promise<Comparison> {
  const floors: number[] = [];
  const works: number[] = [];
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    const isFloorFirst = round % 2 === 0;
    const first = await cpuMs(isFloorFirst ? floor : work);
    const second = await cpuMs(isFloorFirst ? work : floor);
    if (round < 0) continue;
    floors.push(isFloorFirst ? first : second);
    works.push(isFloorFirst ? second : first);
  }
  return { floorMs: quantile(floors, 0.5), workMs: quantile(works, 0.5), rounds };
}

import type { ReadMetrics } from '#shared/application/ports.ts';
import { countsPerSecond } from '#shared/application/read-account-seconds.ts';
import { MINUTE_MS, stageDimensions } from '#shared/application/read-stage-metrics.ts';
import type { HeadroomMinute } from '#shared/domain/headroom/judging/headroom-minute.ts';
import { findCulpritOf } from '#shared/domain/headroom/judging/judge-neighbours.ts';
import { stageKey } from '#shared/domain/inventory/stage.ts';

/**
 * Adds the seconds of those who take the quota of the others, by which a limit for them is tried out. Nothing is read where
 * nobody does.
 *
 * @param minutes - In order of time
 */
export async function readCulpritSeconds(
  readMetrics: ReadMetrics,
  minutes: readonly HeadroomMinute[],
): Promise<HeadroomMinute[]> {
  const accused = minutes.map((minute) => {
    const culprit = findCulpritOf(minute);
    const isLogged = minute.stages.some(({ id, isUnlogged }) => id === culprit?.id && !isUnlogged);
    return culprit !== null && isLogged ? culprit.id : null;
  });
  const ids = new Map(accused.flatMap((id) => (id === null ? [] : [[stageKey(id), id]])));
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (ids.size === 0 || first === undefined || last === undefined) return [...minutes];
  const series = await readMetrics(
    [...ids.values()].map((id) => ({
      name: 'RequestCount',
      dimensions: stageDimensions(id),
      statistic: 'Sum',
      periodSeconds: 1,
    })),
    { fromMs: first.account.minuteMs, toMs: last.account.minuteMs + MINUTE_MS },
  );
  const byKey = new Map([...ids.keys()].map((key, index) => [key, series[index]]));
  return minutes.map((minute, index) => {
    const id = accused[index] ?? null;
    if (id === null) return minute;
    const { minuteMs } = minute.account;
    const range = { fromMs: minuteMs, toMs: minuteMs + MINUTE_MS };
    return { ...minute, culpritSeconds: countsPerSecond(byKey.get(stageKey(id)), range) };
  });
}

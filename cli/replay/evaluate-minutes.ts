import type { LogClock } from '#cli/replay/log-clock.ts';
import type { HeadroomReport } from '#shared/application/check-headroom.ts';
import type { BusEvent } from '#shared/application/ports.ts';
import type { Finding } from '#shared/domain/detection/finding.ts';
import type { MinuteHeadroom } from '#shared/domain/headroom/demand/minute-headroom.ts';

const MINUTE_MS = 60_000;

/** Data of one minute is judged this long after the minute's end. */
export const SETTLE_SECONDS = 60;

/**
 * After so long without any request nothing changes any more: the longest look back is six hours, and open
 * incidents wait for evidence.
 */
const QUIET_MINUTES = 7 * 60;

type Dependencies = {
  readonly clock: LogClock;
  readonly checkHeadroom: () => Promise<HeadroomReport>;
  readonly detectAnomalies: () => Promise<unknown>;
  readonly onMinute: () => void;
};

/** Collects what the evaluators publish: of every occurrence its newest state. */
export function createFindingLog(): { add: (events: readonly BusEvent[]) => void; list: () => Finding[] } {
  const newest = new Map<string, Finding>();
  return {
    add: (events) => {
      for (const finding of events.flatMap((event) => (event.type === 'findings' ? event.findings : []))) {
        newest.set(`${finding.id}|${finding.startedAt}`, finding);
      }
    },
    list: () => [...newest.values()].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)),
  };
}

/** The minutes at whose end the schedule would fire, without the hours in which nothing happens. */
function* scheduledMinutes(busyMinutes: readonly number[]): Generator<number> {
  for (const [index, minuteMs] of busyMinutes.entries()) {
    const nextMs = busyMinutes[index + 1];
    const quietMs = minuteMs + QUIET_MINUTES * MINUTE_MS;
    const endMs = nextMs === undefined ? minuteMs + MINUTE_MS : Math.min(nextMs, quietMs);
    for (let at = minuteMs; at < endMs; at += MINUTE_MS) yield at;
  }
}

/**
 * Lets the evaluators run minute by minute on the clock of the log, from its first to its last request.
 *
 * @param busyMinutes - The minutes with requests, ascending, epoch milliseconds
 */
export async function evaluateMinutes(
  busyMinutes: readonly number[],
  { clock, checkHeadroom, detectAnomalies, onMinute }: Dependencies,
): Promise<MinuteHeadroom[]> {
  const minutes: MinuteHeadroom[] = [];
  for (const minuteMs of scheduledMinutes(busyMinutes)) {
    clock.nowMs = minuteMs + MINUTE_MS + SETTLE_SECONDS * 1_000;
    minutes.push(...(await checkHeadroom()).minutes);
    await detectAnomalies();
    onMinute();
  }
  return minutes;
}

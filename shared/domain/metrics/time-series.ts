/**
 * Something for each second or minute in which there was any, by the epoch milliseconds at which it starts. Requests of
 * a log come nearly in the order of time, so the entry that was used last is kept at hand.
 */
export type TimeSeries<Entry> = {
  readonly entries: Map<number, Entry>;
  lastMs: number;
  last: Entry | null;
};

/** A series without entries. */
export function createTimeSeries<Entry>(): TimeSeries<Entry> {
  return { entries: new Map(), lastMs: Number.NaN, last: null };
}

/** The entry of a time, made if there is none yet. */
export function entryAt<Entry>(series: TimeSeries<Entry>, timeMs: number, create: () => Entry): Entry {
  if (series.lastMs === timeMs && series.last !== null) return series.last;
  const entry = series.entries.get(timeMs) ?? create();
  series.entries.set(timeMs, entry);
  series.lastMs = timeMs;
  series.last = entry;
  return entry;
}

/** The entries, earliest first. */
export function inOrder<Entry>({ entries }: TimeSeries<Entry>): [timeMs: number, entry: Entry][] {
  return [...entries].sort(([a], [b]) => a - b);
}

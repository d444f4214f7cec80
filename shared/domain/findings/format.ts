/** Made on first use: the first of a process loads the data of all languages, which a cold start can do without. */
function createFormat(options: Intl.NumberFormatOptions): Pick<Intl.NumberFormat, 'format'> {
  let made: Intl.NumberFormat | undefined;
  return {
    format: (value) => {
      made ??= new Intl.NumberFormat('en-US', options);
      return made.format(value);
    },
  };
}

const COUNT = createFormat({ maximumFractionDigits: 0 });
const TWO_SIGNIFICANT = createFormat({ maximumSignificantDigits: 2 });
const ONE_DIGIT = createFormat({ maximumFractionDigits: 1 });

/** `1,204`. */
export function formatCount(value: number): string {
  return COUNT.format(value);
}

/** `1 line`, `1,204 lines`. */
export function formatAmount(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** `6,100`; below 100 `12.3`, below 1 `0.02`. */
export function formatRps(value: number): string {
  if (Math.abs(value) < 1) return TWO_SIGNIFICANT.format(value);
  return (Math.abs(value) < 100 ? ONE_DIGIT : COUNT).format(value);
}

/** `4.1 %`; above 10 % without decimals; what is more than nothing is not `0 %`. */
export function formatRatio(ratio: number): string {
  const percent = ratio * 100;
  if (percent > 0 && percent < 0.05) return '< 0.1 %';
  return `${(Math.abs(percent) < 9.95 ? ONE_DIGIT : COUNT).format(percent)} %`;
}

/** `850 ms`, `29.2 s`. */
export function formatMs(ms: number): string {
  return ms < 1_000 ? `${COUNT.format(ms)} ms` : `${ONE_DIGIT.format(ms / 1_000)} s`;
}

/** `41 s`, `7 min`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${COUNT.format(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** `14:02 UTC`; with its date where that is another one than of `nowMs`. */
export function formatClock(ms: number, nowMs: number): string {
  const [date = '', time = ''] = new Date(ms).toISOString().slice(0, 16).split('T');
  const isToday = new Date(nowMs).toISOString().startsWith(date);
  return isToday ? `${time} UTC` : `${date} ${time} UTC`;
}

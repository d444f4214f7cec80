import { Presets, SingleBar } from 'cli-progress';

/** A bar on a terminal, or nothing at all. */
export type Progress = {
  readonly start: (label: string, total: number) => void;
  readonly add: (amount: number) => void;
  readonly stop: () => void;
};

const NO_PROGRESS: Progress = { start: () => {}, add: () => {}, stop: () => {} };

/**
 * Shows progress on a stream.
 *
 * @param stream - Standard error: standard output belongs to the data
 * @param isWanted - False keeps it silent; a stream that is no terminal always is
 * @param measure - What stands behind the bar; the time that is left means something where much is counted
 */
export function createProgress(
  stream: NodeJS.WriteStream,
  isWanted: boolean,
  measure: string = '{percentage} % · {eta_formatted} left',
): Progress {
  if (!isWanted || stream.isTTY !== true) return NO_PROGRESS;
  let bar: SingleBar | null = null;
  const stop = (): void => {
    bar?.stop();
    bar = null;
    process.removeListener('SIGINT', interrupt);
  };
  // The cursor is hidden, and would stay so.
  const interrupt = (): void => {
    stop();
    process.kill(process.pid, 'SIGINT');
  };
  return {
    start: (label, total) => {
      stop();
      bar = new SingleBar(
        {
          format: `${label} {bar} ${measure}`,
          stream,
          clearOnComplete: true,
          hideCursor: true,
          etaBuffer: 100,
        },
        Presets.shades_classic,
      );
      bar.start(Math.max(1, total), 0);
      process.once('SIGINT', interrupt);
    },
    add: (amount) => bar?.increment(amount),
    stop,
  };
}

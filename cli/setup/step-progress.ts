import { createProgress } from '#cli/progress.ts';
import type { ReportStep } from '#shared/application/report-step.ts';

/** Widest of the steps. */
const LABEL_LENGTH = 'reading log groups'.length;

/** Progress of a work of several steps: a bar for each, on a terminal only. */
export type StepProgress = { readonly reportStep: ReportStep; readonly stop: () => void };

/** Shows on a stream what is being done. */
export function createStepProgress(stream: NodeJS.WriteStream): StepProgress {
  const bar = createProgress(stream, true, '{value} of {total}');
  let current: string | null = null;
  let shown = 0;
  return {
    reportStep: (doing, done, total) => {
      if (doing !== current) {
        bar.start(doing.padEnd(LABEL_LENGTH), total);
        current = doing;
        shown = 0;
      }
      bar.add(done - shown);
      shown = done;
    },
    stop: () => {
      bar.stop();
      current = null;
    },
  };
}

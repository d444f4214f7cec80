import type { ExecutionFacts } from '#shared/domain/logs/execution/execution-facts.ts';

/** How far a run of lines without request id has got, in the order in which they came. */
export type StoryRun = {
  /** The last step of the beginning; -1 before the first. */
  step: number;
  hasEnded: boolean;
};

/** A run of which no line is known yet. */
export function createStoryRun(): StoryRun {
  return { step: -1, hasEnded: false };
}

/**
 * Whether a line belongs to the next request: it begins one although the run has got as far, or comes behind the end
 * without being one of the lines that do. Only the order of lines can tell, so requests without ids cannot be joined
 * where they are interleaved or come out of order.
 */
export function startsNewRun(run: StoryRun, facts: ExecutionFacts): boolean {
  if (facts.beginning !== undefined && facts.beginning <= run.step) return true;
  return run.hasEnded && facts.isEnd !== true && facts.isTrailer !== true;
}

/** Notes a line of the run. */
export function advanceRun(run: StoryRun, facts: ExecutionFacts): void {
  run.step = facts.beginning ?? run.step;
  run.hasEnded ||= facts.isEnd === true;
}

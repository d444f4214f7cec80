import type { Now, Wait } from '#shared/application/ports.ts';
import { SURVEY_SETTLE_SECONDS } from '#shared/application/survey-headroom.ts';
import type { HeadroomSurvey } from '#shared/domain/headroom/survey/headroom-survey.ts';

const MINUTE_MS = 60_000;

/** A little later than the minute's data is looked for, so that no rounding of clocks is in the way. */
const MARGIN_MS = 2_000;

type Dependencies = {
  readonly survey: () => Promise<HeadroomSurvey>;
  readonly show: (survey: HeadroomSurvey) => void;
  /** Whether an error may be gone in a minute. */
  readonly isPassing: (error: unknown) => boolean;
  /** Told of an error that may be gone in a minute, and of when it is tried again. */
  readonly tellFailed: (error: unknown, againAtMs: number) => void;
  readonly now: Now;
  readonly wait: Wait;
};

/** When the next minute can be complete. */
export function nextSurveyMs(nowMs: number): number {
  const offsetMs = SURVEY_SETTLE_SECONDS * 1_000 + MARGIN_MS;
  return (Math.floor((nowMs - offsetMs) / MINUTE_MS) + 1) * MINUTE_MS + offsetMs;
}

/**
 * Looks at the account each minute, for as long as it may. The first look has to succeed: what is wrong then stays
 * wrong, such as the Region.
 *
 * @throws What the first look throws, and later what is not going to pass
 */
export async function watchHeadroom(dependencies: Dependencies): Promise<never> {
  const { survey, show, isPassing, tellFailed, now, wait } = dependencies;
  show(await survey());
  for (;;) {
    const nowMs = now().getTime();
    await wait(nextSurveyMs(nowMs) - nowMs);
    try {
      show(await survey());
    } catch (error) {
      if (!isPassing(error)) throw error;
      tellFailed(error, nextSurveyMs(now().getTime()));
    }
  }
}

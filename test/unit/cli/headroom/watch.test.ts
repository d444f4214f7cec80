import { describe, expect, it } from 'vitest';
import { nextSurveyMs, watchHeadroom } from '#cli/headroom/watch.ts';
import type { HeadroomSurvey } from '#shared/domain/headroom/survey/headroom-survey.ts';
import { createHeadroomSurvey, SURVEY_AT_MS } from '#test/fakes/headroom-survey.ts';

/** A watch on a clock of its own, in which each look takes three seconds and has one of these outcomes. */
async function watch(outcomes: readonly ('found' | 'passing' | 'lasting')[]) {
  let nowMs = SURVEY_AT_MS + 17_000;
  const shown: string[] = [];
  const failed: string[] = [];
  const clock = (): string => new Date(nowMs).toISOString().slice(11, 19);
  const left = [...outcomes];
  const end = watchHeadroom({
    survey: async (): Promise<HeadroomSurvey> => {
      const outcome = left.shift() ?? 'lasting';
      nowMs += 3_000;
      if (outcome !== 'found') throw new Error(outcome);
      return createHeadroomSurvey();
    },
    show: () => shown.push(clock()),
    isPassing: (error) => (error as Error).message === 'passing',
    tellFailed: (error, againAtMs) =>
      failed.push(`${(error as Error).message}, ${new Date(againAtMs).toISOString().slice(11, 19)}`),
    now: () => new Date(nowMs),
    wait: async (milliseconds) => {
      nowMs += milliseconds;
    },
  });
  await expect(end).rejects.toThrow();
  return { shown, failed, error: await end.catch((error: Error) => error.message) };
}

describe('watchHeadroom()', () => {
  it('watchHeadroom() looks at once, and then whenever a minute can be complete', async () => {
    const { shown, failed } = await watch(['found', 'found', 'found']);

    expect(shown).toEqual(['14:05:20', '14:06:05', '14:07:05']);
    expect(failed).toEqual([]);
  });

  it('watchHeadroom() tells of what may pass, and tries again in the next minute', async () => {
    const { shown, failed } = await watch(['found', 'passing', 'passing', 'found']);

    expect(failed).toEqual(['passing, 14:07:02', 'passing, 14:08:02']);
    expect(shown).toEqual(['14:05:20', '14:08:05']);
  });

  it('watchHeadroom() ends with what does not pass', async () => {
    const { shown, error } = await watch(['found', 'lasting', 'found']);

    expect(shown).toHaveLength(1);
    expect(error).toBe('lasting');
  });

  it('watchHeadroom() ends if the first look fails, whatever the reason', async () => {
    const { shown, failed, error } = await watch(['passing', 'found']);

    expect([shown, failed, error]).toEqual([[], [], 'passing']);
  });
});

describe('nextSurveyMs()', () => {
  it.each([
    ['14:05:00', '14:05:02'],
    ['14:05:02', '14:06:02'],
    ['14:05:59', '14:06:02'],
  ])('nextSurveyMs() is after %s', (now, next) => {
    const ms = nextSurveyMs(Date.parse(`2026-03-02T${now}Z`));

    expect(new Date(ms).toISOString().slice(11, 19)).toBe(next);
  });
});

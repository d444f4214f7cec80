import { describe, expect, it } from 'vitest';
import { findCulprit, type StageDemand } from '#shared/domain/headroom/neighbours/find-culprit.ts';

const QUOTA_RPS = 1_000;

function stage(apiId: string, usualRps: number | null, nowRps: number): StageDemand {
  return { id: { apiId, stage: 'prod' }, usualRps, nowRps };
}

function culprit(...stages: StageDemand[]) {
  return findCulprit(stages, QUOTA_RPS);
}

describe('findCulprit()', () => {
  it('findCulprit() names the stage that grew, not the biggest one', () => {
    const grown = stage('small', 50, 450);

    expect(culprit(stage('big', 700, 720), grown)).toEqual({ ...grown, growthShare: 400 / 420 });
  });

  it('findCulprit() does not let stages that shrink hide the one that grew', () => {
    expect(culprit(stage('big', 700, 300), stage('small', 50, 450))?.growthShare).toBe(1);
  });

  it('findCulprit() names a stage that never had traffic before', () => {
    expect(culprit(stage('new', 0, 100))?.id.apiId).toBe('new');
  });

  it.each([
    ['half of the growth', [stage('a', 100, 200), stage('b', 100, 200)], 'a'],
    [
      'less than half of it',
      [stage('a', 100, 201), stage('b', 100, 200), stage('c', 0, 1), stage('d', 0, 1)],
      undefined,
    ],
    ['growth by half', [stage('a', 200, 300)], 'a'],
    ['growth by less than half', [stage('a', 201, 301)], undefined],
    ['a tenth of what the account is asked for', [stage('a', 0, 100)], 'a'],
    ['less than a tenth of it', [stage('a', 0, 99)], undefined],
    ['a stage of which nobody knows what is usual', [stage('a', null, 900)], undefined],
    ['a stage that grew beside such a one', [stage('a', null, 900), stage('b', 10, 110)], 'b'],
    ['no growth', [stage('a', 500, 500)], undefined],
    ['shrinking alone', [stage('a', 500, 100)], undefined],
    ['nobody', [], undefined],
  ])('findCulprit() judges %s', (_, stages, expected) => {
    expect(culprit(...stages)?.id.apiId).toBe(expected);
  });

  it('findCulprit() names the same stage in any order', () => {
    const stages = [stage('a', 10, 400), stage('b', 10, 100), stage('c', 10, 150)];

    expect(culprit(...stages)?.id.apiId).toBe('a');
    expect(culprit(...stages.toReversed())?.id.apiId).toBe('a');
  });
});

import { describe, expect, it } from 'vitest';
import { createStageNames } from '#cli/render/stage-names.ts';
import type { StageLogging } from '#shared/application/survey-logging.ts';
import { describedStage } from '#test/fakes/watched-account.ts';

function logging(apiName: string, stage: string, apiId: string): StageLogging {
  return {
    stage: describedStage({ apiId, apiName, apiType: 'REST' }, { stage }),
    accessLog: 'none',
    logGroupState: null,
    format: null,
    requests: 0,
    sharesCount: false,
    change: null,
    costNow: null,
    costAfter: null,
  };
}

function columnOf(stages: readonly StageLogging[], width: number): string[] {
  return stages.map(createStageNames(stages).inColumn(width));
}

describe('createStageNames()', () => {
  it('inFull() cuts nothing', () => {
    const stages = [logging('x'.repeat(200), 'prod', 'a1')];

    expect(stages.map(createStageNames(stages).inFull)).toEqual([`${'x'.repeat(200)}/prod`]);
  });

  it('inFull() adds the id where two stages have one name', () => {
    const stages = [
      logging('orders', 'prod', 'a1'),
      logging('orders', 'prod', 'a2'),
      logging('a', 'b', 'a3'),
    ];

    expect(stages.map(createStageNames(stages).inFull)).toEqual([
      'orders/prod (a1)',
      'orders/prod (a2)',
      'a/b',
    ]);
  });

  it('inFull() takes names for the same that differ only in what a terminal does not show', () => {
    const stages = [logging('orders', 'prod', 'a1'), logging('orders\u202e', 'prod', 'a2')];

    expect(stages.map(createStageNames(stages).inFull)).toEqual(['orders/prod (a1)', 'orders/prod (a2)']);
  });

  it('inColumn() cuts inside the name of the API and keeps the stage', () => {
    const api = 'customer-facing-orders-api';

    expect(columnOf([logging(api, 'prod', 'a1'), logging(api, 'dev', 'a1')], 18)).toEqual([
      'custom…rs-api/prod',
      'custome…rs-api/dev',
    ]);
  });

  it('inColumn() leaves out how names begin that are the same when cut', () => {
    const stages = ['eu', 'us'].map((place, index) =>
      logging(`customer-${place}-facing-orders-and-more-api`, 'prod', `a${index}`),
    );

    expect(columnOf(stages, 18)).toEqual(['…eu-facing-o…/prod', '…us-facing-o…/prod']);
  });

  it('inColumn() adds the id to names that stay the same', () => {
    const stages = [
      'alpha-x-the-quite-long-one-of-them-a',
      'alpha-y-the-quite-long-one-of-them-a',
      'alpha-x-the-quite-long-two-of-them-a',
    ];
    const names = columnOf(
      stages.map((api, index) => logging(api, 'prod', `a${index}`)),
      18,
    );

    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/\/prod \(a\d\)$/);
  });

  it('inColumn() takes the id in place of the name before it cuts the stage', () => {
    const stages = ['eu', 'us'].map((place) =>
      logging(`customer-${place}-facing`, 'the-production-stage', `${place}1`),
    );

    expect(columnOf(stages, 24)).toEqual(stages.map(({ stage }) => `${stage.apiId}/the-production-stage`));
  });

  it.each([
    ['a long stage', 'api', 's'.repeat(128)],
    ['both long', 'x'.repeat(100), 's'.repeat(128)],
    ['characters of two units', '😀'.repeat(30), 'prod'],
  ])('inColumn() keeps to the width with %s', (_, api, stage) => {
    const [name = ''] = columnOf([logging(api, stage, 'a1')], 18);

    expect([...name].length).toBeLessThanOrEqual(18);
    expect(name).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });
});

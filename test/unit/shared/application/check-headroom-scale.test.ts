import { describe, expect, it } from 'vitest';
import { createHeadroomAccount } from '#test/fakes/headroom-account.ts';
import { inventoryOf, NOON_MS } from '#test/fakes/replayed-account.ts';

const MINUTE_MS = 60_000;
const QUOTA = { rateRps: 1_000, burst: 500 };
const STAGES = Array.from({ length: 1_200 }, (_, index) => ({ apiId: `api${index}`, stage: 'prod' }));
const [FIRST, SECOND, NOISY] = STAGES;

function at(minute: number): number {
  return NOON_MS + minute * MINUTE_MS;
}

function create() {
  if (FIRST === undefined || SECOND === undefined || NOISY === undefined)
    throw new Error('1,200 stages are known');
  const fixture = createHeadroomAccount(inventoryOf(...STAGES), QUOTA);
  const queriesOf = async (minute: number): Promise<Record<string, number>> => {
    fixture.queries.length = 0;
    await fixture.checkAfter(at(minute));
    const counts: Record<string, number> = {};
    for (const { name, periodSeconds, dimensions } of fixture.queries) {
      const of = 'ApiId' in dimensions ? 'stage' : 'account';
      const key = `${name} of ${of}, ${periodSeconds} s`;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    return counts;
  };
  return { ...fixture, queriesOf, first: FIRST, second: SECOND, noisy: NOISY };
}

const QUIET = { 'RequestCount of account, 1 s': 1, 'ThrottledCount of account, 1 s': 1 };

describe('checkHeadroom() with 1,200 stages', () => {
  it('checkHeadroom() reads two series while all is well', async () => {
    const { queriesOf, addMinute, first } = create();
    await addMinute(first, NOON_MS, 300);

    expect(await queriesOf(0)).toEqual(QUIET);
  });

  it('checkHeadroom() reads two series of each stage in trouble, and what tells the layers of those with 429s', async () => {
    const { queriesOf, addMinute, first, noisy, findings } = create();
    for (let minute = -66; minute < 0; minute += 1) await addMinute(first, at(minute), 300);
    await addMinute(first, NOON_MS, 300, 20);
    await addMinute(noisy, NOON_MS, 900, 60);

    expect(await queriesOf(0)).toEqual({
      ...QUIET,
      'RequestCount of stage, 60 s': 1_201,
      'ThrottledCount of stage, 60 s': 1_201,
      // Of two stages: the cause without level, four that name one, and five of the execution log.
      'ErrorCount of stage, 60 s': 2 * 5,
      'ExecutionCause of stage, 60 s': 2 * 5,
      'ThrottledCount of stage, 1 s': 2,
      'RequestCount of stage, 1 s': 1,
    });
    expect(findings().map(({ kind, scope }) => [kind, scope.apiId])).toEqual([
      ['headroom.low', undefined],
      ['headroom.exhausted', undefined],
      ['burst.exhausted', undefined],
      ['throttling.account', undefined],
      ['noisy-neighbour', noisy.apiId],
    ]);
  });

  it('checkHeadroom() reads the demand of the stages with 429s only, far from the quota', async () => {
    const { queriesOf, addMinute, first, second, findings } = create();
    await addMinute(first, NOON_MS, 100);
    await addMinute(second, NOON_MS, 5, 4);

    expect(await queriesOf(0)).toEqual({
      ...QUIET,
      'RequestCount of stage, 60 s': 1,
      'ThrottledCount of stage, 60 s': 1_201,
      'ErrorCount of stage, 60 s': 5,
      'ExecutionCause of stage, 60 s': 5,
      'ThrottledCount of stage, 1 s': 1,
    });
    expect(findings().map(({ kind, scope }) => [kind, scope.apiId])).toEqual([
      ['throttling.stage', second.apiId],
    ]);
  });

  it('checkHeadroom() clears a stage by quiet minutes in which no stage is read', async () => {
    const { queriesOf, addMinute, first, second, findingOf } = create();
    await addMinute(second, NOON_MS, 5, 4);
    await queriesOf(0);
    for (let minute = 1; minute <= 5; minute += 1) {
      await addMinute(first, at(minute), 100);
      await queriesOf(minute);
    }

    expect(findingOf('throttling.stage', second.apiId)).toMatchObject({
      status: 'cleared',
      lastBadAt: new Date(at(1)).toISOString(),
      observedAt: new Date(at(6)).toISOString(),
    });
    // Refusals count in the trend of the half hour after them, and stages are read as long.
    for (let minute = 6; minute <= 44; minute += 1) {
      await addMinute(first, at(minute), 100);
      await queriesOf(minute);
    }
    expect(await queriesOf(45)).toEqual(QUIET);
  });
});

import { describe, expect, it } from 'vitest';
import { createHeadroomAccount } from '#test/fakes/headroom-account.ts';
import { inventoryOf, NOON_MS } from '#test/fakes/replayed-account.ts';

const QUOTA = { rateRps: 100, burst: 50 };
const BIG = { apiId: 'big', stage: 'prod' };
const SMALL = { apiId: 'small', stage: 'prod' };
const INVENTORY = inventoryOf(BIG, SMALL);

describe('checkHeadroom() on the layers of throttling', () => {
  it.each([
    ['OFF', 0],
    ['ERROR', 5],
  ] as const)(
    'checkHeadroom() reads an execution log at level %s by %i series',
    async (executionLogLevel, series) => {
      const id = { apiId: 'orders', stage: 'prod' };
      const inventory = inventoryOf(id).map((item) => ({ ...item, executionLogLevel }));
      const { addMinute, checkAfter, queries } = createHeadroomAccount(inventory, {
        rateRps: 100,
        burst: 50,
      });
      await addMinute(id, NOON_MS, 10, 1);

      await checkAfter(NOON_MS);

      expect(queries.filter(({ name }) => name === 'ExecutionCause')).toHaveLength(series);
    },
  );

  it('checkHeadroom() never calls a usage plan’s 429s the account’s, however near the account is to its quota', async () => {
    const { addMinute, addCause, checkAfter, findingOf, factsOf } = createHeadroomAccount(INVENTORY, QUOTA);
    await addMinute(BIG, NOON_MS, 88);
    await addMinute(SMALL, NOON_MS, 40, 35);
    await addCause(SMALL, NOON_MS, 'throttle.usage-plan', 35 * 60);

    const { minutes } = await checkAfter(NOON_MS);

    expect(minutes[0]).toMatchObject({
      throttled: 2_100,
      refusedEarlier: 2_100,
      demandRps: 93,
      usedRatio: 0.93,
    });
    expect(findingOf('throttling.account')).toBeUndefined();
    expect(findingOf('throttling.stage', 'small')).toBeUndefined();
    expect(findingOf('headroom.exhausted')).toBeUndefined();
    expect(findingOf('noisy-neighbour', 'small')).toBeUndefined();
    expect(findingOf('throttling.client', 'small')).toMatchObject({
      severity: 'warning',
      cause: 'throttle.usage-plan',
      title: 'small-api/prod: clients are above their usage plan',
    });
    expect(factsOf('throttling.client', 'small')).toEqual({
      Refused: '2,100 requests, 88 % of the stage’s · rate of a usage plan 2,100',
      Concerns: 'clients of the usage plan only; the account throttle and other APIs are not touched',
    });
  });

  it('checkHeadroom() tells a usage plan’s 429s from the account’s in the same minute', async () => {
    const { addMinute, addCause, checkAfter, factsOf } = createHeadroomAccount(INVENTORY, QUOTA);
    for (let minute = -65; minute < 0; minute += 1) await addMinute(BIG, NOON_MS + minute * 60_000, 85);
    await addMinute(BIG, NOON_MS, 110, 10);
    await addMinute(SMALL, NOON_MS, 20, 8);
    await addCause(BIG, NOON_MS, 'throttle.unknown-level', 600);
    await addCause(SMALL, NOON_MS, 'throttle.quota', 480);

    await checkAfter(NOON_MS);

    expect(factsOf('throttling.account')).toEqual({
      Hurt: 'big-api/prod ≥ 600 refused (9.1 %)',
      'Known by': 'inferred: the account was at its quota, no log names another limit for 600',
      'Cost so far': '≥ 600 requests refused, 7.7 % of all',
    });
    expect(factsOf('throttling.client', 'small')['Refused']).toContain('quota of a usage plan 480');
  });

  it('checkHeadroom() lets the execution log split what the access log leaves open, and adds nothing', async () => {
    const { addMinute, addCause, checkAfter, findingOf } = createHeadroomAccount(INVENTORY, QUOTA);
    await addMinute(BIG, NOON_MS, 90);
    await addMinute(SMALL, NOON_MS, 30, 25);
    await addCause(SMALL, NOON_MS, 'throttle.unknown-level', 1_500);
    await addCause(SMALL, NOON_MS, 'throttle.usage-plan', 900, 'ExecutionCause');
    await addCause(SMALL, NOON_MS, 'throttle.method', 600, 'ExecutionCause');

    await checkAfter(NOON_MS);

    expect(findingOf('throttling.client', 'small')?.value).toBe(900);
    expect(findingOf('throttling.stage', 'small')).toMatchObject({ value: 600, cause: 'throttle.method' });
    expect(findingOf('throttling.account')).toBeUndefined();
  });

  it('checkHeadroom() blames a stage’s own limit where its demand is above it, near the quota', async () => {
    const limited = INVENTORY.map((item) =>
      item.apiId === 'small' ? { ...item, limits: { rateRps: 5, burst: 5 } } : item,
    );
    const { addMinute, checkAfter, findingOf } = createHeadroomAccount(limited, QUOTA);
    await addMinute(BIG, NOON_MS, 80);
    await addMinute(SMALL, NOON_MS, 15, 10);

    const { minutes } = await checkAfter(NOON_MS);

    expect(minutes[0]).toMatchObject({ refusedEarlier: 600, demandRps: 85 });
    expect(findingOf('throttling.stage', 'small')?.value).toBe(600);
    expect(findingOf('throttling.account')).toBeUndefined();
  });

  it('checkHeadroom() acquits the account of 429s in seconds in which its bucket had tokens to spare', async () => {
    const { addSecond, checkAfter, findingOf } = createHeadroomAccount(INVENTORY, QUOTA);
    for (let second = 0; second < 60; second += 1) {
      const isCalm = second % 10 === 0;
      await addSecond(BIG, NOON_MS + second * 1_000, isCalm ? 5 : 94);
      await addSecond(SMALL, NOON_MS + second * 1_000, isCalm ? 10 : 1, isCalm ? 6 : 0);
    }

    await checkAfter(NOON_MS);

    expect(findingOf('throttling.stage', 'small')?.value).toBe(36);
    expect(findingOf('throttling.account')).toBeUndefined();
  });

  it('checkHeadroom() counts 429s of a stage that the inventory does not know as the account’s at the quota', async () => {
    const { addMinute, checkAfter, findingOf } = createHeadroomAccount(inventoryOf(BIG), QUOTA);
    await addMinute(BIG, NOON_MS, 90, 4);
    await addMinute({ apiId: 'brandnew', stage: 'prod' }, NOON_MS, 40, 21);

    await checkAfter(NOON_MS);

    expect(findingOf('throttling.account')?.value).toBe(25 * 60);
  });

  it('checkHeadroom() reads the causes of the stages with 429s only', async () => {
    const { addMinute, addCause, checkAfter, queries } = createHeadroomAccount(INVENTORY, QUOTA);
    await addMinute(BIG, NOON_MS, 88);
    await addMinute(SMALL, NOON_MS, 20, 15);
    await addCause(SMALL, NOON_MS, 'throttle.quota', 900);

    await checkAfter(NOON_MS);

    const causes = queries.filter(({ dimensions }) => 'Cause' in dimensions);
    expect(new Set(causes.map(({ dimensions }) => dimensions['ApiId']))).toEqual(new Set(['small']));
    expect(causes.map(({ name, dimensions }) => `${name} ${dimensions['Cause']}`)).toEqual([
      'ErrorCount throttle.unknown-level',
      'ErrorCount throttle.account',
      'ErrorCount throttle.method',
      'ErrorCount throttle.usage-plan',
      'ErrorCount throttle.quota',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import type { InventoryItem } from '#shared/domain/inventory/stage.ts';
import { createHeadroomAccount } from '#test/fakes/headroom-account.ts';
import { createRandom } from '#test/fakes/random.ts';
import { inventoryOf, NOON_MS } from '#test/fakes/replayed-account.ts';

const MINUTE_MS = 60_000;
const QUOTA = { rateRps: 100, burst: 50 };
const BIG = { apiId: 'big', stage: 'prod' };
const SMALL = { apiId: 'small', stage: 'prod' };
const [BIG_ITEM, SMALL_ITEM] = inventoryOf(BIG, SMALL) as [InventoryItem, InventoryItem];
/** The big API is logged; of the small one only API Gateway knows. */
const INVENTORY = [{ ...BIG_ITEM, logGroup: '/aws/big' }, SMALL_ITEM];

function at(minute: number): number {
  return NOON_MS + minute * MINUTE_MS;
}

describe('checkHeadroom() on demand without logs', () => {
  const create = () => createHeadroomAccount(INVENTORY, QUOTA, { hasServiceCounts: true });

  it('checkHeadroom() adds API Gateway’s counts of a stage without logs, and says how much that is', async () => {
    const { addMinute, checkAfter, service, factsOf } = create();
    await addMinute(BIG, NOON_MS, 50);
    service.count(SMALL_ITEM, NOON_MS, 40 * 60);

    const { minutes } = await checkAfter(NOON_MS);

    expect(minutes[0]).toMatchObject({ requests: 3_000, unloggedRps: 40, demandRps: 90, usedRatio: 0.9 });
    expect(factsOf('headroom.low')['Now']).toContain('90 rps of 100 (90 %)');
    expect(factsOf('headroom.low')['Now']).toContain('40 rps of it without logs, a mean');
  });

  it('checkHeadroom() blames a stage without logs that fills the quota', async () => {
    const { addMinute, checkAfter, service, findingOf, factsOf } = create();
    for (let minute = -66; minute <= 0; minute += 1) {
      await addMinute(BIG, at(minute), 40);
      service.count(SMALL_ITEM, at(minute), minute < 0 ? 300 : 4_200);
    }

    await checkAfter(NOON_MS);

    expect(factsOf('noisy-neighbour', 'small')['Caused by']).toBe(
      'small-api/prod 70 rps, usually 5 (14 ×) · 64 % of the account, usually 11 % · no stage limit · no access log: counted by API Gateway, per minute',
    );
    expect(findingOf('noisy-neighbour', 'small')?.nextStep).toBe(
      'Limit small-api/prod to 45 rps, burst 23: would have refused about 24.6 rps of its own, frees the others · or raise quota L-8A5B8E43.',
    );
    expect(findingOf('noisy-neighbour', 'big')).toBeUndefined();
  });

  it('checkHeadroom() carries the last known minute of a service that is late for five minutes, and no longer', async () => {
    const { addMinute, checkAfter, service } = create();
    for (let minute = 0; minute < 12; minute += 1) await addMinute(BIG, at(minute), 10);
    service.count(SMALL_ITEM, NOON_MS, 1_200);

    const unlogged: number[] = [];
    for (let minute = 0; minute < 12; minute += 1) {
      const { minutes } = await checkAfter(at(minute));
      unlogged.push(minutes.at(-1)?.unloggedRps ?? -1);
    }

    expect(unlogged).toEqual([20, 20, 20, 20, 20, 20, 0, 0, 0, 0, 0, 0]);
  });

  it('checkHeadroom() comes to the same minutes in the end, however late the service is', async () => {
    const inTime = create();
    const late = create();
    const countOf = (minute: number) => (minute % 3 === 0 ? 0 : 60 * minute);
    for (let minute = 0; minute < 25; minute += 1) {
      for (const fixture of [inTime, late]) await fixture.addMinute(BIG, at(minute), 10);
      if (countOf(minute) > 0) inTime.service.count(SMALL_ITEM, at(minute), countOf(minute));
      const lateMinute = minute - 3;
      if (lateMinute >= 0 && countOf(lateMinute) > 0)
        late.service.count(SMALL_ITEM, at(lateMinute), countOf(lateMinute));
      await inTime.checkAfter(at(minute));
      await late.checkAfter(at(minute));
    }

    const final = ({ publishedOf }: typeof late) =>
      Array.from({ length: 15 }, (_, minute) => publishedOf('AccountDemandRps', at(minute)).at(-1));

    expect(final(late)).toEqual(final(inTime));
    expect(final(late)).toEqual(Array.from({ length: 15 }, (_, minute) => 10 + countOf(minute) / 60));
  });

  it.each([
    ['is silent as well', 0, [70]],
    ['has requests that no log shows', 60, []],
  ])(
    'checkHeadroom() judges a minute without logs by what is unlogged only if the logged stage %s',
    async (_, counted, expected) => {
      const { checkAfter, service } = create();
      const [logged] = INVENTORY;
      service.count(SMALL_ITEM, NOON_MS, 4_200);
      if (logged !== undefined && counted > 0) service.count(logged, NOON_MS, counted);

      const { minutes } = await checkAfter(NOON_MS);

      expect(minutes.map(({ demandRps }) => demandRps)).toEqual(expected);
    },
  );

  it('checkHeadroom() does not count the requests of a logged stage again under the name of its namesake', async () => {
    const namesakes = INVENTORY.map((item) => ({ ...item, apiName: 'orders-api' }));
    const { addMinute, checkAfter, service } = createHeadroomAccount(namesakes, QUOTA, {
      hasServiceCounts: true,
    });
    await addMinute(BIG, NOON_MS, 50);
    for (const item of namesakes) service.count(item, NOON_MS, 3_000);

    const { minutes } = await checkAfter(NOON_MS);

    expect(minutes[0]).toMatchObject({ unloggedRps: 0, demandRps: 50 });
  });
});

describe('checkHeadroom() on a capped account', () => {
  it('checkHeadroom() finds refusals that are missing from the logs by a demand that is flat at the quota', async () => {
    const { addMinute, checkAfter, factsOf, findingOf } = createHeadroomAccount(
      inventoryOf(BIG, SMALL),
      QUOTA,
    );
    for (let minute = -5; minute < 0; minute += 1) await addMinute(BIG, at(minute), 60);
    await addMinute(BIG, NOON_MS, 69);
    await addMinute(SMALL, NOON_MS, 30);

    await checkAfter(NOON_MS);

    expect(findingOf('throttling.account')).toMatchObject({ severity: 'critical', status: 'open', value: 0 });
    expect(factsOf('throttling.account')).toEqual({
      'Known by': 'inferred: demand flat at the quota for 60 s of a minute, refusals are probably not logged',
    });
    expect(factsOf('headroom.low')['Now']).toMatch(/^≥ 99 rps of 100 \(99 %\)/);
  });

  it('checkHeadroom() takes ordinary traffic at 98 % of the quota for what it is', async () => {
    const random = createRandom(98);
    const { addSecond, checkAfter, findingOf } = createHeadroomAccount(inventoryOf(BIG), {
      rateRps: 1_000,
      burst: 500,
    });
    for (let second = 0; second < 600; second += 1) {
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      await addSecond(BIG, NOON_MS + second * 1_000, Math.round(980 + Math.sqrt(980) * normal));
    }

    for (let minute = 0; minute < 10; minute += 1) await checkAfter(at(minute));

    expect(findingOf('headroom.low')?.severity).toBe('critical');
    expect(findingOf('throttling.account')).toBeUndefined();
  });
});

describe('checkHeadroom() on noisy neighbours', () => {
  it('checkHeadroom() tries the limit on the culprit’s own seconds', async () => {
    const { addMinute, addSecond, checkAfter, findingOf } = createHeadroomAccount(
      inventoryOf(BIG, SMALL),
      QUOTA,
    );
    for (let minute = -66; minute < 0; minute += 1) {
      await addMinute(BIG, at(minute), 40);
      await addMinute(SMALL, at(minute), 5);
    }
    await addMinute(BIG, NOON_MS, 40);
    for (let second = 0; second < 60; second += 1)
      await addSecond(SMALL, NOON_MS + second * 1_000, second % 2 === 0 ? 130 : 10);

    await checkAfter(NOON_MS);

    // 45 rps, and every other second 130: after the bucket of 23 is empty, 130 − 45 − 23 of them are refused each time.
    expect(findingOf('noisy-neighbour', 'small')?.nextStep).toMatch(
      /^Limit small-api\/prod to 45 rps, burst 23: would have refused 31 rps of its own, frees the others/,
    );
  });

  it('checkHeadroom() names nobody where several grew alike', async () => {
    const { addMinute, checkAfter, findings } = createHeadroomAccount(
      inventoryOf(BIG, SMALL, { apiId: 'third', stage: 'prod' }),
      QUOTA,
    );
    for (let minute = -66; minute <= 0; minute += 1) {
      for (const apiId of ['big', 'small', 'third'])
        await addMinute({ apiId, stage: 'prod' }, at(minute), minute < 0 ? 10 : 34);
    }

    await checkAfter(NOON_MS);

    expect(findings().map(({ kind }) => kind)).toContain('headroom.exhausted');
    expect(findings().filter(({ kind }) => kind === 'noisy-neighbour')).toEqual([]);
  });
});

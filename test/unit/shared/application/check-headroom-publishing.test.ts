import { describe, expect, it } from 'vitest';
import { createHeadroomAccount } from '#test/fakes/headroom-account.ts';
import { inventoryOf, NOON_MS } from '#test/fakes/replayed-account.ts';

const MINUTE_MS = 60_000;
const QUOTA = { rateRps: 100, burst: 50 };
const BIG = { apiId: 'big', stage: 'prod' };
const SMALL = { apiId: 'small', stage: 'prod' };
const INVENTORY = inventoryOf(BIG, SMALL).map((item) => ({ ...item, logGroup: `/aws/${item.apiId}` }));

function at(minute: number): number {
  return NOON_MS + minute * MINUTE_MS;
}

/** The statistics that docs/metrics.md says to read, of each of the first minutes. */
function statisticsOf({ publishedOf }: ReturnType<typeof createHeadroomAccount>, minutes: number) {
  return Array.from({ length: minutes }, (_, minute) => ({
    demand: Math.max(...publishedOf('AccountDemandRps', at(minute))),
    peak: Math.max(...publishedOf('AccountRpsPeak', at(minute))),
    quota: Math.max(...publishedOf('AccountQuotaRps', at(minute))),
    utilization: Math.max(...publishedOf('AccountUtilization', at(minute))),
    predicted: Math.max(...publishedOf('PredictedThrottles', at(minute))),
    tokens: Math.min(...publishedOf('BurstTokensLeft', at(minute))),
  }));
}

describe('checkHeadroom() on publishing', () => {
  it('checkHeadroom() publishes each minute when it is new and once more when it is final', async () => {
    const { addMinute, checkAfter, publishedOf } = createHeadroomAccount(INVENTORY, QUOTA);
    for (let minute = 0; minute < 30; minute += 1) {
      await addMinute(BIG, at(minute), 10 + minute);
      await checkAfter(at(minute));
    }

    const times = Array.from(
      { length: 30 },
      (_, minute) => publishedOf('AccountDemandRps', at(minute)).length,
    );

    expect(times).toEqual([...Array<number>(20).fill(2), ...Array<number>(10).fill(1)]);
    expect(publishedOf('AccountDemandRps', at(3))).toEqual([13, 13]);
  });

  it('checkHeadroom() ends in the same statistics when half of the data is late and runs overlap or are missed', async () => {
    const inTime = createHeadroomAccount(INVENTORY, QUOTA);
    const late = createHeadroomAccount(INVENTORY, QUOTA);
    const rpsIn = (minute: number) => 20 + ((minute * 37) % 110);
    for (let minute = 0; minute < 30; minute += 1) {
      await inTime.addMinute(BIG, at(minute), rpsIn(minute));
      await inTime.addMinute(SMALL, at(minute), 3);
      await inTime.checkAfter(at(minute));
      await late.addMinute(SMALL, at(minute), 3);
      if (minute >= 3) await late.addMinute(BIG, at(minute - 3), rpsIn(minute - 3));
      if (minute % 7 !== 5) await Promise.all([late.checkAfter(at(minute)), late.checkAfter(at(minute))]);
    }

    expect(statisticsOf(late, 20)).toEqual(statisticsOf(inTime, 20));
    expect(statisticsOf(inTime, 20)[5]).toMatchObject({ demand: rpsIn(5) + 3, quota: 100 });
  });

  it('checkHeadroom() has told its findings when CloudWatch does not count the metrics, and fails', async () => {
    const { addMinute, checkAfter, findingOf } = createHeadroomAccount(INVENTORY, QUOTA, {
      publishMetricData: async () => 'not-counted',
    });
    await addMinute(BIG, NOON_MS, 130, 25);

    await expect(checkAfter(NOON_MS)).rejects.toThrow('not-counted');

    expect(findingOf('headroom.exhausted')).toMatchObject({ status: 'open', severity: 'critical' });
    expect(findingOf('throttling.account')).toMatchObject({ status: 'open', severity: 'critical' });
  });
});

describe('checkHeadroom() on silence', () => {
  const [big, small] = INVENTORY;

  /** Runs minute by minute; the stages have requests in the minutes of the two lists, one a second. */
  async function runQuiet(logged: readonly number[], counted: readonly number[], hasServiceCounts = true) {
    const fixture = createHeadroomAccount(INVENTORY, QUOTA, { hasServiceCounts });
    if (big === undefined || small === undefined) throw new Error('Two stages are known');
    for (let minute = 0; minute < 30; minute += 1) {
      if (logged.includes(minute)) await fixture.addMinute(BIG, at(minute), 1);
      if (counted.includes(minute)) fixture.service.count(small, at(minute), 60);
      await fixture.checkAfter(at(minute));
    }
    return fixture;
  }

  function zeroMinutes({ publishedOf }: ReturnType<typeof createHeadroomAccount>): number[] {
    return Array.from({ length: 30 }, (_, minute) => minute).filter((minute) =>
      publishedOf('AccountDemandRps', at(minute)).includes(0),
    );
  }

  it('checkHeadroom() publishes zero for final minutes in which neither logs nor API Gateway show a request', async () => {
    const fixture = await runQuiet([2], [4, 5]);

    expect(zeroMinutes(fixture)).toEqual([0, 1, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(fixture.publishedOf('BurstTokensLeft', at(3))).toEqual([50]);
    expect(fixture.publishedOf('AccountQuotaRps', at(3))).toEqual([100]);
  });

  it('checkHeadroom() publishes no zero where nobody counts but the logs', async () => {
    expect(zeroMinutes(await runQuiet([2], [], false))).toEqual([]);
  });

  it('checkHeadroom() does not ask API Gateway while the logs show requests in every minute', async () => {
    const busy = await runQuiet(
      Array.from({ length: 50 }, (_, minute) => minute - 20),
      [],
    );

    expect(zeroMinutes(busy)).toEqual([]);
    // Of the minutes before noon no log knows anything; they are looked at twice.
    expect(busy.service.asked).toHaveLength(4);
  });
});

import { describe, expect, it } from 'vitest';
import { stageInMinute } from '#shared/application/read-stage-demand.ts';
import { NO_THROTTLE } from '#shared/domain/headroom/throttling/throttle-layers.ts';
import { inventoryOf, NOON_MS } from '#test/fakes/replayed-account.ts';

const MINUTE_MS = 60_000;
const [ITEM] = inventoryOf({ apiId: 'orders', stage: 'prod' });

/** What is usual at noon for a stage that got ten times busier some minutes before. */
function usualAfterSurge(minutes: number): number | null {
  if (ITEM === undefined) throw new Error('An inventory has an item');
  const requests = new Map<number, number>();
  for (let minute = -65; minute <= 0; minute += 1) {
    requests.set(NOON_MS + minute * MINUTE_MS, minute < -minutes ? 60 : 600);
  }
  const history = { item: ITEM, scope: { accountId: '123456789012', region: 'us-east-1' }, requests };
  const stage = stageInMinute(
    { ...history, throttled: new Map(), isUnlogged: false, knownMinutesMs: new Set(requests.keys()) },
    NOON_MS,
    NO_THROTTLE,
  );
  expect(stage.nowRps).toBe(10);
  return stage.usualRps;
}

describe('stageInMinute()', () => {
  it.each([
    [35, 1],
    [36, 10],
  ])(
    'stageInMinute() of a surge %i minutes old takes %i rps for usual: the newest five minutes have no say',
    (age, rps) => {
      expect(usualAfterSurge(age)).toBe(rps);
    },
  );
});

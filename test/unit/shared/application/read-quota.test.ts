import { describe, expect, it } from 'vitest';
import { createMemoryQuotas } from '#shared/adapters/memory-quotas.ts';
import type { QuotaStore } from '#shared/application/ports.ts';
import { createReadQuota, type QuotaProblem } from '#shared/application/read-quota.ts';
import { NO_NUMBERS, type QuotaNumbers } from '#shared/domain/headroom/quota/quota-in-force.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOON_MS = Date.UTC(2026, 2, 2, 12);
const USUAL = { rateRps: 10_000, burst: 5_000 };
const LOWER = { rateRps: 8_000, burst: 4_000 };

/** An error as the SDK's clients throw them: its message may hold what no log may. */
class AccessDenied extends Error {
  override readonly name = 'AccessDeniedException';
}

type Answer = QuotaNumbers | Error;

/** An account whose services a test answers for, watched by processes that share a store. */
function createFixture(quotas: QuotaStore = createMemoryQuotas()) {
  const account = { getAccount: USUAL as Answer, serviceQuotas: USUAL as Answer };
  const clock = { nowMs: NOON_MS };
  const calls = { getAccount: 0, serviceQuotas: 0 };
  const problems: QuotaProblem[] = [];
  const answer = (source: keyof typeof account) => async () => {
    calls[source] += 1;
    const told = account[source];
    if (told instanceof Error) throw told;
    return told;
  };
  const start = (override: QuotaNumbers = NO_NUMBERS) =>
    createReadQuota({
      readAccountThrottle: answer('getAccount'),
      readServiceQuotas: answer('serviceQuotas'),
      override,
      region: 'us-east-1',
      quotas,
      now: () => new Date(clock.nowMs),
      tellProblems: (told) => problems.push(...told),
    });
  return { account, clock, calls, problems, quotas, start };
}

describe('readQuota()', () => {
  it('readQuota() asks both services once, and says what is in force', async () => {
    const { start, calls, problems } = createFixture();

    expect(await start()()).toEqual({
      ...USUAL,
      rateSource: 'get-account',
      burstSource: 'get-account',
      readings: { getAccount: USUAL, serviceQuotas: USUAL },
      changes: [],
    });
    expect(calls).toEqual({ getAccount: 1, serviceQuotas: 1 });
    expect(problems).toEqual([]);
  });

  it('readQuota() asks again after ten minutes, not before, in one process or in many', async () => {
    const { start, calls, clock } = createFixture();
    const readQuota = start();
    for (const minute of [0, 1, 5, 9.99]) {
      clock.nowMs = NOON_MS + minute * MINUTE_MS;
      await readQuota();
      await start()();
    }
    expect(calls.getAccount).toBe(1);

    clock.nowMs = NOON_MS + 10 * MINUTE_MS;
    await readQuota();
    await start()();
    expect(calls).toEqual({ getAccount: 2, serviceQuotas: 2 });
  });

  it('readQuota() needs no store while it remembers', async () => {
    const memory = createMemoryQuotas();
    let reads = 0;
    const quotas = {
      ...memory,
      read: () => {
        reads += 1;
        return memory.read();
      },
    };
    const { start } = createFixture(quotas);
    const readQuota = start();

    await readQuota();
    await readQuota();

    expect(reads).toBe(1);
  });

  it('readQuota() notes when the quota changed, the same for every later reader', async () => {
    const { start, account, clock } = createFixture();
    const readQuota = start();
    await readQuota();
    account.getAccount = LOWER;
    clock.nowMs = NOON_MS + 10 * MINUTE_MS;

    const first = await readQuota();
    clock.nowMs += 7 * MINUTE_MS;
    const later = await start()();
    clock.nowMs += 7 * MINUTE_MS;
    const reread = await readQuota();

    expect(first.changes).toMatchObject([{ atMs: NOON_MS + 10 * MINUTE_MS, from: USUAL, to: LOWER }]);
    expect(first.changes[0]?.from).not.toHaveProperty('changes');
    expect(later).toEqual(first);
    expect(reread).toEqual(first);
  });

  it('readQuota() notes no change where only who tells it has changed', async () => {
    const { start, account, clock } = createFixture();
    account.getAccount = NO_NUMBERS;
    const readQuota = start();
    expect(await readQuota()).toMatchObject({ rateSource: 'service-quotas' });

    account.getAccount = USUAL;
    clock.nowMs += 10 * MINUTE_MS;

    expect(await readQuota()).toMatchObject({ rateSource: 'get-account', changes: [] });
  });

  it('readQuota() forgets changes that nothing is judged by any more', async () => {
    const { start, account, clock } = createFixture();
    const readQuota = start();
    await readQuota();
    account.getAccount = LOWER;
    clock.nowMs += HOUR_MS;
    expect((await readQuota()).changes).toHaveLength(1);

    clock.nowMs += 3 * HOUR_MS;

    expect((await readQuota()).changes).toEqual([]);
  });

  it('readQuota() keeps a number of changes that fits into an item, the newest ones', async () => {
    const { start, account, clock } = createFixture();
    const readQuota = start();
    for (let step = 0; step < 15; step += 1) {
      account.getAccount = { rateRps: 1_000 + step, burst: 500 };
      clock.nowMs += 10 * MINUTE_MS;
      await readQuota();
    }

    const { changes } = await readQuota();

    expect(changes).toHaveLength(10);
    expect(changes.at(-1)?.to.rateRps).toBe(1_014);
  });
});

describe('readQuota() when services fail', () => {
  it.each([
    ['getAccount', 'serviceQuotas', 'service-quotas'],
    ['serviceQuotas', 'getAccount', 'get-account'],
  ] as const)('readQuota() goes on without %s, and tells why', async (failing, other, rateSource) => {
    const { start, account, problems } = createFixture();
    account[failing] = new AccessDenied('User arn:aws:sts::123456789012:assumed-role/secret');
    account[other] = LOWER;

    expect(await start()()).toMatchObject({ ...LOWER, rateSource });
    expect(problems).toEqual([{ source: failing, reason: 'AccessDeniedException' }]);
  });

  it('readQuota() assumes the Region’s default when nobody has ever told', async () => {
    const { start, account, problems } = createFixture();
    account.getAccount = new AccessDenied();
    account.serviceQuotas = new TypeError('fetch failed');

    expect(await start()()).toMatchObject({
      ...USUAL,
      rateSource: 'region-default',
      burstSource: 'region-default',
    });
    expect(problems.map(({ reason }) => reason)).toEqual(['AccessDeniedException', 'TypeError']);
  });

  it('readQuota() takes the override when nobody tells', async () => {
    const { start, account } = createFixture();
    account.getAccount = new AccessDenied();
    account.serviceQuotas = new AccessDenied();

    expect(await start(LOWER)()).toMatchObject({ ...LOWER, rateSource: 'override', burstSource: 'override' });
  });

  it('readQuota() keeps what it knew, for days, while nobody answers', async () => {
    const { start, account, clock } = createFixture();
    account.getAccount = LOWER;
    const known = await start()();
    account.getAccount = new AccessDenied();
    account.serviceQuotas = new AccessDenied();

    for (const hours of [1, 23, 30]) {
      clock.nowMs += hours * HOUR_MS;
      expect(await start()()).toEqual(known);
    }
  });

  it('readQuota() tells of no change when the lower source is away for a while', async () => {
    const { start, account, clock } = createFixture();
    account.getAccount = LOWER;
    await start()();

    account.getAccount = new AccessDenied();
    clock.nowMs += 10 * MINUTE_MS;
    expect(await start()()).toMatchObject({ ...LOWER, rateSource: 'get-account', changes: [] });

    account.getAccount = LOWER;
    clock.nowMs += 10 * MINUTE_MS;
    expect(await start()()).toMatchObject({ ...LOWER, changes: [] });
  });

  it('readQuota() forgets after a day what a service said, if the other one tells', async () => {
    const { start, account, clock } = createFixture();
    account.getAccount = LOWER;
    await start()();
    account.getAccount = new AccessDenied();

    clock.nowMs += 24 * HOUR_MS - 1;
    expect(await start()()).toMatchObject(LOWER);
    clock.nowMs += 10 * MINUTE_MS;

    expect(await start()()).toMatchObject({ ...USUAL, rateSource: 'service-quotas' });
  });

  it('readQuota() keeps what one said if the other answers without a number', async () => {
    const { start, account, clock } = createFixture();
    account.getAccount = LOWER;
    account.serviceQuotas = NO_NUMBERS;
    await start()();
    account.getAccount = new AccessDenied();

    clock.nowMs += 48 * HOUR_MS;

    expect(await start()()).toMatchObject({ ...LOWER, rateSource: 'get-account' });
  });

  it('readQuota() throws when the store does, since it would tell every change twice', async () => {
    const broken = async () => {
      throw new Error('DynamoDB is down');
    };

    await expect(createFixture({ read: broken, write: broken }).start()()).rejects.toThrow('DynamoDB');
    await expect(createFixture({ read: async () => null, write: broken }).start()()).rejects.toThrow(
      'DynamoDB',
    );
  });
});

describe('readQuota() under an override', () => {
  it('readQuota() asks again at once when a deploy has changed the override, and notes the change', async () => {
    const { start, clock, calls } = createFixture();
    await start()();
    clock.nowMs += MINUTE_MS;

    const status = await start({ rateRps: 6_000, burst: null })();

    expect(calls.getAccount).toBe(2);
    expect(status).toMatchObject({ rateRps: 6_000, burst: 5_000, rateSource: 'override' });
    expect(status.changes).toMatchObject([{ atMs: clock.nowMs, from: USUAL, to: { rateRps: 6_000 } }]);
  });

  it('readQuota() names the override as the source at once, also where it says what was read', async () => {
    const { start, clock } = createFixture();
    await start()();
    clock.nowMs += MINUTE_MS;

    expect(await start(USUAL)()).toMatchObject({ rateSource: 'override', changes: [] });
  });
});

describe('readQuota() in two processes at once', () => {
  it('readQuota() takes the word of the one that wrote first', async () => {
    const fixture = createFixture();
    await fixture.start()();
    fixture.account.getAccount = LOWER;
    const changedMs = NOON_MS + 10 * MINUTE_MS;
    fixture.clock.nowMs = changedMs;
    const memory = fixture.quotas;
    const first = fixture.start();
    const second = createReadQuota({
      readAccountThrottle: async () => LOWER,
      readServiceQuotas: async () => {
        await first(); // is faster
        return USUAL;
      },
      override: NO_NUMBERS,
      region: 'us-east-1',
      quotas: memory,
      now: () => new Date(changedMs + 61_000),
      tellProblems: () => {},
    });

    const told = await second();

    expect(told.changes.map(({ atMs }) => atMs)).toEqual([changedMs]);
    expect(told).toEqual(await first());
    expect(told).toEqual((await memory.read())?.status);
  });
});

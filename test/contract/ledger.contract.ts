import { beforeEach, describe, expect, it } from 'vitest';
import type { EventTally, Ledger, LedgerClaim, LedgerProgress } from '#shared/application/ledger-ports.ts';
import type { Now } from '#shared/application/ports.ts';

const START_MS = Date.parse('2026-03-02T14:00:00Z');
const LEASE_MS = 60_000;

const CLAIM: LedgerClaim = {
  key: 'envelope-1',
  requestId: 'request-1',
  receivedAtMs: START_MS,
  planHash: 'plan-1',
  leaseUntilMs: START_MS + LEASE_MS,
};

const REQUEST_IDS = Array.from({ length: 25 }, (_, index) => `request-${index + 10}`);

/** So many events as are told from each other. */
function tally(chunksSent: number): EventTally {
  return {
    possiblyRepeatedEvents: 10 * chunksSent,
    tooOldEvents: 200 * chunksSent,
    refusedEvents: 3_000 * chunksSent,
  };
}

/** A later claim on the same envelope, whose own time and plan must not replace those of the first. */
function claimOf(requestId: string, nowMs: number): LedgerClaim {
  return { ...CLAIM, requestId, receivedAtMs: nowMs, planHash: 'plan-2', leaseUntilMs: nowMs + LEASE_MS };
}

/**
 * What every ledger does.
 *
 * @param createLedger - Makes an empty ledger that reads the given clock
 */
export function describeLedger(name: string, createLedger: (now: Now) => Ledger | Promise<Ledger>): void {
  describe(name, () => {
    let nowMs: number;
    let ledger: Ledger;

    beforeEach(async () => {
      nowMs = START_MS;
      ledger = await createLedger(() => new Date(nowMs));
    });

    async function recordFirst(
      status: LedgerProgress['status'],
      chunksSent: number,
      isParking = false,
    ): Promise<void> {
      const { key, requestId, leaseUntilMs } = CLAIM;
      await ledger.record({
        key,
        requestId,
        leaseUntilMs,
        status,
        chunksSent,
        ...tally(chunksSent),
        isParking,
      });
    }

    it('claim() returns claimed for an envelope that nobody has begun', async () => {
      expect(await ledger.claim(CLAIM)).toEqual({ status: 'claimed' });
      expect(await ledger.claim({ ...CLAIM, key: 'envelope-2' })).toEqual({ status: 'claimed' });
    });

    it('claim() returns done for a counted envelope, whoever asks and whenever', async () => {
      await ledger.claim(CLAIM);
      await recordFirst('done', 3);

      expect(await ledger.claim(claimOf('request-2', nowMs))).toEqual({ status: 'done' });
      expect(await ledger.claim(CLAIM)).toEqual({ status: 'done' });
      nowMs += 10 * LEASE_MS;
      expect(await ledger.claim(claimOf('request-2', nowMs))).toEqual({ status: 'done' });
    });

    it('claim() returns leased while another request holds the lease', async () => {
      await ledger.claim(CLAIM);

      nowMs = CLAIM.leaseUntilMs - 1;

      expect(await ledger.claim(claimOf('request-2', nowMs))).toEqual({ status: 'leased' });
    });

    it('claim() returns resumed at the moment at which a lease ends', async () => {
      await ledger.claim(CLAIM);
      await recordFirst('sending', 2);

      nowMs = CLAIM.leaseUntilMs;

      expect(await ledger.claim(claimOf('request-2', nowMs))).toEqual({
        status: 'resumed',
        receivedAtMs: CLAIM.receivedAtMs,
        planHash: CLAIM.planHash,
        chunksSent: 2,
        ...tally(2),
        mayHaveSent: true,
        isParking: false,
      });
    });

    it('claim() returns leased to the same request delivered twice at once', async () => {
      await ledger.claim(CLAIM);

      expect(await ledger.claim(claimOf(CLAIM.requestId, nowMs + 1_000))).toEqual({ status: 'leased' });
    });

    it('claim() returns resumed with a chunk in doubt when the same request asks again after its lease', async () => {
      await ledger.claim(CLAIM);

      nowMs = CLAIM.leaseUntilMs;

      expect(await ledger.claim(claimOf(CLAIM.requestId, nowMs))).toEqual({
        status: 'resumed',
        receivedAtMs: CLAIM.receivedAtMs,
        planHash: CLAIM.planHash,
        chunksSent: 0,
        ...tally(0),
        mayHaveSent: true,
        isParking: false,
      });
    });

    it('record() throws for an earlier attempt of the same request', async () => {
      await ledger.claim(CLAIM);
      nowMs = CLAIM.leaseUntilMs;
      await ledger.claim(claimOf(CLAIM.requestId, nowMs));

      await expect(recordFirst('done', 1)).rejects.toThrow();
    });

    it('claim() returns resumed without doubt after a stop, although the lease still runs', async () => {
      await ledger.claim(CLAIM);
      await recordFirst('stopped', 3);

      expect(await ledger.claim(claimOf('request-2', nowMs))).toEqual({
        status: 'resumed',
        receivedAtMs: CLAIM.receivedAtMs,
        planHash: CLAIM.planHash,
        chunksSent: 3,
        ...tally(3),
        mayHaveSent: false,
        isParking: false,
      });
    });

    it('claim() returns claimed after a stop before anything was sent, and goes by the new plan', async () => {
      await ledger.claim(CLAIM);
      await recordFirst('stopped', 0);

      const again = claimOf('request-2', nowMs + 1);
      expect(await ledger.claim(again)).toEqual({ status: 'claimed' });
      expect(await ledger.claim(claimOf('request-3', nowMs + 2))).toEqual({ status: 'leased' });
      await expect(recordFirst('done', 1)).rejects.toThrow();

      nowMs = again.leaseUntilMs;
      expect(await ledger.claim(claimOf('request-3', nowMs))).toMatchObject({
        status: 'resumed',
        receivedAtMs: again.receivedAtMs,
        planHash: 'plan-2',
        chunksSent: 0,
      });
    });

    it.each(['sending', 'stopped'] as const)(
      'claim() returns resumed without doubt for a chunk on its way to the queue, %s',
      async (status) => {
        await ledger.claim(CLAIM);
        await recordFirst(status, 0, true);

        nowMs = CLAIM.leaseUntilMs;

        expect(await ledger.claim(claimOf('request-2', nowMs))).toEqual({
          status: 'resumed',
          receivedAtMs: CLAIM.receivedAtMs,
          planHash: CLAIM.planHash,
          chunksSent: 0,
          ...tally(0),
          mayHaveSent: false,
          isParking: true,
        });
      },
    );

    it('claim() returns leased while a chunk is on its way to the queue', async () => {
      await ledger.claim(CLAIM);
      await recordFirst('sending', 1, true);

      expect(await ledger.claim(claimOf('request-2', nowMs))).toEqual({ status: 'leased' });
    });

    it('claim() returns resumed with a chunk in doubt when the one before it is in the queue', async () => {
      await ledger.claim(CLAIM);
      await recordFirst('sending', 1, true);
      await recordFirst('sending', 2);

      nowMs = CLAIM.leaseUntilMs;

      expect(await ledger.claim(claimOf('request-2', nowMs))).toMatchObject({
        chunksSent: 2,
        mayHaveSent: true,
        isParking: false,
      });
    });

    it('claim() returns leased while the request that resumed holds its own lease', async () => {
      await ledger.claim(CLAIM);
      await recordFirst('stopped', 3);
      nowMs += 40_000;
      await ledger.claim(claimOf('request-2', nowMs));

      nowMs += LEASE_MS - 1;

      expect(await ledger.claim(claimOf('request-3', nowMs))).toEqual({ status: 'leased' });
    });

    it('record() throws for a request that has lost its claim, and changes nothing', async () => {
      await ledger.claim(CLAIM);
      await recordFirst('sending', 1);
      nowMs = CLAIM.leaseUntilMs;
      await ledger.claim(claimOf('request-2', nowMs));

      await expect(recordFirst('done', 9)).rejects.toThrow();

      nowMs += LEASE_MS;
      expect(await ledger.claim(claimOf('request-3', nowMs))).toMatchObject({
        status: 'resumed',
        chunksSent: 1,
      });
    });

    it('record() throws for an envelope that nobody has claimed, and begins none', async () => {
      await expect(recordFirst('done', 1)).rejects.toThrow();

      expect(await ledger.claim(CLAIM)).toEqual({ status: 'claimed' });
    });

    it('claim() returns claimed to exactly one of many requests at once', async () => {
      const claims = REQUEST_IDS.map((requestId) => ledger.claim(claimOf(requestId, nowMs)));

      const statuses = (await Promise.all(claims)).map(({ status }) => status);

      expect(statuses.filter((status) => status === 'claimed')).toHaveLength(1);
      expect(statuses.filter((status) => status === 'leased')).toHaveLength(REQUEST_IDS.length - 1);
    });

    it('claim() returns resumed to exactly one of many requests that find the same abandoned lease', async () => {
      await ledger.claim(CLAIM);
      nowMs = CLAIM.leaseUntilMs;
      const claims = REQUEST_IDS.map((requestId) => ledger.claim(claimOf(requestId, nowMs)));

      const statuses = (await Promise.all(claims)).map(({ status }) => status);

      expect(statuses.filter((status) => status === 'resumed')).toHaveLength(1);
      expect(statuses.filter((status) => status === 'leased')).toHaveLength(REQUEST_IDS.length - 1);
    });
  });
}

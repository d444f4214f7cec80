import { expect, it } from 'vitest';
import { bucketEvidence } from '#shared/domain/headroom/demand/bucket-evidence.ts';

const QUOTA = { rateRps: 100, burst: 50 };

function evidence(requests: readonly number[], differences = {}) {
  const account = { startMs: 0, requests, throttled: requests.map(() => 0), ...differences };
  return bucketEvidence(account, QUOTA);
}

it.each([
  ['few requests against a full bucket', [45], ['spare']],
  ['one more, which may have been bunched', [46], ['unclear']],
  ['few requests after a second that used the bucket up', [150, 5], ['unclear', 'unclear']],
  ['few requests once it has filled again', [150, 0, 5], ['unclear', 'unclear', 'spare']],
  ['more than the bucket has', [151, 100], ['empty', 'unclear']],
  ['less than half a request more', [150.4], ['unclear']],
])('bucketEvidence() judges %s', (_, requests, expected) => {
  expect(evidence(requests)).toEqual(expected);
});

it('bucketEvidence() does not charge the account with what was refused before it', () => {
  expect(evidence([200, 200])).toEqual(['empty', 'empty']);
  expect(evidence([200, 200], { refusedEarlier: [160, 160] })).toEqual(['spare', 'spare']);
});

it('bucketEvidence() counts what is unlogged twice before it sees tokens to spare', () => {
  const requests = Array<number>(60).fill(25);

  expect(new Set(evidence(requests, { unloggedRps: [10] }))).toEqual(new Set(['spare']));
  expect(new Set(evidence(requests, { unloggedRps: [11] }))).toEqual(new Set(['unclear']));
});

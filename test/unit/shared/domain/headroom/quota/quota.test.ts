import { describe, expect, it } from 'vitest';
import { defaultQuota } from '#shared/domain/headroom/quota/quota.ts';

describe('defaultQuota()', () => {
  it.each(['us-east-1', 'eu-west-1', 'ap-northeast-1', 'a-region-of-tomorrow'])(
    'defaultQuota() is 10,000 rps and 5,000 in %s',
    (region) => {
      expect(defaultQuota(region)).toEqual({ rateRps: 10_000, burst: 5_000 });
    },
  );

  it.each([
    'af-south-1',
    'eu-south-1',
    'ap-southeast-3',
    'me-central-1',
    'ap-south-2',
    'ap-southeast-4',
    'eu-south-2',
    'eu-central-2',
    'il-central-1',
    'ca-west-1',
    'ap-southeast-5',
    'ap-southeast-7',
    'mx-central-1',
  ])('defaultQuota() is a quarter of that in %s', (region) => {
    expect(defaultQuota(region)).toEqual({ rateRps: 2_500, burst: 1_250 });
  });
});

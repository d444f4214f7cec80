import { describe, expect, it } from 'vitest';
import { findingIdentity, isAtLeast, type Severity, worse } from '#shared/domain/detection/finding.ts';

const ORDER: Severity[] = ['info', 'warning', 'critical'];
const PAIRS = ORDER.flatMap((a, i) => ORDER.map((b, j) => ({ a, b, i, j })));
const STAGE = {
  accountId: '123456789012',
  region: 'us-east-1',
  apiId: 'a1',
  apiName: 'orders',
  stage: 'prod',
};

describe('worse()', () => {
  it.each(PAIRS)('worse() of $a and $b is the later in the order', ({ a, b, i, j }) => {
    expect(worse(a, b)).toBe(ORDER[Math.max(i, j)]);
  });
});

describe('isAtLeast()', () => {
  it.each(PAIRS)('isAtLeast() compares $a with $b', ({ a, b, i, j }) => {
    expect(isAtLeast(a, b)).toBe(i >= j);
  });
});

describe('findingIdentity()', () => {
  it('findingIdentity() differs by kind, account, region, API and stage', () => {
    const identities = [
      findingIdentity('latency', STAGE),
      findingIdentity('error-budget', STAGE),
      findingIdentity('latency', { ...STAGE, accountId: '2' }),
      findingIdentity('latency', { ...STAGE, region: 'eu-west-1' }),
      findingIdentity('latency', { ...STAGE, apiId: 'b2' }),
      findingIdentity('latency', { ...STAGE, stage: 'dev' }),
      findingIdentity('latency', { accountId: STAGE.accountId, region: STAGE.region }),
    ];

    expect(new Set(identities).size).toBe(identities.length);
  });

  it('findingIdentity() does not change when an API is renamed', () => {
    expect(findingIdentity('latency', { ...STAGE, apiName: 'orders-v2' })).toBe(
      findingIdentity('latency', STAGE),
    );
  });
});

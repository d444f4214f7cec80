import { describe, expect, it } from 'vitest';
import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import { ACCOUNT, createOccurrence, INVENTORY } from '#test/fakes/occurrence.ts';

const KINDS: [kind: JudgedKind, title: string][] = [
  ['headroom.low', 'Account close to its throttle'],
  ['headroom.exhausted', 'Account throttle exhausted'],
  ['quota.changed', 'Account burst raised from 0 to 0 requests'],
  ['throttling.account', 'Account throttle refuses requests'],
  ['throttling.stage', 'orders-api/prod refuses requests with 429'],
  ['noisy-neighbour', 'orders-api/prod takes the shared quota'],
  ['error-budget', 'orders-api/prod: failures of unknown cause'],
  ['latency', 'orders-api/prod is slow'],
  ['timeout-budget', 'orders-api/prod runs into its integration timeout'],
  ['logging.bodies', 'orders-api/prod logs request and response bodies'],
  ['blind.logs', 'orders-api/prod sends no log events'],
  ['blind.metrics', 'CloudWatch has no new metrics of API Gateway'],
];

describe('describeFinding()', () => {
  it.each(KINDS)('describeFinding() has words for %s, also without any numbers', (kind, title) => {
    const told = describeFinding(createOccurrence(kind), INVENTORY);

    expect(told.title).toBe(title);
    expect(told.nextStep).toMatch(/^[A-Z].+\.$/);
    expect(told.value).toBe(0);
  });

  it('describeFinding() speaks of the account where the scope is no stage', () => {
    const scopes = [ACCOUNT, { ...ACCOUNT, apiId: 'a1' }, { ...ACCOUNT, stage: 'prod' }];

    const titles = scopes.map(
      (scope) => describeFinding(createOccurrence('latency', { scope }), INVENTORY).title,
    );

    expect(new Set(titles)).toEqual(new Set(['the account is slow']));
  });

  it.each(KINDS)('describeFinding() says the ids of a stage that nobody knows, for %s', (kind) => {
    const told = describeFinding(createOccurrence(kind), []);

    expect(JSON.stringify(told)).not.toContain('orders-api');
  });
});

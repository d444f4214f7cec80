import { describe, expect, it } from 'vitest';
import { planSubscription } from '#shared/domain/subscriptions/plan-subscription.ts';
import type { SubscriptionFilter } from '#shared/domain/subscriptions/subscription-filter.ts';

const OWN_PREFIX = '/aws/lambda/gatewatch-prod-';
const WANTED: SubscriptionFilter = {
  name: 'gatewatch-prod-access',
  pattern: '',
  destinationArn: 'arn:aws:lambda:us-east-1:123456789012:function:ingest',
};

function foreign(count: number): SubscriptionFilter[] {
  return Array.from({ length: count }, (_, index) => ({ ...WANTED, name: `shipper-${index}` }));
}

function plan(filters: readonly SubscriptionFilter[] | null, { name = 'orders', takesFilters = true } = {}) {
  return planSubscription(WANTED, { name, takesFilters, filters }, OWN_PREFIX);
}

describe('planSubscription()', () => {
  it.each([0, 1, 2, 4])('makes a filter next to %d of others: below five the service decides', (count) => {
    expect(plan(foreign(count))).toEqual({ action: 'make' });
  });

  it('leaves a group alone that has five filters of others', () => {
    expect(plan(foreign(5))).toEqual({ action: 'leave', reason: 'slots-taken' });
  });

  it.each([0, 1, 4])('keeps a filter that is right, next to %d of others', (count) => {
    expect(plan([...foreign(count), WANTED])).toEqual({ action: 'keep' });
  });

  it.each([
    ['goes elsewhere', { destinationArn: `${WANTED.destinationArn}-old` }],
    ['takes other lines', { pattern: '"429"' }],
  ])('replaces a filter of ours that %s, also where all slots are taken', (_, difference) => {
    expect(plan([...foreign(4), { ...WANTED, ...difference }])).toEqual({ action: 'replace' });
  });

  it('leaves a group alone that does not exist', () => {
    expect(plan(null)).toEqual({ action: 'leave', reason: 'no-group' });
  });

  it('leaves a group alone whose class takes no filters', () => {
    expect(plan([], { takesFilters: false })).toEqual({ action: 'leave', reason: 'log-class' });
  });

  it.each([null, [], [WANTED], foreign(5)])('leaves own groups alone, whatever they have: %j', (filters) => {
    const decision = plan(filters, { name: `${OWN_PREFIX}ingest-access-logs` });

    expect(decision).toEqual({ action: 'leave', reason: 'own-group' });
  });
});

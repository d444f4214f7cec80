import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FATES, type Fate } from '#test/property/ledger-model/fates.ts';
import { runHistory } from '#test/property/ledger-model/history.ts';
import type { Action, History } from '#test/property/ledger-model/told-history.ts';

const HISTORIES = 10_000;

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Fate>('accept') },
  { weight: 4, arbitrary: fc.constantFrom(...FATES) },
  { weight: 1, arbitrary: fc.constant<Fate>('storm') },
);

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    do: fc.constant('deliver' as const),
    envelope: fc.nat(1),
    copy: fc.constantFrom('none', 'same-request', 'other-request'),
  }),
  fc.record({ do: fc.constant('repeat' as const), isLate: fc.boolean() }),
  fc.record({ do: fc.constant('consume' as const), place: fc.nat(2), isKept: fc.boolean() }),
  fc.constant({ do: 'redrive' as const }),
  fc.record({ do: fc.constant('deploy' as const), envelope: fc.nat(1) }),
);

const history: fc.Arbitrary<History> = fc.record({
  sizes: fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }), { minLength: 1, maxLength: 2 }),
  actions: fc.array(action, { maxLength: 8 }),
  fates: fc.array(fc.tuple(fate, fc.nat(3)), { maxLength: 25 }),
});

it(`an envelope is counted once, or within the stated interval, in each of ${HISTORIES} histories`, async () => {
  const seen = new Set<string>();
  const dealt = new Set<Fate>();

  await fc.assert(
    fc.asyncProperty(history, async (told) => {
      const ending = await runHistory(told);
      for (const what of ending.seen) seen.add(what);
      for (const what of ending.dealt) dealt.add(what);
      if (ending.books.some(({ counted }) => counted.some((times) => times > 1))) seen.add('counted twice');
      if (ending.books.some(({ invalid }) => invalid.size > 0)) seen.add('invalid');
      if (ending.fault !== null) throw new Error(ending.fault);
    }),
    { numRuns: HISTORIES },
  );

  // Else the histories would prove less than they seem to.
  expect([...dealt].sort()).toEqual([...FATES].sort());
  expect([...seen].sort()).toEqual([
    'counted',
    'counted twice',
    'dead',
    'failed',
    'invalid',
    'parked',
    'parked put-off',
    'parked repeated',
    'parked sent',
    'poison',
    'redriven',
    'repeated',
  ]);
});

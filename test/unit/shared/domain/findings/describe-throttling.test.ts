import { describe, expect, it } from 'vitest';
import type { JudgedKind } from '#shared/domain/detection/finding.ts';
import type { Measures, Occurrence } from '#shared/domain/detection/occurrence.ts';
import { describeFinding } from '#shared/domain/findings/describe-finding.ts';
import { ACCOUNT, createOccurrence, INVENTORY } from '#test/fakes/occurrence.ts';

function facts(kind: JudgedKind, differences: Partial<Occurrence> = {}): Record<string, string> {
  const { evidence } = describeFinding(createOccurrence(kind, differences), INVENTORY);
  return Object.fromEntries(evidence.map(({ label, value }) => [label, value]));
}

describe('describeFinding() on throttling of the account', () => {
  it('describeFinding() lists who is hurt, the hardest hit first, without the culprit', () => {
    const sums: Measures = {
      requests: 100_000,
      refused: 9_000,
      'refused:a1/prod': 8_000,
      'requests:a1/prod': 50_000,
      'culprit:a1/prod': 2,
      'refused:b2/v1': 310,
      'requests:b2/v1': 15_500,
      'refused:c3/$default': 690,
      'requests:c3/$default': 6_900,
      'refused:zz/dev': 5,
      'requests:zz/dev': 100,
    };

    expect(facts('throttling.account', { scope: ACCOUNT, sums })).toEqual({
      Hurt: 'search-api/$default ≥ 690 refused (10 %) · users-api/v1 ≥ 310 refused (2 %) · zz/dev ≥ 5 refused (5 %)',
      'Cost so far': '≥ 9,000 requests refused, 9 % of all',
    });
  });

  it('describeFinding() names five of those who are hurt and counts the others', () => {
    const sums = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [
        [`refused:x${index}/prod`, 100 - index],
        [`requests:x${index}/prod`, 1_000],
      ]).flat(),
    );

    const hurt = facts('throttling.account', { scope: ACCOUNT, sums })['Hurt'];

    expect(hurt?.split(' · ')).toHaveLength(6);
    expect(hurt).toMatch(/^x0\/prod .* · 3 more$/);
  });

  it('describeFinding() counts no others where five are hurt', () => {
    const sums = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`refused:x${index}/prod`, 1]));

    expect(facts('throttling.account', { scope: ACCOUNT, sums })['Hurt']).not.toContain('more');
  });

  it('describeFinding() hurts nobody when the culprit alone is refused', () => {
    const sums = { 'refused:a1/prod': 8, 'requests:a1/prod': 9, 'culprit:a1/prod': 1 };

    expect(facts('throttling.account', { scope: ACCOUNT, sums })).toEqual({});
  });

  it('describeFinding() tells what the logs name from what is inferred', () => {
    const sums = { refused: 12, requests: 600, observed: 4, inferred: 8 };

    expect(facts('throttling.account', { scope: ACCOUNT, sums })['Known by']).toBe(
      'observed: the logs name the account throttle for 4 requests · inferred: the account was at its quota, no log names another limit for 8',
    );
  });

  it('describeFinding() says that refusals are probably missing where the demand is flat', () => {
    const peaks = { clippedSeconds: 44 };

    expect(facts('throttling.account', { scope: ACCOUNT, peaks })).toEqual({
      'Known by': 'inferred: demand flat at the quota for 44 s of a minute, refusals are probably not logged',
    });
  });
});

describe('describeFinding() on throttling of a stage', () => {
  it.each([
    ['throttle.method', 'Raise the limit if the backend can take more.'],
    ['throttle.unknown-level', 'Turn on execution logs at level ERROR: they name the limit.'],
    ['throttle.account', 'Turn on execution logs at level ERROR: they name the limit.'],
    [null, 'Turn on execution logs at level ERROR: they name the limit.'],
  ] as const)('describeFinding() says what to do about %s', (cause, nextStep) => {
    expect(describeFinding(createOccurrence('throttling.stage', { cause }), INVENTORY).nextStep).toBe(
      nextStep,
    );
  });
});

describe('describeFinding() on throttling of a stage that no log explains', () => {
  const HAD_ROOM = 'inferred: the account throttle had room';
  const ANY_LIMIT = 'so it is a limit of a usage plan, a method or the stage';
  const COMPARE =
    'Compare usage plans, method and stage limits with its rate; the execution log may name the limit later.';

  it.each([
    [
      'logs of level ERROR are on already',
      { executionLogLevel: 'ERROR' },
      `${HAD_ROOM}, ${ANY_LIMIT}`,
      COMPARE,
    ],
    [
      'the stage has a limit, at which the account throttle may have been short too',
      { limits: { rateRps: 2_000, burst: 1_000 }, executionLogLevel: 'INFO' },
      `${HAD_ROOM}, or the stage was at its own limit of 2,000 rps, ${ANY_LIMIT}`,
      COMPARE,
    ],
    [
      'it is an HTTP API, which has neither usage plans nor execution logs',
      { apiType: 'HTTP' },
      `${HAD_ROOM}, so it is a limit of a route or the stage`,
      'Compare the throttle settings of the stage and its routes with its rate.',
    ],
  ] as const)(
    'describeFinding() gives advice that can be followed where %s',
    (_, settings, known, nextStep) => {
      const inventory = INVENTORY.map((item) => ({ ...item, ...settings }));

      const told = describeFinding(createOccurrence('throttling.stage'), inventory);

      expect(told.evidence).toContainEqual({ label: 'Known by', value: known });
      expect(told.nextStep).toBe(nextStep);
    },
  );
});

describe('describeFinding() on throttling of clients', () => {
  it('describeFinding() says that a usage plan’s refusals concern its clients only', () => {
    const sums = { refused: 900, requests: 3_000, byRate: 600, byQuota: 300 };
    const occurrence = createOccurrence('throttling.client', { sums, cause: 'throttle.usage-plan' });

    const { title, value, nextStep } = describeFinding(occurrence, INVENTORY);

    expect({ title, value, nextStep }).toEqual({
      title: 'orders-api/prod: clients are above their usage plan',
      value: 900,
      nextStep: 'Raise the plan’s rate or let the client back off.',
    });
    expect(facts('throttling.client', { sums })).toEqual({
      Refused: '900 requests, 30 % of the stage’s · rate of a usage plan 600 · quota of a usage plan 300',
      Concerns: 'clients of the usage plan only; the account throttle and other APIs are not touched',
    });
  });

  it('describeFinding() says what to do about a used-up quota', () => {
    const occurrence = createOccurrence('throttling.client', { cause: 'throttle.quota' });

    expect(describeFinding(occurrence, INVENTORY).nextStep).toBe(
      'Raise the plan’s quota or wait for the next period.',
    );
  });
});

import { describe, expect, it } from 'vitest';
import {
  inferLayers,
  type LayerCause,
  NO_THROTTLE,
  observeLayers,
  type StageRefusals,
} from '#shared/domain/headroom/throttling/throttle-layers.ts';

type Counts = Partial<Record<LayerCause, number>>;

function counts(given: Counts): ReadonlyMap<LayerCause, number> {
  return new Map(Object.entries(given) as [LayerCause, number][]);
}

function refusals(
  causes: Counts,
  executionCauses: Counts = {},
  differences: Partial<StageRefusals> = {},
): StageRefusals {
  return {
    requests: 6_000,
    throttled: 100,
    causes: counts(causes),
    executionCauses: counts(executionCauses),
    executionUnknown: 0,
    limits: null,
    ...differences,
  };
}

describe('observeLayers()', () => {
  it('observeLayers() takes the causes of the access log at their word, and leaves the rest open', () => {
    const causes = {
      'throttle.account': 10,
      'throttle.method': 20,
      'throttle.usage-plan': 30,
      'throttle.quota': 5,
    };

    expect(observeLayers(refusals(causes))).toEqual({
      layers: {
        accountObserved: 10,
        accountInferred: 0,
        stageObserved: 20,
        stageInferred: 0,
        usagePlanRate: 30,
        usagePlanQuota: 5,
      },
      unknown: 35,
    });
  });

  it('observeLayers() never tells more 429s than there were', () => {
    const { layers, unknown } = observeLayers(refusals({ 'throttle.quota': 150, 'throttle.method': 50 }));

    expect({ layers, unknown }).toMatchObject({
      layers: { usagePlanQuota: 75, stageObserved: 25 },
      unknown: 0,
    });
  });

  it.each([
    ['that names all', { 'throttle.usage-plan': 100 }, 0, 100, 0],
    ['that names all it has, but misses some', { 'throttle.usage-plan': 10 }, 0, 100, 0],
    ['that leaves some open', { 'throttle.usage-plan': 40 }, 60, 40, 60],
    ['that leaves some open and has too many', { 'throttle.usage-plan': 400 }, 60, 100, 0],
    ['that names none', {}, 60, 0, 100],
  ])(
    'observeLayers() splits by an execution log %s',
    (_, executionCauses, executionUnknown, usagePlanRate, unknown) => {
      const observed = observeLayers(refusals({}, executionCauses, { executionUnknown }));

      expect(observed).toEqual({ layers: { ...NO_THROTTLE, usagePlanRate }, unknown });
    },
  );

  it('observeLayers() does not count twice what both logs name', () => {
    const both = { 'throttle.quota': 60 };

    const observed = observeLayers(refusals(both, { ...both, 'throttle.method': 40 }));

    expect(observed).toEqual({
      layers: { ...NO_THROTTLE, usagePlanQuota: 60, stageObserved: 40 },
      unknown: 0,
    });
  });

  it.each([
    ['below its limit', { rateRps: 100, burst: 50 }, 0],
    ['a little above it', { rateRps: 99, burst: 20 }, 40],
    ['far above it', { rateRps: 50, burst: 50 }, 100],
  ])('observeLayers() takes what is %s for the stage’s', (_, limits, stageInferred) => {
    const observed = observeLayers(refusals({}, {}, { limits }));

    expect(observed).toEqual({ layers: { ...NO_THROTTLE, stageInferred }, unknown: 100 - stageInferred });
  });

  it('observeLayers() does not hold against the stage’s limit what usage plans refused before it', () => {
    const observed = observeLayers(
      refusals({ 'throttle.usage-plan': 60 }, {}, { limits: { rateRps: 99, burst: 0 } }),
    );

    expect(observed).toEqual({ layers: { ...NO_THROTTLE, usagePlanRate: 60 }, unknown: 40 });
  });
});

describe('inferLayers()', () => {
  const open = { layers: NO_THROTTLE, unknown: 100 };

  it.each([
    ['far from the quota', 0, 0, false, 0],
    ['far from the quota, with the bucket empty in some seconds', 0, 0.25, false, 25],
    ['near the quota', 0, 0, true, 100],
    ['near the quota, with tokens to spare in some seconds', 0.4, 0.6, true, 60],
    ['near the quota, with tokens to spare always', 1, 0, true, 0],
  ])('inferLayers() judges 429s %s', (_, spareShare, emptyShare, isNearQuota, accountInferred) => {
    const layers = inferLayers(
      open,
      { requests: 6_000, limits: null },
      { spareShare, emptyShare, isNearQuota },
    );

    expect(layers).toEqual({ ...NO_THROTTLE, accountInferred, stageInferred: 100 - accountInferred });
  });

  it.each([
    [100, 30],
    [111, 30],
    [112, 80],
  ])(
    'inferLayers() holds a stage’s own limit of %i rps against it before the account',
    (rateRps, accountInferred) => {
      const layers = inferLayers(
        open,
        { requests: 6_000, limits: { rateRps, burst: 500 } },
        { spareShare: 0.2, emptyShare: 0.3, isNearQuota: true },
      );

      expect(layers).toMatchObject({ accountInferred, stageInferred: 100 - accountInferred });
    },
  );
});

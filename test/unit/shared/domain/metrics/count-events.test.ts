import { describe, expect, it } from 'vitest';
import { countEvents } from '#shared/domain/metrics/count-events.ts';
import { latencies, requests } from '#test/fakes/metric-data.ts';

const STAGE = { ApiId: 'a1b2c3', Stage: 'prod' };

describe('countEvents()', () => {
  it('countEvents() returns 0 for nothing', () => {
    expect(countEvents([])).toBe(0);
  });

  it('countEvents() adds up the seconds of one series', () => {
    expect(countEvents([requests({ values: [2] }), requests({ values: [3] })])).toBe(5);
  });

  it('countEvents() counts the events of the account and of its stages once', () => {
    const stages = [
      requests({ values: [2], dimensions: STAGE }),
      requests({ values: [4], dimensions: STAGE }),
    ];

    expect(countEvents([requests({ values: [5] }), ...stages])).toBe(6);
  });

  it('countEvents() counts latencies by how many there are, not by how long they take', () => {
    expect(countEvents([latencies([900, 20], [3, 4])])).toBe(7);
  });

  it('countEvents() counts the events of different metrics once', () => {
    const errors = requests({
      name: 'ErrorCount',
      dimensions: { ...STAGE, Cause: 'backend.5xx' },
      values: [2],
    });

    expect(countEvents([latencies([900], [7]), errors])).toBe(7);
  });
});

import { describe, expect, it } from 'vitest';
import { createRecentIds } from '#shared/domain/logs/stories/recent-ids.ts';

describe('createRecentIds()', () => {
  it('createRecentIds() remembers at least the newer half and at most the number asked for', () => {
    const recent = createRecentIds<number | null>(10);

    for (let id = 0; id < 1_000; id += 1) recent.set(String(id), id);

    const known = Array.from({ length: 1_000 }, (_, id) => recent.get(String(id))).filter(
      (value) => value !== undefined,
    );
    expect(known.slice(-5)).toEqual([995, 996, 997, 998, 999]);
    expect(known.length).toBeLessThanOrEqual(10);
  });

  it('createRecentIds() gives the newest value, be it null', () => {
    const recent = createRecentIds<number | null>(2);

    recent.set('a', 1);
    recent.set('b', 2);
    recent.set('a', null);

    expect(recent.get('a')).toBeNull();
    expect(recent.get('c')).toBeUndefined();
  });
});

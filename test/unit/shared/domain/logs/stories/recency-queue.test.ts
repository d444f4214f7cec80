import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecencyQueue } from '#shared/domain/logs/stories/recency-queue.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd');
const step = fc.oneof(
  fc.record({ kind: fc.constant('touch' as const), key, value: fc.integer() }),
  fc.record({ kind: fc.constant('remove' as const), key, value: fc.constant(0) }),
);

describe('createRecencyQueue()', () => {
  it('createRecencyQueue() gives what a list gives in which the touched one goes to the end', () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const queue = createRecencyQueue<number>();
        let list: (readonly [string, number])[] = [];
        for (const { kind, key: touched, value } of steps) {
          list = list.filter(([known]) => known !== touched);
          if (kind === 'touch') list.push([touched, value]);
          queue[kind](touched, value);

          expect(queue.oldest()).toEqual(list[0]);
          expect(queue.size()).toBe(list.length);
          expect(queue.get(touched)).toBe(list.find(([known]) => known === touched)?.[1]);
        }
      }),
    );
  });
});

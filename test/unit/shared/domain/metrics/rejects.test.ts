import { expect, it } from 'vitest';
import { addReject, type Rejects } from '#shared/domain/metrics/rejects.ts';

it('addReject() counts by reason and keeps where the first one is', () => {
  const rejects: Rejects<'too-old' | 'empty'> = {};

  addReject(rejects, 'too-old', 'event-1');
  addReject(rejects, 'empty', 'event-2');
  addReject(rejects, 'too-old', 'event-3');

  expect(rejects).toEqual({
    'too-old': { count: 2, firstEventId: 'event-1' },
    empty: { count: 1, firstEventId: 'event-2' },
  });
});

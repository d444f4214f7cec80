import { describe, expect, it } from 'vitest';
import type { CauseSlug } from '#shared/domain/causes/causes.ts';
import { dominantCause } from '#shared/domain/detection/judge-error-budget.ts';

describe('dominantCause()', () => {
  it.each<[string, [CauseSlug, number][], CauseSlug | null]>([
    ['none', [], null],
    ['nothing but zeros', [['backend.5xx', 0]], null],
    ['a single request', [['backend.5xx', 1]], 'backend.5xx'],
    [
      'the most',
      [
        ['backend.5xx', 2],
        ['integration.timeout', 9],
        ['unknown', 3],
      ],
      'integration.timeout',
    ],
    [
      'the first of equals',
      [
        ['backend.5xx', 2],
        ['unknown', 2],
      ],
      'backend.5xx',
    ],
  ])('dominantCause() of %s', (_, causes, expected) => {
    expect(dominantCause(new Map(causes))).toBe(expected);
  });
});

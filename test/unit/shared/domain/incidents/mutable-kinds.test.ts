import { describe, expect, it } from 'vitest';
import { MUTABLE_KINDS } from '#shared/domain/incidents/mutable-kinds.ts';

describe('MUTABLE_KINDS', () => {
  it('MUTABLE_KINDS has kinds and families, each once, and nothing of the alerting itself', () => {
    expect(MUTABLE_KINDS).toEqual([...new Set(MUTABLE_KINDS)]);
    expect(MUTABLE_KINDS).toEqual(
      expect.arrayContaining(['headroom', 'headroom.low', 'latency', 'throttling']),
    );
    expect(MUTABLE_KINDS.filter((kind) => kind.startsWith('alerting'))).toEqual([]);
  });
});

import { FRESH_OUTBOX } from '#shared/application/receiver-line.ts';
import type { OutboxState, OutboxStore } from '#shared/application/receiver-ports.ts';

type Row = { owner: string | null; untilMs: number; state: OutboxState; readonly waiting: Set<string> };

/** Creates an empty store that lives as long as the process. */
export function createMemoryOutboxes(): OutboxStore {
  const rows = new Map<string, Row>();
  const rowOf = (receiver: string): Row => {
    const known = rows.get(receiver);
    if (known !== undefined) return known;
    const row: Row = { owner: null, untilMs: 0, state: FRESH_OUTBOX, waiting: new Set() };
    rows.set(receiver, row);
    return row;
  };
  return {
    enter: async (receiver, { storyKeys, owner, nowMs, untilMs }) => {
      const row = rowOf(receiver);
      for (const key of storyKeys) row.waiting.add(key);
      if (row.owner !== null && row.owner !== owner && row.untilMs > nowMs) return null;
      Object.assign(row, { owner, untilMs });
      return row.state;
    },
    takeWaiting: async (receiver, owner) => {
      const row = rowOf(receiver);
      if (row.owner !== owner) return null;
      const keys = [...row.waiting];
      row.waiting.clear();
      return keys;
    },
    leave: async (receiver, { owner, state, isOver }) => {
      const row = rowOf(receiver);
      if (row.owner !== owner || (row.waiting.size > 0 && !isOver)) return isOver;
      Object.assign(row, { owner: null, state });
      return true;
    },
  };
}

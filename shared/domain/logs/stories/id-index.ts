/** Which keys have an id. Ids are not unique: clients choose some of them. */
export type IdIndex = {
  readonly add: (id: string, key: string) => void;
  readonly remove: (id: string, key: string) => void;
  /** At most so many: hostile logs have one id everywhere. */
  readonly keysOf: (id: string, max: number) => readonly string[];
};

function firstOf(keys: Iterable<string>, max: number): string[] {
  const first: string[] = [];
  for (const key of keys) {
    if (first.length >= max) break;
    first.push(key);
  }
  return first;
}

/** Makes an empty index. */
export function createIdIndex(): IdIndex {
  // Nearly all ids have one key, for which a set would be a waste.
  const keys = new Map<string, string | Set<string>>();
  return {
    add: (id, key) => {
      const known = keys.get(id);
      if (known === undefined || known === key) keys.set(id, key);
      else if (typeof known === 'string') keys.set(id, new Set([known, key]));
      else known.add(key);
    },
    remove: (id, key) => {
      const known = keys.get(id);
      if (known === key) keys.delete(id);
      else if (typeof known === 'object' && known.delete(key) && known.size === 0) keys.delete(id);
    },
    keysOf: (id, max) => {
      const known = keys.get(id);
      if (known === undefined) return [];
      if (typeof known === 'string') return [known];
      return firstOf(known, max);
    },
  };
}

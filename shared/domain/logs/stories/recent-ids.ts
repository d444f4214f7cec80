/** Remembers a value for the newest ids and forgets old ones. */
export type RecentIds<Value> = {
  readonly get: (id: string) => Value | undefined;
  readonly set: (id: string, value: Value) => void;
};

/**
 * Makes a memory of at most `maxIds` ids and at least half as many, so that it forgets in constant time: the older
 * half goes at once.
 *
 * @param maxIds - At least 2
 */
export function createRecentIds<Value>(maxIds: number): RecentIds<Value> {
  let older = new Map<string, Value>();
  let newer = new Map<string, Value>();
  return {
    get: (id) => (newer.has(id) ? newer.get(id) : older.get(id)),
    set: (id, value) => {
      if (newer.size >= maxIds / 2) {
        older = newer;
        newer = new Map();
      }
      newer.set(id, value);
    },
  };
}

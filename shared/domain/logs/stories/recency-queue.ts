/** Values by key, in the order in which they were last touched. All takes constant time. */
export type RecencyQueue<Value> = {
  readonly get: (key: string) => Value | undefined;
  /** Puts a value to the end, new or known. */
  readonly touch: (key: string, value: Value) => void;
  readonly remove: (key: string) => void;
  /** The one that was not touched for longest. */
  readonly oldest: () => readonly [key: string, value: Value] | undefined;
  readonly size: () => number;
};

type Node<Value> = {
  readonly key: string;
  readonly value: Value;
  older: Node<Value> | null;
  newer: Node<Value> | null;
};

/**
 * Makes an empty queue. A `Map` alone would not do: it keeps the places of removed keys for a while, and looking for
 * its first key walks over all of them.
 */
export function createRecencyQueue<Value>(): RecencyQueue<Value> {
  const nodes = new Map<string, Node<Value>>();
  let oldest: Node<Value> | null = null;
  let newest: Node<Value> | null = null;

  const remove = (key: string): void => {
    const node = nodes.get(key);
    if (node === undefined) return;
    if (node.older === null) oldest = node.newer;
    else node.older.newer = node.newer;
    if (node.newer === null) newest = node.older;
    else node.newer.older = node.older;
    nodes.delete(key);
  };
  const touch = (key: string, value: Value): void => {
    remove(key);
    const node: Node<Value> = { key, value, older: newest, newer: null };
    if (newest === null) oldest = node;
    else newest.newer = node;
    newest = node;
    nodes.set(key, node);
  };
  return {
    get: (key) => nodes.get(key)?.value,
    touch,
    remove,
    oldest: () => (oldest === null ? undefined : [oldest.key, oldest.value]),
    size: () => nodes.size,
  };
}

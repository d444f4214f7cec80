import type { InventoryItem } from '#shared/domain/inventory/stage.ts';

/** Objects with their fields in the order of their names. */
function ordered(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether two items say the same, in whatever order their fields are. */
export function isSameItem(a: InventoryItem, b: InventoryItem): boolean {
  return JSON.stringify(a, ordered) === JSON.stringify(b, ordered);
}

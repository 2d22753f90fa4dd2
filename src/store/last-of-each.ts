/**
 * Rows in the order in which they are written.
 *
 * @module
 */

/**
 * Sorted by key, the last of each: one statement takes a row only once, and two writers that take rows in the same order never wait for
 * one another for ever.
 */
export function lastOfEach<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  const byKey = new Map(items.map((item) => [keyOf(item), item]))
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}

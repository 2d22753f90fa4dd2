/**
 * Which known names a mistyped one may have meant.
 *
 * @module
 */

/** Up to five, nearest first; only those that are near at all. */
export function nearest(name: string, known: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase()
  return known
    .map((each) => ({ each, distance: distanceBetween(wanted, each.toLowerCase()) }))
    .filter(({ each, distance }) => distance <= Math.max(2, Math.ceil(each.length / 2)))
    .sort((a, b) => a.distance - b.distance || a.each.localeCompare(b.each))
    .slice(0, 5)
    .map(({ each }) => each)
}

/** Levenshtein distance: letters to insert, take out or replace. */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}

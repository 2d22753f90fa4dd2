/**
 * The word that somebody probably meant.
 *
 * @module
 */

/** Of the known words, the one that is nearest to `word`; `undefined` when none is near. Case does not count. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const wanted = word.slice(0, longest).toLowerCase()
  let best: { readonly word: string; readonly distance: number } | undefined
  for (const each of known) {
    const distance = distanceOf(wanted, each.toLowerCase())
    if (
      distance <= Math.max(wanted.length, each.length) * mostDifferent &&
      distance < (best?.distance ?? Infinity)
    )
      best = { word: each, distance }
  }
  return (
    best?.word ?? known.find((each) => wanted.length >= shortestPart && each.toLowerCase().includes(wanted))
  )
}

/** Nobody means a known word by one that is longer; the distance takes time by the square. */
const longest = 100

/** A part of a known word says which one it is, when it is as long as this. */
const shortestPart = 4

/** Share of the letters that may differ. */
const mostDifferent = 0.4

/** Letters to put in, take out, replace or swap with the next. */
function distanceOf(one: string, other: string): number {
  let beforeLast: readonly number[] = []
  let last: readonly number[] = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const row = [i]
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1]
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      row.push(
        Math.min(
          last[j]! + 1,
          row[j - 1]! + 1,
          last[j - 1]! + (same ? 0 : 1),
          swapped ? beforeLast[j - 2]! + 1 : Infinity,
        ),
      )
    }
    beforeLast = last
    last = row
  }
  return last[other.length]!
}

/**
 * How much happened in any one second.
 *
 * @module
 */

/** The most of some times, in order, that lie within so many milliseconds, wherever those begin. */
export function mostWithin(times: readonly number[], milliseconds: number): number {
  let first = 0
  let most = 0
  for (const [last, time] of times.entries()) {
    while (times[first]! <= time - milliseconds) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}

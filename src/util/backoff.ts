/**
 * How long to wait before the next try.
 *
 * @module
 */

const firstCeiling = 0.5
const lastCeiling = 30

/**
 * Exponential backoff with full jitter: any time between nothing and a ceiling that doubles from 0.5 s to 30 s, so that
 * clients that failed together do not come back together.
 *
 * @param retry 0 before the first retry.
 * @returns seconds
 */
export function backoff(retry: number, random: () => number = Math.random): number {
  return random() * Math.min(lastCeiling, firstCeiling * 2 ** retry)
}

/**
 * The order of ids: numbers written as digits, however many.
 *
 * @module
 */

import type { NodeList } from './world.ts'

/** Numeric order of ids without turning them into numbers. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** How many nodes of the list have an id up to this one. */
export function countUpTo(list: NodeList, id: string): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareIds(list.at(middle).id, id) > 0) high = middle
    else low = middle + 1
  }
  return low
}

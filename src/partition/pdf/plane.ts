/**
 * Finds what lies in a part of a page, by a grid of squares.
 *
 * @module
 */

import type { Box } from './geometry.ts'

/** Points. */
const square = 50
/** Boxes that cover more squares are kept in a list of their own, so that a huge one costs no more than a small one. */
const mostSquares = 4_000

export interface Plane<T extends Box> {
  add(item: T): void
  remove(item: T): void
  /** What overlaps with the box, each once: square by square from below, in a square in the order of adding. */
  find(box: Box): T[]
}

const overlap = (one: Box, other: Box): boolean =>
  one.x1 > other.x0 && other.x1 > one.x0 && one.y1 > other.y0 && other.y1 > one.y0

/** @param bounds nothing outside is found */
export function createPlane<T extends Box>(bounds: Box): Plane<T> {
  const squares = new Map<string, Set<T>>()
  const large = new Set<T>()

  function keysOf(box: Box): string[] | undefined {
    const [x0, y0] = [Math.max(bounds.x0, box.x0), Math.max(bounds.y0, box.y0)]
    const [x1, y1] = [Math.min(bounds.x1, box.x1), Math.min(bounds.y1, box.y1)]
    if (!(x0 < x1 && y0 < y1)) return []
    const [left, right] = [Math.floor(x0 / square), Math.floor((x1 + square) / square)]
    const [low, high] = [Math.floor(y0 / square), Math.floor((y1 + square) / square)]
    if ((right - left) * (high - low) > mostSquares) return undefined
    const keys: string[] = []
    for (let y = low; y < high; y++) for (let x = left; x < right; x++) keys.push(`${x} ${y}`)
    return keys
  }

  function setOf(key: string): Set<T> {
    const known = squares.get(key)
    if (known !== undefined) return known
    const fresh = new Set<T>()
    squares.set(key, fresh)
    return fresh
  }

  function candidates(box: Box): Set<T> {
    const found = new Set<T>()
    const keys = keysOf(box) ?? [...squares.keys()]
    for (const key of keys) for (const item of squares.get(key) ?? []) found.add(item)
    for (const item of large) found.add(item)
    return found
  }

  return {
    add(item) {
      const keys = keysOf(item)
      if (keys === undefined) large.add(item)
      else for (const key of keys) setOf(key).add(item)
    },
    remove(item) {
      large.delete(item)
      for (const key of keysOf(item) ?? []) squares.get(key)?.delete(item)
    },
    find: (box) => [...candidates(box)].filter((item) => overlap(item, box)),
  }
}

/**
 * The order of elements on a page: columns from left to right, in each of them rows from the top, and again in each of those (a recursive
 * xy-cut that cuts between columns first).
 *
 * @module
 */

import { type Box, height, width } from './geometry.ts'

/** Boxes shrink to this share around their centre, so that those that touch come apart. */
const shrunk = 0.9

/** A box in whole points, y down, with its place in the list. */
interface Item {
  readonly index: number
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
}

function itemOf(box: Box, index: number): Item {
  const [marginX, marginY] = [((1 - shrunk) / 2) * width(box), ((1 - shrunk) / 2) * height(box)]
  return {
    index,
    x: [Math.trunc(box.x0 + marginX), Math.trunc(box.x1 - marginX)],
    y: [Math.trunc(box.y0 + marginY), Math.trunc(box.y1 - marginY)],
  }
}

/** Cuts wherever at least one whole point is empty. What has no extent joins the part that it stands before. */
function cut(items: readonly Item[], axis: 'x' | 'y'): Item[][] {
  const sorted = [...items].sort((one, other) => one[axis][0] - other[axis][0])
  const parts: Item[][] = []
  let end = Number.NEGATIVE_INFINITY
  for (const item of sorted) {
    const [from, to] = item[axis]
    if (from > end || parts.length === 0) parts.push([item])
    else parts.at(-1)!.push(item)
    end = Math.max(end, to)
  }
  return parts
}

function order(items: readonly Item[]): Item[] {
  const done: Item[] = []
  const stack: Item[][] = [[...items]]
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    if (part.length === 1) done.push(...part)
    else {
      const columns = cut(part, 'x').map((column) => cut(column, 'y'))
      const isWhole = columns.length === 1 && columns[0]!.length === 1
      if (isWhole) done.push(...columns[0]![0]!)
      else stack.push(...columns.flat().reverse())
    }
  }
  return done
}

/** @param boxes y down; where one has a negative coordinate, the order stays as it is */
export function inReadingOrder<T>(items: readonly T[], boxOf: (item: T) => Box): T[] {
  const boxes = items.map(boxOf)
  const sorted = boxes
    .map((box, index) => ({ box, index }))
    .sort((one, other) => one.box.y0 - other.box.y0 || one.box.x0 - other.box.x0)
  if (boxes.some(({ x0, y0, x1, y1 }) => Math.min(x0, y0, x1, y1) < 0))
    return sorted.map(({ index }) => items[index]!)
  return order(sorted.map(({ box, index }) => itemOf(box, index))).map(({ index }) => items[index]!)
}

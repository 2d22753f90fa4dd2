/**
 * The order of elements on a page: columns from left to right, in each of them rows from the top, and again in each of those (a recursive
 * xy-cut that cuts between columns first).
 *
 * @module
 */

import { type Box, height, width } from './geometry.ts'

/** Boxes shrink to this share of their size, from the lower right, so that those that touch come apart. */
const shrunk = 0.9

/** A box in whole points, y down, with its place in the list. */
interface Item {
  readonly index: number
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
}

function itemOf(box: Box, index: number): Item {
  return {
    index,
    x: [Math.trunc(box.x0), Math.trunc(box.x0 + shrunk * width(box))],
    y: [Math.trunc(box.y0), Math.trunc(box.y0 + shrunk * height(box))],
  }
}

const extent = (item: Item, axis: 'x' | 'y'): number => item[axis][1] - item[axis][0]

/** Cuts wherever at least one whole point is empty. */
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

/** Without parts in which nothing has any extent. */
const substantial = (parts: readonly Item[][], axis: 'x' | 'y'): Item[][] =>
  parts.filter((part) => part.some((item) => extent(item, axis) > 0))

function order(items: readonly Item[], isFaithful: boolean): Item[] {
  const split = (part: readonly Item[], axis: 'x' | 'y') =>
    isFaithful ? substantial(cut(part, axis), axis) : cut(part, axis)
  const done: Item[] = []
  const stack: Item[][] = [[...items]]
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    const columns = split(part, 'x').map((column) => split(column, 'y'))
    const rows = columns.flat()
    if (rows.length === 1 && columns.length === 1) for (const item of rows[0]!) done.push(item)
    else for (const row of rows.reverse()) stack.push(row)
  }
  return done
}

/**
 * @param boxOf y down. Where one has a negative coordinate, rows decide alone.
 * @param isFaithful as in the reference, what has no width or no height and stands by itself is lost
 */
export function inReadingOrder<T>(items: readonly T[], boxOf: (item: T) => Box, isFaithful: boolean): T[] {
  const boxes = items.map(boxOf)
  const sorted = boxes
    .map((box, index) => ({ box, index }))
    .sort((one, other) => one.box.y0 - other.box.y0 || one.box.x0 - other.box.x0)
  if (boxes.some(({ x0, y0, x1, y1 }) => Math.min(x0, y0, x1, y1) < 0))
    return sorted.map(({ index }) => items[index]!)
  return order(
    sorted.map(({ box, index }) => itemOf(box, index)),
    isFaithful,
  ).map(({ index }) => items[index]!)
}

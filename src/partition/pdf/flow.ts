/**
 * The order in which boxes are read, as pdfminer has it: the two that waste least space between them are joined, again and again, and the
 * tree that comes of it is read from the top left.
 *
 * @module
 */

import { type Box, height, union, width } from './geometry.ts'
import { createPlane, type Plane } from './plane.ts'

/** -1 = by columns, 1 = by rows. */
const boxesFlow = 0.5
/** The tree takes the square of their number; more are read row by row. */
const mostBoxes = 400

interface Node<T extends Box> extends Box {
  readonly box?: T
  readonly children: readonly Node<T>[]
}

interface Pair<T extends Box> {
  readonly wasted: number
  readonly one: Node<T>
  readonly other: Node<T>
}

const area = (box: Box): number => width(box) * height(box)

function pairOf<T extends Box>(one: Node<T>, other: Node<T>): Pair<T> {
  return { wasted: area(union(one, other)) - area(one) - area(other), one, other }
}

/** A binary heap: its first item wastes least. */
function push<T extends Box>(heap: Pair<T>[], pair: Pair<T>): void {
  let at = heap.length
  while (at > 0) {
    const above = (at - 1) >> 1
    if (heap[above]!.wasted <= pair.wasted) break
    heap[at] = heap[above]!
    at = above
  }
  heap[at] = pair
}

function pop<T extends Box>(heap: Pair<T>[]): Pair<T> | undefined {
  const [first, last] = [heap[0], heap.pop()]
  if (last === undefined || heap.length === 0) return first
  let at = 0
  for (let below = 1; below < heap.length; below = 2 * at + 1) {
    if (below + 1 < heap.length && heap[below + 1]!.wasted < heap[below]!.wasted) below++
    if (heap[below]!.wasted >= last.wasted) break
    heap[at] = heap[below]!
    at = below
  }
  heap[at] = last
  return first
}

const somethingBetween = <T extends Box>({ one, other }: Pair<T>, plane: Plane<Node<T>>): boolean =>
  plane.find(union(one, other)).some((node) => node !== one && node !== other)

function join<T extends Box>(boxes: readonly T[], page: Box): Node<T>[] {
  const plane = createPlane<Node<T>>(page)
  const open = new Set<Node<T>>()
  /** Pairs with something between them wait until there are no others. */
  const [free, blocked]: [Pair<T>[], Pair<T>[]] = [[], []]

  function add(node: Node<T>): void {
    for (const other of open) push(free, pairOf(node, other))
    open.add(node)
    plane.add(node)
  }

  function close(node: Node<T>): void {
    open.delete(node)
    plane.remove(node)
  }

  for (const box of boxes) add({ x0: box.x0, y0: box.y0, x1: box.x1, y1: box.y1, box, children: [] })
  while (open.size > 1) {
    const isFree = free.length > 0
    const pair = pop(isFree ? free : blocked)
    if (pair === undefined) break
    const { one, other } = pair
    if (!open.has(one) || !open.has(other)) continue
    if (isFree && somethingBetween(pair, plane)) push(blocked, pair)
    else {
      close(one)
      close(other)
      add({ ...union(one, other), children: [one, other] })
    }
  }
  return [...open]
}

const rank = ({ x0, y0, y1 }: Box): number => (1 - boxesFlow) * x0 - (1 + boxesFlow) * (y0 + y1)

const rowByRow = (one: Box, other: Box): number => other.y1 - one.y1 || one.x0 - other.x0

/** The boxes in the order in which they are read. */
export function inFlow<T extends Box>(boxes: readonly T[], page: Box): T[] {
  if (boxes.length > mostBoxes) return [...boxes].sort(rowByRow)
  const ordered: T[] = []
  const stack = join(boxes, page).reverse()
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.box !== undefined) ordered.push(node.box)
    for (const child of [...node.children].sort((one, other) => rank(other) - rank(one))) stack.push(child)
  }
  return ordered
}

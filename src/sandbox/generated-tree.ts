/**
 * The shape of one space's page tree, computed and never kept: who is whose parent, for any number of pages.
 *
 * Pages are numbered level by level: 0 is the home page, then the pages below it, and so on. Levels grow by a constant factor and
 * the last is smaller again, as trees are in grown wikis. Early pages of a level have many children, late ones few or none.
 * These numbers are not yet the order of ids: about one page in a hundred trades places with its first child, so that its id is
 * larger than its child's, as happens where pages were moved.
 *
 * @module
 */

import { mix } from './random.ts'

export interface TreeShape {
  readonly size: number
  /** How many levels there are; the home page is one. */
  readonly levels: number
  readonly level: (page: number) => number
  parent(page: number): number | undefined
  /** Numbers of the children: from `first` up to but not including `end`. */
  children(page: number): { readonly first: number; readonly end: number }
  /** Which place among the ids a page has, and which page has a place: the same function, for pages only trade. */
  readonly trade: (page: number) => number
  /** Numbers of the pages of one level: from `first` up to but not including `end`. */
  span(level: number): { readonly first: number; readonly end: number }
}

/** Of the pages on odd levels that have children, the share that trades places with the first child. */
const tradeShare = 0.07

export function treeShape(size: number, depth: number, seed: number): TreeShape {
  const starts = levelStarts(size, depth)
  const levels = starts.length - 1
  const span = (level: number) => ({ first: starts[level] ?? size, end: starts[level + 1] ?? size })

  function level(page: number): number {
    let found = 0
    while (found + 1 < levels && starts[found + 1]! <= page) found += 1
    return found
  }

  /** Monotone, so that the children of one page are neighbours; the square gives early pages more of them. */
  function parent(page: number): number | undefined {
    const own = level(page)
    if (own === 0) return undefined
    const { first, end } = span(own)
    const above = span(own - 1)
    const place = (page - first) / (end - first)
    return above.first + Math.floor(place * place * (above.end - above.first))
  }

  /** The first page on the level below whose parent is this page or a later one. */
  function firstChild(page: number, own: number): number {
    let { first: low, end: high } = span(own + 1)
    while (low < high) {
      const middle = (low + high) >>> 1
      if (parent(middle)! < page) low = middle + 1
      else high = middle
    }
    return low
  }

  function children(page: number) {
    const own = level(page)
    if (own + 1 >= levels) return { first: size, end: size }
    return { first: firstChild(page, own), end: firstChild(page + 1, own) }
  }

  const chosen = (page: number) => mix(seed, page, 0x7ade) / 0x1_0000_0000 < tradeShare

  function trade(page: number): number {
    const own = level(page)
    if (own % 2 === 1) {
      const { first, end } = chosen(page) ? children(page) : { first: 0, end: 0 }
      return first < end ? first : page
    }
    const above = parent(page)
    return above !== undefined && own > 1 && chosen(above) && children(above).first === page ? above : page
  }

  return { size, levels, level, parent, children, trade, span }
}

/** Where each level starts; one more entry for the end. Levels are never empty, so a small tree has fewer of them. */
function levelStarts(size: number, depth: number): readonly number[] {
  const levels = Math.min(size, Math.max(1, depth))
  if (levels < 2) return size === 0 ? [0] : [0, size]
  const growth = size ** (1 / (levels - 1))
  const weights = Array.from({ length: levels - 1 }, (_, index) =>
    index === levels - 2 && index > 0 ? growth ** index / 2 : growth ** (index + 1),
  )
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const starts = [0, 1]
  let covered = 0
  weights.forEach((weight, index) => {
    covered += weight
    const atLeast = starts.at(-1)! + 1
    const atMost = size - (weights.length - 1 - index)
    starts.push(Math.min(Math.max(1 + Math.round((covered / total) * (size - 1)), atLeast), atMost))
  })
  return starts
}

/**
 * Ids of a generated world: from a place to its id and back, without a table. They ascend with gaps, as Confluence's do, and the
 * spaces take turns, as they do where many people write at once.
 *
 * @module
 */

import { mix } from './random.ts'

/** Kinds of content in ascending order of their ids. */
export const kinds = ['folder', 'page', 'blogpost'] as const
export type Kind = (typeof kinds)[number]

/** Where something is: which space, and which of its kind there in the order of ids. */
export interface Place {
  readonly kind: Kind
  readonly space: number
  readonly index: number
}

export interface Ids {
  /** How many of a kind are in a space. */
  count(kind: Kind, space: number): number
  id(place: Place): string
  /** Undefined for ids that nothing has. */
  place(id: string): Place | undefined
  spaceId(space: number): string
  /** Where a place comes in the order of everything: its number and how many there are. */
  serial(place: Place): { readonly number: number; readonly of: number }
}

const stride = 1021
const spaceStride = 64
const firstSpaceId = 98_306

/** How many of `total` the taker with this number gets when `takers` take turns. */
export const turns = (total: number, takers: number, taker: number): number =>
  total <= taker ? 0 : Math.ceil((total - taker) / takers)

export function generatedIds(counts: Readonly<Record<Kind, number>>, spaces: number, seed: number): Ids {
  const first = firstSpaceId + spaceStride * (spaces + 1)
  const starts = { folder: 0, page: counts.folder, blogpost: counts.folder + counts.page }
  const of = counts.folder + counts.page + counts.blogpost

  const number = ({ kind, space, index }: Place) => starts[kind] + index * spaces + space
  const idOf = (serial: number) => first + serial * stride + (mix(seed, serial) % stride)

  return {
    count: (kind, space) => turns(counts[kind], spaces, space),
    id: (place) => String(idOf(number(place))),
    place(id) {
      const serial = Math.floor((Number(id) - first) / stride)
      if (!(serial >= 0 && serial < of) || String(idOf(serial)) !== id) return undefined
      const kind = kinds.findLast((each) => serial >= starts[each] && counts[each] > 0)!
      const own = serial - starts[kind]
      return { kind, space: own % spaces, index: Math.floor(own / spaces) }
    },
    spaceId: (space) => String(firstSpaceId + spaceStride * space),
    serial: (place) => ({ number: number(place), of }),
  }
}

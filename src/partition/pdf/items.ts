/**
 * List items whose text goes on in further boxes.
 *
 * @module
 */

import type { Element } from '../../model/element.ts'
import { type Box, height, union, width } from './geometry.ts'

/** An element with its place on the page, y down. */
export interface Placed {
  readonly element: Element
  readonly box: Box
}

/** How far, in sizes of the item's own box, a continuation may stand beside and below it. */
const [beside, below] = [0.2, 0.3]

function continues(box: Box, item: Box): boolean {
  const [marginX, marginY] = [beside * width(item), below * height(item)]
  return (
    box.x0 > item.x0 - marginX &&
    box.x1 < item.x1 + marginX &&
    box.y0 > item.y0 - marginY &&
    box.y0 < item.y1 + marginY
  )
}

/**
 * Joins list items with what follows within their own box.
 *
 * @param isFaithful do it as the reference does: a second continuation takes the place of the first one, and the joined item takes the
 * place of whatever stands last
 */
export function joinItems(parts: readonly Placed[], isFaithful: boolean): Placed[] {
  const joined: Placed[] = []
  let item: { readonly first: Placed; whole: Placed; places: number[] } | undefined
  for (const part of parts) {
    if (item === undefined || part.element.type === 'ListItem' || !continues(part.box, item.first.box)) {
      if (part.element.type === 'ListItem') item = { first: part, whole: part, places: [joined.length] }
      joined.push(part)
      continue
    }
    const { first, whole, places } = item
    const before = (isFaithful ? first : whole).element.text
    const element = { ...whole.element, text: `${before} ${part.element.text}` }
    item.whole = { element, box: union(whole.box, part.box) }
    if (isFaithful && places.at(-1) !== joined.length - 1) places.push(joined.length - 1)
    for (const place of places)
      joined[place] = { ...item.whole, element: { ...element, metadata: { ...element.metadata } } }
  }
  return joined
}

/**
 * Headers and footers: what stands near an edge of several pages in the same words, whatever the numbers in them.
 *
 * @module
 */

import type { Element } from '../../model/element.ts'
import type { Placed } from './items.ts'

/** An element near the top or the bottom of its page. */
export interface Marginal {
  readonly element: Element
  readonly edge: 'Header' | 'Footer'
  readonly page: number
}

/** Share of the page in which it may stand. */
const edgeShare = 0.12
const fewestPages = 3
/** Longer texts are not kept for comparing. */
const longest = 200
const movable: ReadonlySet<string> = new Set(['Title', 'NarrativeText', 'UncategorizedText', 'ListItem'])

/** The parts of a page that may turn out to be a header or footer. */
export function marginals(
  parts: readonly Placed[],
  page: { readonly height: number },
  number: number,
): Marginal[] {
  return parts.flatMap(({ element, box }) => {
    const middle = (box.y0 + box.y1) / 2 / page.height
    if (!movable.has(element.type) || element.text.length > longest) return []
    if (middle < edgeShare) return { element, edge: 'Header' as const, page: number }
    return middle > 1 - edgeShare ? { element, edge: 'Footer' as const, page: number } : []
  })
}

const key = ({ edge, element }: Marginal): string => `${edge} ${element.text.replace(/\p{N}+/gu, '#')}`

/** Makes headers and footers of those that at least three pages have. */
export function markRepeated(all: readonly Marginal[]): void {
  for (const same of Map.groupBy(all, key).values()) {
    if (new Set(same.map(({ page }) => page)).size < fewestPages) continue
    for (const { element, edge } of same) element.type = edge
  }
}

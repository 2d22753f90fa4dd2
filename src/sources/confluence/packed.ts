/**
 * A page in hand as a text, so that another process can go on with it: its body came along with the listing, and need not be asked for again.
 * Only of pages that show no others: what those show is for readers as they were when the page was listed, and another process sees them as
 * they are later.
 *
 * @module
 */

import type { ContentItem, Space } from './api.ts'
import type { PageInHand } from './around.ts'
import type { Surroundings } from './surroundings.ts'
import type { Wiki } from './wiki.ts'

interface Packed {
  readonly space: Space
  readonly item: Omit<ContentItem, 'annotation' | 'createdAt' | 'modifiedAt'>
}

export function packPage({ space, item }: PageInHand): string {
  const { annotation: _, createdAt: __, modifiedAt: ___, ...needed } = item
  return JSON.stringify({ space, item: needed } satisfies Packed)
}

/** The page and its body. Nothing is known of what is above it, nor of the tree around. */
export function unpackPage(
  wiki: Wiki,
  packed: string,
  bodyMode: Surroundings['bodyMode'],
): { readonly page: PageInHand; readonly storage: string } {
  const { space, item } = JSON.parse(packed) as Packed
  return { page: { wiki, space, item, way: [], tree: () => undefined, bodyMode }, storage: item.body ?? '' }
}

/** Surroundings in which nothing can be asked that depends on who reads; `onAsked` is told when somebody tries. */
export function withoutOthers(surroundings: Surroundings, onAsked: () => void): Surroundings {
  const refuse = async () => {
    onAsked()
    throw new Error('A packed page asks for others.')
  }
  return { ...surroundings, include: refuse, children: refuse, labelled: refuse }
}

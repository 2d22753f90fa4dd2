/**
 * Pages that cannot leave yet: something above them has not been listed, or their body shows other pages. Their bodies wait too, as
 * long as there is room; beyond that a body is let go and fetched again at the end.
 *
 * @module
 */

import type { ContentItem } from './api.ts'
import type { TreeNode } from './tree.ts'

/** What a waiting page waits for: a page above it, by id, or the end of the listing. */
type Awaited = { readonly page: string } | 'end'

export interface WaitingRoom {
  put(item: ContentItem, node: TreeNode, awaited: Awaited): void
  /** Takes out those that waited for one of these pages. */
  release(ids: readonly string[]): readonly Waiting[]
  /** Takes out everybody. */
  empty(): readonly Waiting[]
}

export interface Waiting {
  /** Without its body where that was let go. */
  readonly item: ContentItem
  readonly node: TreeNode
}

/** @param mostCharacters of bodies, all together */
export function createWaitingRoom(mostCharacters: number): WaitingRoom {
  const groups = new Map<string, Waiting[]>()
  let characters = 0

  function take(key: string): Waiting[] {
    const group = groups.get(key) ?? []
    groups.delete(key)
    for (const { item } of group) characters -= item.body?.length ?? 0
    return group
  }

  return {
    put(item, node, awaited) {
      const size = item.body?.length ?? 0
      const fits = characters + size <= mostCharacters
      const { body: _, ...rest } = item
      if (fits) characters += size
      const key = awaited === 'end' ? '' : awaited.page
      const group = groups.get(key) ?? []
      groups.set(key, group)
      group.push({ item: fits ? item : rest, node })
    },
    release: (ids) => ids.flatMap(take),
    empty: () => [...groups.keys()].flatMap(take),
  }
}

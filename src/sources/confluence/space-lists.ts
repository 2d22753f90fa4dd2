/**
 * What hangs on the pages of a space, from as few lists as the site allows: one of the whole site where all of it is read.
 *
 * @module
 */

import type { Space } from './api.ts'
import { isLocal } from './seat.ts'

interface SpaceLists<Item> {
  readonly spaces: readonly Space[]
  /** Whether these are all spaces that the account sees. */
  readonly everywhere: boolean
  /** Reads a list of these spaces, or of the site, to its end. */
  readonly list: (spaces: readonly Space[], everywhere: boolean) => Promise<readonly Item[]>
}

/**
 * @returns gives what there is in a space; each list is asked for once. Where the site's own breaks, each space gets one of its own, so that
 * it costs those alone that are broken. Throws when the space's could not be read to its end: nothing is known then, which is not none.
 */
export function createSpaceLists<Item extends { readonly spaceId?: string }>({
  spaces,
  everywhere,
  list,
}: SpaceLists<Item>): (space: Space) => Promise<readonly Item[]> {
  const known = new Map<string, Promise<readonly Item[]>>()
  let ofSite: Promise<ReadonlyMap<string | undefined, readonly Item[]>> | undefined

  async function load(space: Space): Promise<readonly Item[]> {
    if (!everywhere) return ofOne(space)
    ofSite ??= list(spaces, true).then((items) => Map.groupBy(items, ({ spaceId }) => spaceId))
    try {
      return (await ofSite).get(space.id) ?? []
    } catch (thrown) {
      if (isLocal(thrown)) return ofOne(space)
      throw thrown
    }
  }

  async function ofOne(space: Space): Promise<readonly Item[]> {
    return (await list([space], false)).filter(({ spaceId }) => spaceId === space.id)
  }

  return (space) => {
    const items = known.get(space.id) ?? load(space)
    known.set(space.id, items)
    return items
  }
}

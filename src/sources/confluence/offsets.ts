/**
 * Paging by `start` through a list that others are changing: what is deleted from its beginning moves the rest up, past the place where
 * the next page begins. So each page begins with the last item of the one before; where that is not there, we go back.
 *
 * @module
 */

interface Step {
  readonly start: string | undefined
  /** Told the ids that came. */
  next(ids: readonly string[]): {
    /** From here on they are new, as far as that is known. */
    readonly fresh: number
    /** Where the next page begins; absent at the end. */
    readonly next: string | undefined
    /** The list has moved up: the next page goes back, and brings some again. */
    readonly moved: boolean
  }
}

/** @returns for one listing: takes the position that it gave before and the size of the page to be read */
export function createOffsets(): (position: string | undefined, size: number) => Step {
  const seen = new Set<string>()
  let turn = 0
  /** No position is given twice, for going back is no going round in circles. */
  const positionOf = (start: number) => `${start} ${++turn}`

  return (position, size) => {
    const reached = Number(position?.split(' ')[0] ?? 0)
    // A page of one has no room for the item before.
    const overlap = size > 1 ? Math.min(1, reached) : 0
    const start = reached - overlap
    return {
      start: position === undefined ? undefined : String(start),
      next(ids) {
        const moved = overlap > 0 && (ids.length === 0 || !seen.has(ids[0]!))
        if (moved) return { fresh: ids.length, next: positionOf(Math.max(0, start - size)), moved }
        for (const id of ids) seen.add(id)
        const more = ids.length > overlap
        return { fresh: overlap, next: more ? positionOf(start + ids.length) : undefined, moved }
      },
    }
  }
}

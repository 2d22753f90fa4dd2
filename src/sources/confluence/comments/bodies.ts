/**
 * Bodies of comments that the list did not bring along, fetched when they are needed, together with those that will be needed next.
 *
 * @module
 */

import type { CommentItem } from '../api.ts'

export interface Bodies {
  /** These will be taken sooner or later. */
  want(ids: readonly string[]): void
  /** These comments as they are now, with bodies; those that are gone are absent. */
  take(ids: readonly string[]): Promise<readonly CommentItem[]>
}

type Found = ReadonlyMap<string, CommentItem>

/** As many as one answer with bodies can carry, on both deployments. */
const atOnce = 50

export function createBodies(fetch: (ids: readonly string[]) => Promise<readonly CommentItem[]>): Bodies {
  const wanted = new Set<string>()
  const underway = new Map<string, Promise<Found>>()

  async function find(ids: readonly string[]): Promise<Found> {
    return new Map((await fetch(ids)).map((item) => [item.id, item]))
  }

  /** Fills a request up with what is wanted next. */
  function order(ids: readonly string[]): void {
    for (const id of ids) wanted.delete(id)
    const batch = [...ids, ...wanted.values().take(Math.max(0, atOnce - ids.length))]
    const answer = find(batch)
    // Whoever takes from it sees its error; nobody may ever.
    answer.catch(() => undefined)
    for (const id of batch) {
      wanted.delete(id)
      underway.set(id, answer)
    }
  }

  async function receive(id: string): Promise<CommentItem | undefined> {
    return (await underway.get(id))?.get(id)
  }

  return {
    want(ids) {
      for (const id of ids) if (!underway.has(id)) wanted.add(id)
    },
    async take(ids) {
      const missing = ids.filter((id) => !underway.has(id))
      if (missing.length > 0) order(missing)
      try {
        return (await Promise.all(ids.map(receive))).filter((item) => item !== undefined)
      } catch {
        // The trouble may be with one that travelled along.
        return await fetch(ids)
      } finally {
        for (const id of ids) underway.delete(id)
      }
    },
  }
}

/** Where the list brought all of them. */
export const noBodies: Bodies = { want: () => undefined, take: async () => [] }

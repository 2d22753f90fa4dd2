/**
 * The threads of a space, each right after the page or post that it is on: they are decided as it is.
 *
 * @module
 */

import type { IndexContext, Listed } from '../../../model/contracts.ts'
import type { Along } from '../along.ts'
import type { Space } from '../api.ts'
import { type Comments, commentsFailed, listThread, type ThreadsByPage } from '../comments.ts'
import { placeOf } from '../documents.ts'
import { isLocal } from '../seat.ts'
import type { Wiki } from '../wiki.ts'
import { threadRef } from './document.ts'

/** Lists them, at the first call for a site or for a space. Throws only what stops the run. */
export async function commentsAlong(
  { wiki, space, comments }: { readonly wiki: Wiki; readonly space: Space; readonly comments: Comments },
  { recall }: IndexContext,
): Promise<Along> {
  const { site } = wiki.api
  let threads: ThreadsByPage = new Map()
  let failure: Listed | undefined
  try {
    threads = await comments.threadsOf(space)
  } catch (thrown) {
    if (!isLocal(thrown)) throw thrown
    failure = commentsFailed(site, space, thrown)
  }
  return {
    complete: failure === undefined,
    *problem() {
      if (failure) yield failure
    },
    async *after(listed, page) {
      if (listed.type !== 'document') return
      const { document } = listed
      const on = threads.get(page.item.id) ?? []
      const { bodies } = comments
      yield* await Promise.all(on.map((thread) => listThread(thread, { page, document, bodies, recall })))
    },
    *skippedWith(page, rule) {
      for (const thread of threads.get(page.item.id) ?? []) {
        const place = { ...placeOf(site, page.item), objectId: thread.rootId, parentIds: [page.item.id] }
        yield { type: 'skipped', document: threadRef(thread, page), place, rule, outOfScope: true }
      }
    },
  }
}

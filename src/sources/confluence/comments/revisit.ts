/**
 * Threads that were seen before and that no list brought.
 *
 * @module
 */

import { listThread, type Thread, threadsOn } from '../comments.ts'
import { type AttachedKind, containerOf } from '../revisit-attached.ts'
import type { Revisit } from '../visit.ts'

export function threadKind({ wiki, settings, context: { recall } }: Revisit): AttachedKind<Thread> {
  const { comments: which } = settings
  return {
    kind: 'comments',
    unwanted: which === 'none' ? 'Comments are not read by these settings.' : undefined,
    unwantedOne({ comments }) {
      const { location } = comments[0]!.item
      return which === 'all' || which === location
        ? undefined
        : `Only ${which} comments are read by these settings.`
    },
    async on(page, context) {
      return new Map((await threadsOn(page, context)).map((thread) => [thread.rootId, thread]))
    },
    list: (thread, page) => listThread(thread, { ...page, recall }),
    async fateOf(known, context) {
      const status = await wiki.api.commentStatus(known.place.objectId, context)
      // A comment stays where it was written.
      return status === 'gone' || status === 'unknown' ? status : { containerId: containerOf(known) }
    },
  }
}

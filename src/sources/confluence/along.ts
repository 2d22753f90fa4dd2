/**
 * What is listed along with each page and post, right after it, and is decided as it is: threads of comments, files.
 *
 * @module
 */

import type { Listed } from '../../model/contracts.ts'
import type { PageInHand } from './around.ts'

export interface Along {
  /** Says so, once, when it could not be listed for the space. */
  problem(): Generator<Listed>
  /** Whether all of it in the space is known. */
  readonly complete: boolean
  /** What is on a page that was listed; on one that could not be, nothing is known of it either. */
  after(listed: Listed, page: PageInHand): AsyncGenerator<Listed>
  /** What is on a page that a filter left out. */
  skippedWith(page: PageInHand, rule: string): Generator<Listed>
}

/** All of it, one kind after the other. */
export function together(parts: readonly Along[]): Along {
  return {
    *problem() {
      for (const part of parts) yield* part.problem()
    },
    complete: parts.every(({ complete }) => complete),
    async *after(listed, page) {
      for (const part of parts) yield* part.after(listed, page)
    },
    *skippedWith(page, rule) {
      for (const part of parts) yield* part.skippedWith(page, rule)
    },
  }
}

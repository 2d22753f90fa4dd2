/**
 * How far the last walk got: which spaces were in scope, and what of them was listed to its end. Only where a list ended, a document that
 * it did not bring can be gone.
 *
 * @module
 */

import type { DocumentKind } from '../../model/document.ts'
import type { Space } from './api.ts'

export interface Survey {
  /** A walk begins with these spaces. */
  begin(spaces: readonly Space[]): void
  /** All documents of a kind that there are in a space have been listed. */
  complete(spaceId: string, kind: DocumentKind): void
  isComplete(spaceId: string, kind: DocumentKind): boolean
  /** Whether a space was walked; `undefined` before the first walk. */
  inScope(spaceId: string): boolean | undefined
}

export function createSurvey(): Survey {
  let scope: ReadonlySet<string> | undefined
  const completed = new Set<string>()
  const key = (spaceId: string, kind: DocumentKind) => `${kind} of ${spaceId}`
  return {
    begin(spaces) {
      scope = new Set(spaces.map(({ id }) => id))
      completed.clear()
    },
    complete: (spaceId, kind) => void completed.add(key(spaceId, kind)),
    isComplete: (spaceId, kind) => completed.has(key(spaceId, kind)),
    inScope: (spaceId) => scope?.has(spaceId),
  }
}

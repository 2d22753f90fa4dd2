/**
 * How far the last walk got: which spaces were in scope, and what of them was listed to its end. Only where a list ended, a document that
 * it did not bring can be gone.
 *
 * @module
 */

import type { DocumentKind } from '../../model/document.ts'
import type { Space } from './api.ts'

export interface Survey {
  /** A walk begins; of these spaces, a limit may cut some off, about which nothing is known then. */
  begin(spaces: readonly Space[]): void
  /** All documents of a kind that there are in a space have been listed. */
  complete(spaceId: string, kind: DocumentKind): void
  isComplete(spaceId: string, kind: DocumentKind): boolean
  /** A limit of the settings cut a space, as it will the next time. */
  cut(spaceId: string): void
  isCut(spaceId: string): boolean
  /** Whether a space is wanted by the settings; `undefined` before the first walk. */
  inScope(spaceId: string): boolean | undefined
}

export function createSurvey(): Survey {
  let scope: ReadonlySet<string> | undefined
  const completed = new Set<string>()
  const cutOff = new Set<string>()
  const key = (spaceId: string, kind: DocumentKind) => `${kind} of ${spaceId}`
  return {
    begin(spaces) {
      scope = new Set(spaces.map(({ id }) => id))
      completed.clear()
      cutOff.clear()
    },
    complete: (spaceId, kind) => void completed.add(key(spaceId, kind)),
    isComplete: (spaceId, kind) => completed.has(key(spaceId, kind)),
    cut: (spaceId) => void cutOff.add(spaceId),
    isCut: (spaceId) => cutOff.has(spaceId),
    inScope: (spaceId) => scope?.has(spaceId),
  }
}

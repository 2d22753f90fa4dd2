/**
 * A parcel: some documents of a job on their way from the worker that listed them to the one that processes them, and what comes back.
 *
 * @module
 */

import type { DocumentRef } from '../../model/document.ts'
import type { ErrorReport } from '../../model/errors.ts'
import { type Assignment, type Outcome, parseAssignments } from '../../pipeline/hands.ts'

/** What is in a parcel, as JSON. */
export interface ParcelContent {
  /** Which source and destination of the workflow; see `routes.ts`. */
  readonly route: number
  readonly reprocessAll: boolean
  readonly assignments: readonly Assignment[]
}

export const contentOf = ({ content }: { readonly content: Uint8Array }) =>
  parseAssignments<ParcelContent>(new TextDecoder().decode(content))

/**
 * What came of it: an outcome, and a parcel with what is left, where its worker had to end; or parcels that it was divided into, one for each
 * of its documents.
 */
export type ParcelOutcome =
  | (Outcome & { readonly rest?: number })
  | { readonly dividedInto: readonly number[] }

/** The claim in the ledger says the same, and the next run comes back to it. */
export const notDone = (document: DocumentRef) =>
  ({ type: 'document.failed', document, stage: 'index', error: takenBack }) as const

const takenBack: ErrorReport = {
  kind: 'transient',
  code: 'run.interrupted',
  message: 'The job was stopped before this document was done.',
  fix: 'Run the workflow again: it is done then.',
}

/** Characters of it, roughly; elements are what is large in one. */
export function sizeOf({ packed, halfway }: Assignment): number {
  const texts = halfway?.elements.map(
    ({ text, metadata }) => text.length + (metadata.text_as_html?.length ?? 0),
  )
  return 2000 + (packed?.length ?? 0) + (texts ?? []).reduce((sum, length) => sum + length + 600, 0)
}

/**
 * Claims: what is written down of a document before its destination is touched. Were only the outcome written down, a run that is killed
 * between the two would leave behind a document that nobody knows of, or other permissions than the ledger tells; and if the wiki went back
 * to what the ledger tells before the next run, that would stay. A claim says that what the destination holds is not known: whatever the
 * document looks like then, the next run does it again, and when it is gone, looks for it wherever it may have got to.
 *
 * @module
 */

import type { ErrorReport } from '../model/errors.ts'
import type { Delivered, LedgerEntry } from '../model/ledger.ts'

/** No digest is empty, so that nothing equals it. */
const unknown = ''

/** A document that is about to be uploaded. */
export interface Upload extends Pick<LedgerEntry, 'document' | 'place' | 'version'> {
  readonly recipe: string
  /** By which the destination finds what it holds of it, before and after. */
  readonly receipt: string
}

/** It is not delivered as it is now, unless a later note says so. @param before what is known of it */
export function claimUpload(
  { recipe, receipt, ...subject }: Upload,
  { attempts = 0, delivered }: Partial<LedgerEntry> = {},
): LedgerEntry {
  const { version } = subject
  const digests = { contentDigest: unknown, accessDigest: unknown }
  return {
    ...subject,
    state: 'failed',
    stage: 'upload',
    attempts,
    error: interrupted,
    delivered: { traces: [], ...delivered, ...digests, version, recipe, receipt },
  }
}

/** Its permissions are about to be replaced in the destination. */
export function claimAccess(entry: LedgerEntry): LedgerEntry {
  return entry.delivered ? { ...entry, delivered: { ...entry.delivered, accessDigest: unknown } } : entry
}

/** Whether the destination may hold it otherwise, or not at all. */
export const isClaimed = ({ contentDigest }: Delivered) => contentDigest === unknown

const interrupted: ErrorReport = {
  kind: 'transient',
  code: 'run.interrupted',
  message: 'The run ended while this document was on its way.',
  fix: 'Run again: it is done then.',
}

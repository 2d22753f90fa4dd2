/**
 * What is remembered of every document that was ever seen, so that a second run processes only what changed and deletes nothing on a
 * guess. `store/` keeps it in a database; the pipeline reads and writes it through this contract.
 *
 * @module
 */

import type { CallContext } from './call.ts'
import type { Trace } from './content.ts'
import type { DocumentRef, Place } from './document.ts'
import type { ErrorReport } from './errors.ts'
import type { JobFinished, Stage } from './events.ts'

/**
 * - `done`: the destination holds the document as the source last showed it.
 * - `failed`, `not_permitted`, `unsupported`, `skipped`: found, and not delivered as it is now; an older version may be.
 * - `held`: the destination still holds it, lets nobody in, and a person has to decide whether it is removed.
 * - `removed`: taken out of the destination, with proof.
 */
export type DocumentState =
  | 'done'
  | 'failed'
  | 'not_permitted'
  | 'unsupported'
  | 'skipped'
  | 'held'
  | 'removed'

/** What the destination holds of a document. */
export interface Delivered {
  readonly version: string
  /** Of everything in the document but its permissions. Empty: a run was about to upload it, and nothing tells whether it came to that. */
  readonly contentDigest: string
  /** Empty: the same of its permissions. */
  readonly accessDigest: string
  /** Digest of the steps and settings that it was made with. */
  readonly recipe: string
  /** How the destination finds it again; only the destination reads it. */
  readonly receipt: string
  /** What its content was made of beside itself. */
  readonly traces: readonly Trace[]
}

/** One document as the ledger knows it. Nothing in it tells times, so that two ledgers can be compared. */
export interface LedgerEntry {
  readonly document: DocumentRef
  readonly place: Place
  /** As last listed. */
  readonly version: string
  readonly state: DocumentState
  /** Where it failed. */
  readonly stage?: Stage
  /** Tries in a row that failed; 0 once it is done. */
  readonly attempts: number
  readonly error?: ErrorReport
  /** Why it was skipped, is held or was removed: one sentence. */
  readonly reason?: string
  readonly delivered?: Delivered
}

/** Elements of a document that failed at a later stage: a retry begins there. */
export interface Leftover {
  readonly documentId: string
  /** The stage that failed; everything before it is done. */
  readonly stage: Stage
  readonly contentDigest: string
  readonly recipe: string
  /** JSON of the elements, and of what else the pipeline needs to go on. */
  readonly elements: Uint8Array
}

/** One run, for "when was it last looked at" and for telling which setting changed since. */
export interface JobRecord {
  /** UUID. */
  readonly id: string
  readonly startedAt: Date
  /** JSON of the steps and settings that decide what comes out; no secrets. */
  readonly recipe: string
  /** Absent: it was killed, or it is under way. */
  readonly finished?: JobFinished
}

/** An entry as a look-up gives it, with when it last changed. */
export interface FoundEntry {
  readonly workflow: string
  readonly entry: LedgerEntry
  readonly changedAt: Date
}

/**
 * All of it is kept by workflow: the name of where documents come from and go to.
 *
 * @throws {OutflowError} from its calls: `config` when the state cannot be written (disk full, read-only), codes `state.…`
 */
export interface Ledger {
  /** Every entry of a workflow, in batches. */
  entries(workflow: string, context: CallContext): AsyncIterable<readonly LedgerEntry[]>
  /** Replaces these entries, all of them or none. */
  record(workflow: string, entries: readonly LedgerEntry[]): Promise<void>
  /** Entries of any workflow by the document's id, the source's id of the object, or its exact address or title. */
  find(by: {
    readonly id?: string
    readonly objectId?: string
    readonly url?: string
    readonly title?: string
  }): Promise<readonly FoundEntry[]>
  /** Replaces what is left over of these documents. */
  keep(workflow: string, leftovers: readonly Leftover[]): Promise<void>
  leftover(workflow: string, documentId: string): Promise<Leftover | undefined>
  /** Forgets what is left over of these documents. */
  drop(workflow: string, documentIds: readonly string[]): Promise<void>
  /** Notes that a job began, or how it ended. */
  recordJob(workflow: string, job: JobRecord): Promise<void>
  /** The latest job that began; `undefined` before the first. */
  lastJob(workflow: string): Promise<JobRecord | undefined>
  close(): Promise<void>
}

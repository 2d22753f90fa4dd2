/**
 * Everything a run can say. The pipeline prints nothing; progress lines, JSON lines and, later, server-sent events listen to these.
 *
 * @module
 */

import type { Loss } from './content.ts'
import type { DocumentRef } from './document.ts'
import type { ErrorReport } from './errors.ts'
import type { PermissionsStatus } from './permissions.ts'

export type Stage = 'index' | 'download' | 'partition' | 'enrich' | 'chunk' | 'embed' | 'upload'

/** `found` always equals the sum of all others. */
export interface Coverage {
  readonly found: number
  readonly done: number
  /** Same content, other permissions. */
  readonly access_changed: number
  readonly unchanged: number
  readonly skipped: number
  readonly not_permitted: number
  readonly unsupported: number
  readonly failed: number
}

/** A limit that cut a listing short. */
export interface Truncation {
  /** The setting that did it: `max_num_of_docs_from_each_space`. */
  readonly setting: string
  readonly limit: number
  /** How many there would have been, where the source could tell. */
  readonly available?: number
}

/** A document that was found and did not arrive, although no rule of the settings left it out; or one that waits for a decision. */
export interface NotDone {
  readonly document: DocumentRef
  readonly state: 'not_permitted' | 'unsupported' | 'failed' | 'held'
  readonly reason: string
  readonly stage?: Stage
  readonly error?: ErrorReport
}

/**
 * Why a document is not part of the source any more. `lost_access`: out of the account's sight, which proves nothing; `removed` only
 * where the person said so. `out_of_scope`: left out by the settings, by itself or with its whole space.
 */
export type RemovalReason =
  | 'deleted'
  | 'trashed'
  | 'archived'
  | 'out_of_scope'
  | 'space_out_of_scope'
  | 'lost_access'

/** `held`: everything found is done, and removals wait for a person's decision. */
export type Outcome = 'finished' | 'finished_with_failures' | 'held' | 'stopped' | 'failed'

export type RunEvent =
  | {
      readonly type: 'job.started'
      readonly source: string
      readonly destination: string
      readonly at: string
    }
  /** Where the source is connected to, as whom: one sentence for the person, facts for the machine. */
  | {
      readonly type: 'source.connected'
      readonly message: string
      readonly facts: Readonly<Record<string, string>>
    }
  | { readonly type: 'space.started'; readonly space: string; readonly title: string }
  | { readonly type: 'space.finished'; readonly space: string; readonly found: number }
  | ({ readonly type: 'space.truncated'; readonly space: string } & Truncation)
  | { readonly type: 'document.found'; readonly document: DocumentRef }
  | {
      readonly type: 'document.done'
      readonly document: DocumentRef
      readonly elements: number
      readonly permissions: PermissionsStatus
      readonly losses: readonly Loss[]
    }
  /** Same content, other permissions: the destination has them, and nothing was fetched or processed. */
  | {
      readonly type: 'document.access_changed'
      readonly document: DocumentRef
      readonly permissions: PermissionsStatus
    }
  | {
      readonly type: 'document.unchanged'
      readonly document: DocumentRef
      readonly permissions: PermissionsStatus
    }
  /** Proved gone and taken out of the destination. Was not found, so it is in no sum. */
  | {
      readonly type: 'document.removed'
      readonly document: DocumentRef
      readonly reason: RemovalReason
      readonly message: string
    }
  /** Kept in the destination, closed to everybody, until a person decides. */
  | {
      readonly type: 'document.held'
      readonly document: DocumentRef
      readonly reason: RemovalReason
      readonly message: string
    }
  | { readonly type: 'document.skipped'; readonly document: DocumentRef; readonly rule: string }
  | { readonly type: 'document.not_permitted'; readonly document: DocumentRef; readonly error: ErrorReport }
  | { readonly type: 'document.unsupported'; readonly document: DocumentRef; readonly reason: string }
  | {
      readonly type: 'document.failed'
      readonly document: DocumentRef
      readonly stage: Stage
      readonly error: ErrorReport
    }
  | { readonly type: 'warning'; readonly code: string; readonly message: string; readonly fix?: string }
  /** The source asked for patience, or is being given some. */
  | { readonly type: 'waiting'; readonly seconds: number; readonly reason: string }
  | JobFinished

/** Always the last event, whatever happened. */
export interface JobFinished {
  readonly type: 'job.finished'
  readonly outcome: Outcome
  readonly coverage: Coverage
  /** Documents taken out of the destination, and those that wait for a decision. */
  readonly removed: number
  readonly held: number
  readonly requests: number
  readonly retries: number
  readonly waited_seconds: number
  readonly seconds: number
  /** By space key; the key `*` stands for the list of spaces itself. */
  readonly truncated: Readonly<Record<string, Truncation>>
  /** Documents by the status of their permissions. */
  readonly permissions: Readonly<Record<PermissionsStatus, number>>
  /** Why it stopped or failed. */
  readonly error?: ErrorReport
}

/**
 * The tables, as kysely knows them. They live in a schema of their own, so that somebody's database stays tidy. What makes them is in
 * `migrations.ts`.
 *
 * @module
 */

import type { ColumnType, Generated } from 'kysely'

/** The PostgreSQL schema that holds everything. */
export const schemaName = 'outflow'

/** One row a document that was ever seen; columns of `LedgerEntry`, see `entry-sql.ts`. */
interface DocumentsTable {
  readonly workflow: string
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly url: string
  readonly space: string
  readonly site: string
  readonly object_id: string
  readonly space_id: string
  readonly parent_ids: Json
  readonly version: string
  readonly state: string
  readonly stage: string | null
  readonly attempts: number
  readonly error: Json | null
  readonly reason: string | null
  readonly delivered: Json | null
  /** When anything else in the row last changed. */
  readonly changed_at: Generated<Date>
}

/** Elements of documents that failed on their way. */
interface LeftoversTable {
  readonly workflow: string
  readonly document_id: string
  readonly stage: string
  readonly content_digest: string
  readonly recipe: string
  readonly elements: Uint8Array
}

interface JobsTable {
  readonly workflow: string
  readonly id: string
  /** Tells apart what began in the same millisecond. */
  readonly number: Generated<string>
  readonly started_at: Date
  readonly recipe: string
  /** JSON of `JobFinished`. */
  readonly finished: string | null
}

/** Only SQL reads it. */
type Json = ColumnType<unknown, string, string>

export interface Tables {
  readonly documents: DocumentsTable
  readonly leftovers: LeftoversTable
  readonly jobs: JobsTable
}

export type TableName = keyof Tables

/**
 * The tables, as kysely knows them. They live in a schema of their own, so that somebody's database stays tidy. What makes them is in
 * `migrations.ts`.
 *
 * @module
 */

import type { Generated } from 'kysely'
import type { EntryRow } from './entry-sql.ts'

/** The PostgreSQL schema that holds everything. */
export const schemaName = 'outflow'

/** One row a document that was ever seen. */
interface DocumentsTable extends EntryRow {
  readonly workflow: string
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

export interface Tables {
  readonly documents: DocumentsTable
  readonly leftovers: LeftoversTable
  readonly jobs: JobsTable
}

export type TableName = keyof Tables

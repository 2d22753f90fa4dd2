/**
 * The tables, as kysely knows them. They live in a schema of their own, so that somebody's database stays tidy. What makes them is in
 * `migrations.ts`.
 *
 * @module
 */

import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
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

/** What the ledger was told of each run. */
interface RunsTable {
  readonly workflow: string
  readonly id: string
  /** Tells apart what began in the same millisecond. */
  readonly number: Generated<string>
  readonly started_at: Date
  readonly recipe: string
  /** JSON of `JobFinished`. */
  readonly finished: string | null
}

interface WorkspacesTable {
  readonly id: string
  readonly name: string
  readonly created_at: Generated<Date>
}

/** Keys of the API; see `keys.ts`. */
interface KeysTable {
  readonly id: string
  readonly workspace: string
  readonly name: string
  readonly hash: string
  /** The key's first letters, for people to tell keys apart. */
  readonly hint: string
  readonly scopes: Json<readonly string[]>
  readonly created_at: Generated<Date>
  readonly last_used_at: Date | null
  readonly expires_at: Date | null
  readonly revoked_at: Date | null
}

/** Each key that secrets were sealed with; see `seals.ts`. */
interface SecretKeysTable {
  readonly key_id: string
  readonly sealed: Uint8Array
  readonly created_at: Generated<Date>
}

/** Sources and destinations; see `connectors.ts`. */
interface ConnectorsTable {
  readonly id: string
  /** In the order in which they were made. */
  readonly number: Generated<string>
  readonly workspace: string
  readonly role: string
  readonly key: string | null
  readonly name: string
  readonly type: string
  /** Without secrets. */
  readonly config: Json<Readonly<Record<string, unknown>>>
  /** Sealed JSON of the secret settings. */
  readonly secrets: Uint8Array | null
  readonly created_at: Generated<Date>
  readonly updated_at: Date | null
}

interface ConnectionChecksTable {
  readonly id: string
  readonly number: Generated<string>
  readonly connector: string
  readonly status: string
  readonly reason: string | null
  readonly probes: Json<unknown> | null
  readonly created_at: Generated<Date>
  readonly reported_at: Date | null
}

interface WorkflowsTable {
  readonly id: string
  readonly number: Generated<string>
  readonly workspace: string
  readonly key: string | null
  readonly name: string
  readonly workflow_type: string
  readonly state: string
  /** Ids of connectors. */
  readonly sources: Json<readonly string[]>
  readonly destinations: Json<readonly string[]>
  readonly nodes: Json<unknown>
  /** Cron expression. */
  readonly schedule: string | null
  readonly reprocess_all: Generated<boolean>
  /** Behind one job with uploaded files; in no list. */
  readonly ephemeral: Generated<boolean>
  readonly template: string | null
  readonly created_at: Generated<Date>
  readonly updated_at: Date | null
  readonly deleted_at: Date | null
}

/** What somebody asked for; see `jobs.ts`. */
interface JobsTable {
  readonly id: string
  readonly number: Generated<string>
  readonly workspace: string
  readonly workflow: string
  readonly workflow_name: string
  readonly job_type: string
  readonly state: string
  /** The workflow as it was when the job was made. */
  readonly plan: Json<unknown>
  readonly options: Json<unknown>
  /** How often it was begun. Whoever works for an earlier one writes nothing any more. */
  readonly attempt: Generated<number>
  readonly cancel_requested: Generated<boolean>
  readonly coverage: Json<unknown> | null
  readonly summary: Json<unknown> | null
  readonly error: Json<unknown> | null
  readonly last_event: Generated<string>
  readonly created_at: Generated<Date>
  readonly started_at: Date | null
  readonly ended_at: Date | null
}

interface JobEventsTable {
  readonly job: string
  readonly number: string
  readonly event: Json<unknown>
  readonly at: Generated<Date>
}

/** What became of each document in a job; what did not change has no row. */
interface JobDocumentsTable {
  readonly job: string
  readonly document: string
  readonly state: string
  readonly stage: string | null
  /** The last that was told of it. */
  readonly event: Json<unknown>
  readonly changed_at: Generated<Date>
}

/** Uploaded files, and what came of them. */
interface JobFilesTable {
  readonly job: string
  /** `input` or `output`. */
  readonly role: string
  readonly file_id: string
  /** Of an output, the node that it left; empty for an input. */
  readonly node_id: string
  readonly filename: string
  readonly media_type: string
  readonly size: string
  readonly content: Uint8Array
  readonly created_at: Generated<Date>
}

/** Documents on their way from the worker that listed them to the one that processes them. */
interface ParcelsTable {
  readonly number: GeneratedAlways<string>
  readonly job: string
  /** Of the job, when it was made. */
  readonly attempt: number
  /** Decides whose turn it is; see `parcels.ts`. */
  readonly tag: number
  readonly documents: number
  /** Null once it has been processed. */
  readonly content: Uint8Array | null
  /** What came of it; null until then. */
  readonly outcome: Json<unknown> | null
  /** How many had it in hand and died, where it was taken back for that; what is in it is kept then. */
  readonly deaths: Generated<number>
  /** The job has taken notice of the outcome. */
  readonly heard: Generated<boolean>
  readonly created_at: Generated<Date>
}

/** How the budget of one site and account stands; see `throttle-row.ts`. */
interface ThrottlesTable {
  readonly key: string
  readonly state: Json<unknown>
  /** Nobody asks for it any more after that. */
  readonly until: Generated<Date>
}

/** Where news of jobs goes. */
interface ChannelsTable {
  readonly id: string
  readonly number: Generated<string>
  readonly workspace: string
  readonly workflow: string | null
  readonly channel_type: string
  readonly url: string
  readonly event_types: Json<readonly string[]>
  readonly description: string | null
  readonly enabled: Generated<boolean>
  /** Sealed. */
  readonly secret: Uint8Array
  readonly created_at: Generated<Date>
  readonly updated_at: Generated<Date>
}

interface NotificationsTable {
  readonly id: string
  readonly number: Generated<string>
  readonly workspace: string
  readonly workflow: string
  readonly event_type: string
  readonly payload: Json<unknown>
  readonly is_read: Generated<boolean>
  readonly created_at: Generated<Date>
}

/** Read as a value, written as JSON text: an array would be taken for one of PostgreSQL's. */
type Json<Value> = ColumnType<Value, string, string>

export interface Tables {
  readonly documents: DocumentsTable
  readonly leftovers: LeftoversTable
  readonly runs: RunsTable
  readonly workspaces: WorkspacesTable
  readonly keys: KeysTable
  readonly secret_keys: SecretKeysTable
  readonly connectors: ConnectorsTable
  readonly connection_checks: ConnectionChecksTable
  readonly workflows: WorkflowsTable
  readonly jobs: JobsTable
  readonly job_events: JobEventsTable
  readonly job_documents: JobDocumentsTable
  readonly job_files: JobFilesTable
  readonly parcels: ParcelsTable
  readonly throttles: ThrottlesTable
  readonly channels: ChannelsTable
  readonly notifications: NotificationsTable
}

export type TableName = keyof Tables

/**
 * What a server does for its tables in the background and an embedded database does not: statistics, so that queries stay fast; room of old rows
 * given back; the log cut short, which would grow for as long as the process runs.
 *
 * @module
 */

import { type Kysely, sql } from 'kysely'
import { schemaName, type TableName, type Tables } from './schema.ts'

/** A table is looked after when more than this many of its rows changed, and more than this share of them. */
const atLeast = 2000
const share = 0.5

/** The columns by which rows are looked for; statistics of the others would cost ten times as much and serve nobody. */
const columns = {
  documents: 'workflow, id',
  leftovers: 'workflow, document_id',
  runs: 'workflow, id',
  jobs: 'workspace, workflow, state, number',
  job_events: 'job, number',
  job_documents: 'job, document, state',
  job_files: 'job, file_id',
  parcels: 'job, number, tag',
} as const satisfies Partial<Record<TableName, string>>

/** Tables that grow. */
export type WatchedTable = keyof typeof columns

/** Characters or bytes written after which the log is cut; it holds about twice as much. */
const logSize = 32_000_000

export interface Upkeep {
  changed(table: WatchedTable, rows: number, size: number): Promise<void>
  /** What is due, with less patience: this may be the last chance for long. */
  finish(): Promise<void>
}

export function createUpkeep(tables: Kysely<Tables>): Upkeep {
  const changes = new Map<WatchedTable, number>()
  const sizes = new Map<WatchedTable, number>()
  let written = 0

  async function look(table: WatchedTable): Promise<void> {
    changes.set(table, 0)
    const name = sql.table(`${schemaName}.${table}`)
    await sql`vacuum (analyze) ${name} (${sql.raw(columns[table])})`.execute(tables)
    const { rows } = await sql<{ rows: number }>`
      select reltuples::float8 as rows from pg_class where oid = ${`${schemaName}.${table}`}::regclass`.execute(
      tables,
    )
    sizes.set(table, rows[0]!.rows)
  }

  async function cutLog(): Promise<void> {
    written = 0
    await sql`checkpoint`.execute(tables)
  }

  return {
    async changed(table, rows, size) {
      const sum = (changes.get(table) ?? 0) + rows
      changes.set(table, sum)
      written += size
      if (sum >= Math.max(atLeast, (sizes.get(table) ?? 0) * share)) await look(table)
      if (written >= logSize) await cutLog()
    },
    async finish() {
      for (const [table, rows] of changes) if (rows >= atLeast / 2) await look(table)
      await cutLog()
    },
  }
}

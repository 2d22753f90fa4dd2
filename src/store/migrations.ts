/**
 * How the tables came to be, step by step. A step that has been released never changes; a new one is added below it.
 *
 * @module
 */

import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { schemaName, type Tables } from './schema.ts'

/** Valid on PostgreSQL 15 and later. */
const migrations: Record<string, Migration> = {
  '001-ledger': {
    async up(database) {
      const { schema } = database.withSchema(schemaName)
      // Sorted by code point, so that paging by id goes the same way on every server.
      const key = sql`text collate "C"`
      await schema
        .createTable('documents')
        .addColumn('workflow', key, (column) => column.notNull())
        .addColumn('id', key, (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('title', 'text', (column) => column.notNull())
        .addColumn('url', 'text', (column) => column.notNull())
        .addColumn('space', 'text', (column) => column.notNull())
        .addColumn('site', 'text', (column) => column.notNull())
        .addColumn('object_id', 'text', (column) => column.notNull())
        .addColumn('space_id', 'text', (column) => column.notNull())
        .addColumn('parent_ids', 'jsonb', (column) => column.notNull())
        .addColumn('version', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('stage', 'text')
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('error', 'jsonb')
        .addColumn('reason', 'text')
        .addColumn('delivered', 'jsonb')
        .addColumn('changed_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
        .addPrimaryKeyConstraint('documents_key', ['workflow', 'id'])
        .execute()
      // Hashes: a title or an address may be longer than an entry of a tree may be.
      for (const column of ['object_id', 'url', 'title'])
        await schema.createIndex(`documents_${column}`).on('documents').using('hash').column(column).execute()
      await schema
        .createTable('leftovers')
        .addColumn('workflow', key, (column) => column.notNull())
        .addColumn('document_id', key, (column) => column.notNull())
        .addColumn('stage', 'text', (column) => column.notNull())
        .addColumn('content_digest', 'text', (column) => column.notNull())
        .addColumn('recipe', 'text', (column) => column.notNull())
        .addColumn('elements', 'bytea', (column) => column.notNull())
        .addPrimaryKeyConstraint('leftovers_key', ['workflow', 'document_id'])
        .execute()
      await schema
        .createTable('jobs')
        .addColumn('workflow', key, (column) => column.notNull())
        .addColumn('id', key, (column) => column.notNull())
        .addColumn('number', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
        .addColumn('started_at', 'timestamptz', (column) => column.notNull())
        .addColumn('recipe', 'text', (column) => column.notNull())
        .addColumn('finished', 'text')
        .addPrimaryKeyConstraint('jobs_key', ['workflow', 'id'])
        .execute()
    },
  },
}

/** Where it is written down which steps were taken. */
const table = 'migrations'

/**
 * Takes the steps that are missing, each once, whoever else is starting up.
 *
 * @returns the first step that this program does not know: the tables were made by a newer one, and nothing was changed
 * @throws what the database throws
 */
export async function migrate(database: Kysely<Tables>): Promise<{ readonly unknown?: string }> {
  const taken = await stepsTaken(database)
  const unknown = taken.find((name) => !(name in migrations))
  if (unknown !== undefined) return { unknown }
  if (taken.length === Object.keys(migrations).length) return {}
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => migrations },
    migrationTableSchema: schemaName,
    migrationTableName: table,
    migrationLockTableName: 'migration_lock',
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw asError(error)
  return {}
}

async function stepsTaken(database: Kysely<Tables>): Promise<string[]> {
  const path = `${schemaName}.${table}`
  const { rows: found } = await sql<{ there: boolean }>`
    select to_regclass(${path}) is not null as there`.execute(database)
  if (!found[0]!.there) return []
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(path)} order by name`.execute(
    database,
  )
  return rows.map(({ name }) => name)
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('The tables could not be made.', { cause: thrown })
}

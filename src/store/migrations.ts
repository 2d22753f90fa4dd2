/**
 * How the tables came to be, step by step. A step that has been released never changes; a new one is added below it.
 *
 * @module
 */

import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { ledgerTables } from './migrations/001-ledger.ts'
import { platformTables } from './migrations/002-platform.ts'
import { schemaName, type Tables } from './schema.ts'

/** Valid on PostgreSQL 15 and later. */
const migrations: Record<string, Migration> = {
  '001-ledger': ledgerTables,
  '002-platform': platformTables,
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

/**
 * How the tables came to be, step by step. A step that has been released never changes; a new one is added below it.
 *
 * All steps that are missing are one transaction, under a lock of PostgreSQL's that ends with it: a process that dies in the middle leaves
 * neither half a step nor a lock, and a pooler between us and the server changes nothing about that.
 *
 * @module
 */

import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { ledgerTables } from './migrations/001-ledger.ts'
import { platformTables } from './migrations/002-platform.ts'
import { schemaName, type Tables } from './schema.ts'

/** Valid on PostgreSQL 15 and later. */
const migrations: Readonly<Record<string, Migration>> = {
  '001-ledger': ledgerTables,
  '002-platform': platformTables,
}

/** The steps in order. */
export const stepNames: readonly string[] = Object.keys(migrations)

/** Where it is written down which steps were taken. */
export const tableOfSteps = `${schemaName}.migrations`

/** Tables that tell how the others were made. The second is of earlier versions, which kept a row there to lock. */
export const tablesOfSteps: readonly string[] = ['migrations', 'migration_lock']

/** "outflow" in ASCII; a lock of PostgreSQL's has a number for a name, in each database anew. */
const lockNumber = '31372865209921399'

/** Milliseconds that somebody else may take for the steps. */
const usualPatience = 300_000

export interface MigrateOptions {
  /** The last step to take. Default: all. */
  readonly upTo?: string
  /** Milliseconds to wait for whoever is at it, then `55P03`. */
  readonly patience?: number
}

/**
 * Takes the steps that are missing, each once, whoever else is starting up.
 *
 * @returns the first step that this program does not know: the tables were made by a newer one, and nothing was changed
 * @throws what the database throws
 */
export async function migrate(
  database: Kysely<Tables>,
  { upTo, patience = usualPatience }: MigrateOptions = {},
): Promise<{ readonly unknown?: string }> {
  const taken = await stepsTaken(database)
  const unknown = unknownOf(taken)
  if (unknown !== undefined) return { unknown }
  if (stepsUpTo(upTo).every((name) => taken.includes(name))) return {}
  return database.transaction().execute(async (transaction) => {
    await lockSteps(transaction, patience)
    return takeSteps(transaction, upTo)
  })
}

/** Within a transaction: from now to its end nobody else takes steps. */
export async function lockSteps(transaction: Kysely<Tables>, patience = usualPatience): Promise<void> {
  await sql`select set_config('lock_timeout', ${String(patience)}, true)`.execute(transaction)
  await sql`select pg_advisory_xact_lock(${sql.raw(lockNumber)})`.execute(transaction)
}

/** Within a transaction that holds the lock: takes the steps that are missing. */
export async function takeSteps(
  transaction: Kysely<Tables>,
  upTo?: string,
): Promise<{ readonly unknown?: string }> {
  const taken = await stepsTaken(transaction)
  const unknown = unknownOf(taken)
  if (unknown !== undefined) return { unknown }
  await prepare(transaction)
  for (const name of stepsUpTo(upTo)) {
    if (taken.includes(name)) continue
    await migrations[name]!.up(transaction)
    await sql`insert into ${sql.table(tableOfSteps)} (name, timestamp) values (${name}, ${new Date().toISOString()})`.execute(
      transaction,
    )
  }
  return {}
}

/** The steps that these tables went through, in order. */
export async function stepsTaken(database: Kysely<Tables>): Promise<readonly string[]> {
  if (!(await hasTable(database))) return []
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(tableOfSteps)} order by name collate "C"`.execute(database)
  return rows.map(({ name }) => name)
}

function stepsUpTo(last: string | undefined): readonly string[] {
  return last === undefined ? stepNames : stepNames.slice(0, stepNames.indexOf(last) + 1)
}

const unknownOf = (names: readonly string[]) => names.find((name) => !(name in migrations))

/** Asked for first: whoever may not make a schema may not make it "if not exists" either, even where it exists. */
async function prepare(transaction: Kysely<Tables>): Promise<void> {
  if (!(await hasSchema(transaction))) await sql`create schema ${sql.id(schemaName)}`.execute(transaction)
  if (await hasTable(transaction)) return
  await sql`create table ${sql.table(tableOfSteps)} (
    name varchar(255) primary key, timestamp varchar(255) not null)`.execute(transaction)
}

/**
 * Read from the catalogue like any other table, not asked of `to_regclass`: that may answer from memory, of the time before the lock was
 * waited for, that there is none.
 */
async function hasTable(database: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql`
    select from pg_tables where schemaname || '.' || tablename = ${tableOfSteps}`.execute(database)
  return rows.length > 0
}

async function hasSchema(database: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql`select from pg_namespace where nspname = ${schemaName}`.execute(database)
  return rows.length > 0
}

/**
 * What the ledger needs of a database, and both kinds of database are.
 *
 * @module
 */

import type { PGlite } from '@electric-sql/pglite'
import type { Kysely } from 'kysely'
import type { ErrorReport, OutflowError } from '../model/errors.ts'
import type { Tables } from './schema.ts'
import type { WatchedTable } from './upkeep.ts'

/** An open database, embedded or a server, with its tables up to date. */
export interface Database {
  readonly tables: Kysely<Tables>
  /** For people: `The state folder /srv/wiki/.outflow`. */
  readonly name: string
  /** What a call threw, as an error that names this database. */
  explain(thrown: unknown): OutflowError
  /** Says that so many rows of a table changed, with so many characters or bytes in them; looks after the database when it is time. */
  changed(table: WatchedTable, rows: number, size: number): Promise<void>
  /** For the queue, which has SQL of its own: runs a statement, or several without parameters. */
  readonly queueAccess: QueueAccess
  /** Idempotent. */
  close(): Promise<void>
}

/** How the queue comes to its tables. */
export type QueueAccess =
  /** Through the one instance that there is. */
  | { readonly embedded: PGlite }
  /** By connections of its own. */
  | { readonly url: string }

/**
 * All of it or none: what is written through the given database counts once `work` has resolved.
 *
 * @throws what `work` throws; {OutflowError} what the database makes of everything else
 */
export async function inTransaction<Result>(
  database: Database,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const changes: Parameters<Database['changed']>[] = []
  const changed: Database['changed'] = async (...change) => void changes.push(change)
  let ofWork: unknown
  const result = await database.tables
    .transaction()
    .execute((tables) =>
      work({ ...database, tables, changed }).catch((thrown: unknown) => {
        ofWork = thrown
        throw thrown
      }),
    )
    .catch((thrown: unknown) => {
      throw thrown === ofWork ? thrown : database.explain(thrown)
    })
  // A table can be looked after only from outside.
  for (const change of changes) await database.changed(...change)
  return result
}

/** @throws {OutflowError} what the database makes of whatever was thrown */
export async function attempt<Result>(
  { explain }: Pick<Database, 'explain'>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (thrown) {
    throw explain(thrown)
  }
}

/** Every call of a repository tells its trouble as an error that names the database. */
export function explained<Repository extends object>(database: Database, repository: Repository): Repository {
  const calls = Object.entries(repository) as [string, (...given: unknown[]) => Promise<unknown>][]
  return Object.fromEntries(
    calls.map(([name, call]) => [name, (...given: unknown[]) => attempt(database, () => call(...given))]),
  ) as Repository
}

/** Whether it was the database that could not be reached, which passes. */
export const isOutOfReach = ({ kind, code }: Pick<ErrorReport, 'kind' | 'code'>) =>
  kind === 'transient' && code.startsWith('state.')

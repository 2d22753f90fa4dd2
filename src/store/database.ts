/**
 * What the ledger needs of a database, and both kinds of database are.
 *
 * @module
 */

import type { Kysely } from 'kysely'
import type { OutflowError } from '../model/errors.ts'
import type { TableName, Tables } from './schema.ts'

/** An open database, embedded or a server, with its tables up to date. */
export interface Database {
  readonly tables: Kysely<Tables>
  /** For people: `The state folder /srv/wiki/.outflow`. */
  readonly name: string
  /** What a call threw, as an error that names this database. */
  explain(thrown: unknown): OutflowError
  /** Says that so many rows of a table changed, with so many characters or bytes in them; looks after the database when it is time. */
  changed(table: TableName, rows: number, size: number): Promise<void>
  /** Idempotent. */
  close(): Promise<void>
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

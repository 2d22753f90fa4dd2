/**
 * What is written down about the platform: one repository a noun, all of them over one database, or over one transaction of it.
 *
 * @module
 */

import type { Kysely } from 'kysely'
import type { Ledger } from '../model/ledger.ts'
import type { Database } from './database.ts'
import { createLedger } from './ledger.ts'
import type { Tables } from './schema.ts'

export interface Records {
  readonly ledger: Omit<Ledger, 'close'>
  /** For the queue, which puts tasks on their way in the same transaction. */
  readonly tables: Kysely<Tables>
}

export function createRecords(database: Database): Records {
  return {
    ledger: createLedger(database),
    tables: database.tables,
  }
}

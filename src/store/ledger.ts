/**
 * The ledger in a database; the same on PGlite and on a server.
 *
 * @module
 */

import type { Ledger } from '../model/ledger.ts'
import type { Database } from './database.ts'
import { createDocuments } from './documents.ts'
import { createLeftovers } from './leftovers.ts'
import { createRuns } from './runs.ts'

export function createLedger(database: Database): Ledger {
  return {
    ...createDocuments(database),
    ...createLeftovers(database),
    ...createRuns(database),
    close: database.close,
  }
}

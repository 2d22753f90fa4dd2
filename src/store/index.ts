/**
 * What survives a run, in a database: embedded in a state folder, or on a PostgreSQL server. The same code and the same tables on both.
 *
 * @module
 */

import { sql } from 'kysely'
import type { Throttle } from '../kit/http-throttle.ts'
import { OutflowError } from '../model/errors.ts'
import type { Ledger } from '../model/ledger.ts'
import { attempt, type Database, inTransaction } from './database.ts'
import { createLedger } from './ledger.ts'
import { migrate } from './migrations.ts'
import { openQueue, type Queue, type QueueOptions } from './queue.ts'
import { createRecords, type Records } from './records.ts'
import { createThrottles } from './throttle.ts'
import { createTransfer, type Transfer } from './transfer.ts'

export { verifyExport } from './transfer/read.ts'

/** Where the state is. */
export type StatePlace =
  /** Made when it is missing. One process at a time; on a local disk. */
  | { readonly stateDir: string }
  /** `postgres://user:password@host:5432/database`, PostgreSQL 15 or later. Any number of processes. */
  | { readonly databaseUrl: string }

export interface StoreOptions {
  readonly signal?: AbortSignal
  /** What the person called, for whoever finds the folder in use; no secrets. Default `outflow`. */
  readonly command?: string
}

export interface Store extends AsyncDisposable {
  readonly ledger: Ledger
  readonly records: Records
  /** What is written through the given records counts once `work` has resolved, all of it or none. No queries of others belong into it. */
  transaction<Result>(work: (records: Records) => Promise<Result>): Promise<Result>
  /** The budget of one site and account, for all who ask it, in whatever process with this state; see `createSharing`. */
  readonly throttleOf: (key: string) => Throttle
  /** Opens the queues of work, and makes them the first time. Whoever opens them stops them before the store is closed. */
  openQueue(options?: QueueOptions): Promise<Queue>
  /** To a file, and back. */
  readonly transfer: Transfer
  /** Proves that the database answers. @throws {OutflowError} codes `state.…` */
  ready(): Promise<void>
  /** Idempotent. */
  close(): Promise<void>
}

/**
 * Opens the state, and brings its tables up to date. Embedded, that takes 3 s the first time and half a second from then on.
 *
 * @throws {OutflowError} codes `state.…`: `config` where the place cannot work, `credentials` where the server refuses the sign-in,
 *   `transient` where it cannot be reached
 */
export async function openStore(
  place: StatePlace,
  { signal, command = 'outflow' }: StoreOptions = {},
): Promise<Store> {
  signal?.throwIfAborted()
  const database = await openDatabase(place, command)
  try {
    await bringUpToDate(database)
    signal?.throwIfAborted()
  } catch (thrown) {
    await database.close()
    throw thrown
  }
  return {
    ledger: createLedger(database),
    records: createRecords(database),
    transaction: (work) => inTransaction(database, (inside) => work(createRecords(inside))),
    ready: () =>
      attempt(database, async () => {
        await sql`select 1`.execute(database.tables)
      }),
    throttleOf: createThrottles(database),
    openQueue: (options) => openQueue(database, options),
    transfer: createTransfer(database),
    close: database.close,
    [Symbol.asyncDispose]: database.close,
  }
}

/** Neither half is loaded for the other's sake. */
async function openDatabase(place: StatePlace, command: string): Promise<Database> {
  if ('stateDir' in place) {
    const { openEmbedded } = await import('./embedded.ts')
    return openEmbedded(place.stateDir, command)
  }
  const { openServer } = await import('./server.ts')
  return openServer(place.databaseUrl)
}

async function bringUpToDate(database: Database): Promise<void> {
  const { unknown } = await attempt(database, () => migrate(database.tables))
  if (unknown === undefined) return
  throw new OutflowError({
    kind: 'config',
    code: 'state.newer',
    message: `${database.name} was written by a newer Outflow (it knows the step "${unknown}").`,
    fix: 'Use that newer Outflow. Nothing was changed.',
  })
}

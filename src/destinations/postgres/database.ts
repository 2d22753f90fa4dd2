/**
 * Transactions on a small pool of connections, tried again where the server or the network failed in between.
 *
 * @module
 */

import { type LookupFunction, Socket } from 'node:net'
import { Pool, type PoolClient, type QueryResult } from 'pg'
import type { CallContext } from '../../model/call.ts'
import { OutflowError } from '../../model/errors.ts'
import { backoff } from '../../util/backoff.ts'
import { sleep } from '../../util/sleep.ts'
import { untilAborted } from '../../util/until-aborted.ts'
import { type Address, placeOf, tlsOf } from './address.ts'
import { problemOf, refusesTls } from './problems.ts'

/** One statement, within the transaction. */
export type Query = (
  text: string,
  values?: readonly unknown[],
) => Promise<QueryResult<Record<string, unknown>>>

export interface Database {
  /**
   * All of `work` or nothing of it. What is lost between server and us is tried again, so `work` may run more than once.
   *
   * @param tries default 7: with the pauses between them, a server has about a quarter of a minute to come back
   * @throws {OutflowError} codes `postgres.…`
   */
  transaction<Result>(
    work: (query: Query) => Promise<Result>,
    context: CallContext,
    tries?: number,
  ): Promise<Result>
  close(): Promise<void>
}

const connectMilliseconds = 10_000
/** Between two statements of a transaction, in milliseconds. A worker that stands still for longer loses its work to another one soon after. */
const longestPause = 8000

interface DatabaseOptions {
  /** Connections at the same time. */
  readonly size: number
  /** Finds the address of the host, and may refuse it. Default: the system's. */
  readonly lookup?: LookupFunction | undefined
}

/** Connects with the first transaction. */
export function createDatabase(address: Address, connections: DatabaseOptions): Database {
  let opening: Promise<Pool> | undefined

  function pool(): Promise<Pool> {
    opening ??= openPool(address, connections)
    opening.catch(() => {
      opening = undefined
    })
    return opening
  }

  return {
    async transaction(work, { signal }, tries = 7) {
      for (let tried = 1; ; tried++)
        try {
          return await attempt(await untilAborted(pool(), signal), work, signal)
        } catch (thrown) {
          signal.throwIfAborted()
          const problem = problemOf(thrown, placeOf(address))
          if (tried === tries || !isTransient(problem)) throw problem
          await sleep(backoff(tried - 1), signal)
        }
    },
    async close() {
      const open = await opening?.catch(() => undefined)
      opening = undefined
      await open?.end()
    },
  }
}

const isTransient = (problem: unknown) => problem instanceof OutflowError && problem.kind === 'transient'

async function attempt<Result>(
  pool: Pool,
  work: (query: Query) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const client = await connection(pool, signal)
  const query: Query = (text, values) =>
    untilAborted(client.query<Record<string, unknown>>(text, values && [...values]), signal)
  try {
    await query('begin')
    const result = await work(query)
    await query('commit')
    client.release()
    return result
  } catch (thrown) {
    // Hanging up rolls back, whatever state the connection is in.
    client.release(true)
    throw thrown
  }
}

/** A connection that comes when nobody waits for it any more goes back. */
async function connection(pool: Pool, signal: AbortSignal): Promise<PoolClient> {
  const coming = pool.connect()
  try {
    return await untilAborted(coming, signal)
  } catch (thrown) {
    coming.then(
      (client) => client.release(),
      () => undefined,
    )
    throw thrown
  }
}

/** Proved by a first connection. With `prefer`, a server without TLS is asked again without. */
async function openPool(address: Address, connections: DatabaseOptions): Promise<Pool> {
  const ssl = await tlsOf(address)
  const { host, port, database, username: user, password, options } = address
  const pool = new Pool({
    ...{ host, port, database, user, ssl, max: connections.size },
    ...(password !== undefined && { password }),
    ...(options !== undefined && { options }),
    ...(connections.lookup && { stream: socketWith(connections.lookup) }),
    application_name: 'outflow',
    keepAlive: true,
    connectionTimeoutMillis: connectMilliseconds,
    // Whoever stands still in a transaction keeps others from the same documents. A server that does not know it goes without.
    onConnect: (client) => {
      client.query(`set idle_in_transaction_session_timeout = ${longestPause}`).catch(() => undefined)
    },
  })
  // Without listeners, a connection that ends while nobody uses it would end the process. Whoever uses it next is told.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  try {
    const client = await pool.connect()
    client.release()
    return pool
  } catch (thrown) {
    await pool.end()
    if (ssl !== false && address.sslmode === 'prefer' && refusesTls(thrown))
      return openPool({ ...address, sslmode: 'disable' }, connections)
    throw thrown
  }
}

/** The driver connects its sockets by port and host, or by the path of a local one. */
function socketWith(lookup: LookupFunction): () => Socket {
  return () => {
    const socket = new Socket()
    const connect = socket.connect.bind(socket)
    const guarded = (at: number | string, host?: string) =>
      typeof at === 'number' && host !== undefined ? connect({ port: at, host, lookup }) : connect(String(at))
    return Object.assign(socket, { connect: guarded })
  }
}

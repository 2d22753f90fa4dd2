/**
 * A PostgreSQL server that somebody else runs. It looks after its tables itself.
 *
 * @module
 */

import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool } from 'pg'
import type { Database } from './database.ts'
import type { Tables } from './schema.ts'
import { badUrl, oldServer, otherEncoding, serverTrouble } from './server-problems.ts'

/** First version in which all of the SQL here is valid; older ones are given up by PostgreSQL itself. */
const oldest = 15

/** Between two statements of a transaction, in milliseconds. */
const longestPause = 8000

/** A run asks one thing at a time, mostly. */
const connections = 4

/**
 * @throws {OutflowError} `config`: no such address or database, too old, no right; `credentials`: the sign-in is refused; `transient`: not
 *   reachable
 */
export async function openServer(url: string): Promise<Database> {
  const name = nameOf(url)
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 10_000,
    application_name: 'outflow',
    // Whoever stands still in a transaction holds rows that another process waits for, which has its work by now: for less time than it takes to
    // get it.
    onConnect: (client) => {
      // A connection that breaks here is told by the query that it was opened for.
      client.query(`set idle_in_transaction_session_timeout = ${longestPause}`).catch(() => undefined)
    },
  })
  // A connection that breaks while nothing is asked of it, idle or between two queries of a transaction, tells so by an event, which would end
  // the process if nobody listened. The next call finds out by itself.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const tables = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= tables.destroy()
    return closed
  }
  try {
    await prove(tables, name)
  } catch (thrown) {
    await close()
    throw serverTrouble(name, thrown)
  }
  return {
    tables,
    name,
    explain: (thrown) => serverTrouble(name, thrown),
    changed: async () => {},
    queueAccess: { url },
    close,
  }
}

/** Host, port and database: what may be shown of a URL. */
function nameOf(url: string): string {
  const parsed = URL.parse(url)
  if (!parsed || !/^postgres(?:ql)?:$/.test(parsed.protocol)) throw badUrl()
  const host = parsed.host || parsed.searchParams.get('host') || 'localhost'
  return `The database ${host}/${decodeURIComponent(parsed.pathname.slice(1))}`
}

async function prove(tables: Kysely<Tables>, name: string): Promise<void> {
  const { rows } = await sql<{ version: number; encoding: string }>`
    select current_setting('server_version_num')::integer as version,
      current_setting('server_encoding') as encoding`.execute(tables)
  const { version, encoding } = rows[0]!
  if (version < oldest * 10_000) throw oldServer(name, Math.floor(version / 10_000), oldest)
  if (encoding !== 'UTF8') throw otherEncoding(name, encoding)
}

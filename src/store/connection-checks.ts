/**
 * Connection checks: asked for, done, and what came of them.
 *
 * @module
 */

import { type Selectable, sql } from 'kysely'
import { attempt, type Database } from './database.ts'
import { schemaName, type Tables } from './schema.ts'
import { restored, restoredJson, storable, storableJson } from './storable-text.ts'

type CheckStatus = 'SCHEDULED' | 'SUCCESS' | 'FAILURE'

export interface CheckRow {
  readonly id: string
  readonly connector: string
  readonly status: CheckStatus
  readonly reason?: string
  /** What each probe said; what it means is for others to say. */
  readonly probes?: unknown
  readonly createdAt: Date
  readonly reportedAt?: Date
}

export interface CheckReport {
  readonly status: Exclude<CheckStatus, 'SCHEDULED'>
  readonly reason?: string
  readonly probes: readonly unknown[]
}

export interface CheckRecords {
  add(id: string, connector: string): Promise<CheckRow>
  get(id: string): Promise<CheckRow | undefined>
  /** The latest of a connector. */
  last(connector: string): Promise<CheckRow | undefined>
  /** Ids of those that have no answer yet. */
  unreported(): Promise<readonly string[]>
  /** Counts once: of a check that was reported before, nothing changes. */
  report(id: string, report: CheckReport): Promise<void>
}

export function createConnectionChecks(database: Database): CheckRecords {
  const tables = database.tables.withSchema(schemaName)

  async function add(id: string, connector: string): Promise<CheckRow> {
    const row = await tables
      .insertInto('connection_checks')
      .values({ id, connector, status: 'SCHEDULED' satisfies CheckStatus })
      .returningAll()
      .executeTakeFirstOrThrow()
    return checkOf(row)
  }

  async function get(id: string): Promise<CheckRow | undefined> {
    const row = await tables
      .selectFrom('connection_checks')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    return row && checkOf(row)
  }

  async function last(connector: string): Promise<CheckRow | undefined> {
    const row = await tables
      .selectFrom('connection_checks')
      .selectAll()
      .where('connector', '=', connector)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && checkOf(row)
  }

  async function unreported(): Promise<readonly string[]> {
    const rows = await tables
      .selectFrom('connection_checks')
      .select('id')
      .where('reported_at', 'is', null)
      .orderBy('number')
      .execute()
    return rows.map(({ id }) => id)
  }

  async function report(id: string, { status, reason, probes }: CheckReport): Promise<void> {
    await tables
      .updateTable('connection_checks')
      .set({
        status,
        reason: reason === undefined ? null : storable(reason),
        probes: storableJson(probes),
        reported_at: sql<Date>`now()`,
      })
      .where('id', '=', id)
      .where('reported_at', 'is', null)
      .execute()
  }

  return {
    add: (id, connector) => attempt(database, () => add(id, connector)),
    get: (id) => attempt(database, () => get(id)),
    last: (connector) => attempt(database, () => last(connector)),
    unreported: () => attempt(database, unreported),
    report: (id, given) => attempt(database, () => report(id, given)),
  }
}

function checkOf(row: Selectable<Tables['connection_checks']>): CheckRow {
  return {
    id: row.id,
    connector: row.connector,
    status: row.status === 'SUCCESS' || row.status === 'FAILURE' ? row.status : 'SCHEDULED',
    ...(row.reason !== null && { reason: restored(row.reason) }),
    ...(row.probes !== null && { probes: restoredJson<unknown>(JSON.stringify(row.probes)) }),
    createdAt: row.created_at,
    ...(row.reported_at !== null && { reportedAt: row.reported_at }),
  }
}

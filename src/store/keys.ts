/**
 * Keys of the API. Of the key itself only a hash is kept.
 *
 * @module
 */

import { type Selectable, type SqlBool, sql } from 'kysely'
import { attempt, type Database } from './database.ts'
import { schemaName, type Tables } from './schema.ts'
import { restored, storable } from './storable-text.ts'

export interface KeyRow {
  readonly id: string
  readonly workspace: string
  readonly name: string
  /** Its first letters. */
  readonly hint: string
  readonly scopes: readonly string[]
  readonly createdAt: Date
  readonly lastUsedAt?: Date
  readonly expiresAt?: Date
  readonly revokedAt?: Date
}

type NewKeyRow = Omit<KeyRow, 'createdAt' | 'lastUsedAt' | 'revokedAt'> & { readonly hash: string }

export interface KeyRecords {
  add(key: NewKeyRow): Promise<KeyRow>
  byHash(hash: string): Promise<KeyRow | undefined>
  /** Of one workspace, or all; in the order in which they were made. */
  list(workspace?: string): Promise<readonly KeyRow[]>
  /** `undefined`: there is none. One that was revoked before keeps its time. */
  revoke(id: string): Promise<KeyRow | undefined>
  /** Notes that it is in use, at most once a minute. */
  used(id: string): Promise<void>
}

export function createKeys(database: Database): KeyRecords {
  const tables = database.tables.withSchema(schemaName)

  async function add({ hash, expiresAt, ...key }: NewKeyRow): Promise<KeyRow> {
    const row = await tables
      .insertInto('keys')
      .values({
        id: key.id,
        workspace: key.workspace,
        name: storable(key.name),
        hash,
        hint: key.hint,
        scopes: JSON.stringify(key.scopes),
        expires_at: expiresAt ?? null,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    return keyOf(row)
  }

  async function byHash(hash: string): Promise<KeyRow | undefined> {
    const row = await tables.selectFrom('keys').selectAll().where('hash', '=', hash).executeTakeFirst()
    return row && keyOf(row)
  }

  async function list(workspace: string | undefined): Promise<readonly KeyRow[]> {
    let query = tables.selectFrom('keys').selectAll()
    if (workspace !== undefined) query = query.where('workspace', '=', storable(workspace))
    return (await query.orderBy('created_at').orderBy('id').execute()).map(keyOf)
  }

  async function revoke(id: string): Promise<KeyRow | undefined> {
    const row = await tables
      .updateTable('keys')
      .set({ revoked_at: sql<Date>`coalesce(revoked_at, now())` })
      .where('id', '=', storable(id))
      .returningAll()
      .executeTakeFirst()
    return row && keyOf(row)
  }

  async function used(id: string): Promise<void> {
    await tables
      .updateTable('keys')
      .set({ last_used_at: sql<Date>`now()` })
      .where('id', '=', id)
      .where(sql<SqlBool>`coalesce(last_used_at < now() - interval '1 minute', true)`)
      .execute()
  }

  return {
    add: (key) => attempt(database, () => add(key)),
    byHash: (hash) => attempt(database, () => byHash(hash)),
    list: (workspace) => attempt(database, () => list(workspace)),
    revoke: (id) => attempt(database, () => revoke(id)),
    used: (id) => attempt(database, () => used(id)),
  }
}

function keyOf(row: Selectable<Tables['keys']>): KeyRow {
  return {
    id: row.id,
    workspace: row.workspace,
    name: restored(row.name),
    hint: row.hint,
    scopes: row.scopes,
    createdAt: row.created_at,
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at }),
  }
}

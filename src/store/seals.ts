/**
 * Everything in the database that is sealed, whatever it belongs to; and a trace of each key that ever sealed something, so that a server with
 * another key is told so when it starts, not when it needs a secret.
 *
 * @module
 */

import { attempt, type Database } from './database.ts'
import { schemaName } from './schema.ts'

/** Where sealed bytes stand: table and column. */
const columns = { connectors: 'secrets', channels: 'secret' } as const

export type SealedTable = keyof typeof columns

interface SealedValue {
  readonly table: SealedTable
  readonly id: string
  readonly sealed: Uint8Array
}

/** Something known, sealed with a key. */
interface KeyTrace {
  readonly keyId: string
  readonly sealed: Uint8Array
}

export interface SealRecords {
  traces(): Promise<readonly KeyTrace[]>
  /** Idempotent. */
  addTrace(trace: KeyTrace): Promise<void>
  /** Forgets all keys but one. */
  keepTrace(keyId: string): Promise<void>
  /** All there is; within a transaction, nobody else changes it until its end. */
  hold(): Promise<readonly SealedValue[]>
  replace(value: SealedValue): Promise<void>
}

export function createSeals(database: Database): SealRecords {
  const tables = database.tables.withSchema(schemaName)

  async function traces(): Promise<readonly KeyTrace[]> {
    const rows = await tables
      .selectFrom('secret_keys')
      .select(['key_id', 'sealed'])
      .orderBy('key_id')
      .execute()
    return rows.map(({ key_id, sealed }) => ({ keyId: key_id, sealed: new Uint8Array(sealed) }))
  }

  async function hold(): Promise<readonly SealedValue[]> {
    const connectors = await tables
      .selectFrom('connectors')
      .select(['id', 'secrets as sealed'])
      .where('secrets', 'is not', null)
      .orderBy('id')
      .forUpdate()
      .execute()
    const channels = await tables
      .selectFrom('channels')
      .select(['id', 'secret as sealed'])
      .orderBy('id')
      .forUpdate()
      .execute()
    const sealedIn =
      (table: SealedTable) =>
      ({ id, sealed }: { readonly id: string; readonly sealed: Uint8Array | null }) => ({
        table,
        id,
        sealed: new Uint8Array(sealed ?? []),
      })
    return [...connectors.map(sealedIn('connectors')), ...channels.map(sealedIn('channels'))]
  }

  async function replace({ table, id, sealed }: SealedValue): Promise<void> {
    await tables
      .updateTable(table)
      .set({ [columns[table]]: sealed })
      .where('id', '=', id)
      .execute()
  }

  return {
    traces: () => attempt(database, traces),
    async addTrace({ keyId, sealed }) {
      await attempt(database, () =>
        tables
          .insertInto('secret_keys')
          .values({ key_id: keyId, sealed })
          .onConflict((conflict) => conflict.doNothing())
          .execute(),
      )
    },
    async keepTrace(keyId) {
      await attempt(database, () => tables.deleteFrom('secret_keys').where('key_id', '!=', keyId).execute())
    },
    hold: () => attempt(database, hold),
    replace: (value) => attempt(database, () => replace(value)),
  }
}

/**
 * Connectors as they were set up: sources and destinations, their secrets sealed and apart from their other settings.
 *
 * @module
 */

import { type Selectable, sql } from 'kysely'
import { attempt, type Database } from './database.ts'
import { schemaName, type Tables } from './schema.ts'
import { restored, restoredJson, storable, storableJson } from './storable-text.ts'

type Settings = Readonly<Record<string, unknown>>

export interface ConnectorRow {
  readonly id: string
  readonly workspace: string
  readonly role: 'source' | 'destination'
  readonly key?: string
  readonly name: string
  readonly type: string
  /** Without secrets. */
  readonly config: Settings
  /** Sealed. */
  readonly secrets?: Uint8Array
  readonly createdAt: Date
  readonly updatedAt?: Date
}

type NewConnectorRow = Omit<ConnectorRow, 'createdAt' | 'updatedAt'>

type Owner = Pick<ConnectorRow, 'workspace'> & Partial<Pick<ConnectorRow, 'role'>>

export interface ConnectorRecords {
  /** `undefined`: another one of the same role has the key. */
  add(connector: NewConnectorRow): Promise<ConnectorRow | undefined>
  /** In the order in which they were made. */
  list(workspace: string, role: ConnectorRow['role'], type?: string): Promise<readonly ConnectorRow[]>
  /** By id or key. With `lock`, within a transaction, nobody else changes it until its end. */
  find(
    owner: Owner,
    idOrKey: string,
    options?: { readonly lock?: boolean },
  ): Promise<ConnectorRow | undefined>
  /** Whoever it belongs to: for a worker, which has no other right than its task. */
  byId(id: string): Promise<ConnectorRow | undefined>
  update(id: string, change: Pick<ConnectorRow, 'config' | 'secrets'>): Promise<ConnectorRow | undefined>
  /** With its checks. */
  remove(id: string): Promise<void>
}

export function createConnectors(database: Database): ConnectorRecords {
  const tables = database.tables.withSchema(schemaName)

  async function add({ config, secrets, ...connector }: NewConnectorRow): Promise<ConnectorRow | undefined> {
    const row = await tables
      .insertInto('connectors')
      .values({
        id: connector.id,
        workspace: connector.workspace,
        role: connector.role,
        key: connector.key ?? null,
        name: storable(connector.name),
        type: connector.type,
        config: storableJson(config),
        secrets: secrets ?? null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst()
    return row && connectorOf(row)
  }

  async function list(workspace: string, role: string, type: string | undefined) {
    let query = tables
      .selectFrom('connectors')
      .selectAll()
      .where('workspace', '=', storable(workspace))
      .where('role', '=', role)
    if (type !== undefined) query = query.where('type', '=', storable(type))
    return (await query.orderBy('number').execute()).map(connectorOf)
  }

  async function find({ workspace, role }: Owner, idOrKey: string, lock: boolean) {
    const wanted = storable(idOrKey)
    let query = tables
      .selectFrom('connectors')
      .selectAll()
      .where('workspace', '=', storable(workspace))
      .where(({ or, eb }) => or([eb('id', '=', wanted), eb('key', '=', wanted)]))
    if (role !== undefined) query = query.where('role', '=', role)
    const row = await query
      // A key may look like an id.
      .orderBy(sql`id = ${wanted}`, 'desc')
      .limit(1)
      .$if(lock, (locking) => locking.forUpdate())
      .executeTakeFirst()
    return row && connectorOf(row)
  }

  async function byId(id: string): Promise<ConnectorRow | undefined> {
    const row = await tables
      .selectFrom('connectors')
      .selectAll()
      .where('id', '=', storable(id))
      .executeTakeFirst()
    return row && connectorOf(row)
  }

  async function update(id: string, { config, secrets }: Pick<ConnectorRow, 'config' | 'secrets'>) {
    const row = await tables
      .updateTable('connectors')
      .set({ config: storableJson(config), secrets: secrets ?? null, updated_at: sql<Date>`now()` })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    return row && connectorOf(row)
  }

  async function remove(id: string): Promise<void> {
    await tables.deleteFrom('connection_checks').where('connector', '=', id).execute()
    await tables.deleteFrom('connectors').where('id', '=', id).execute()
  }

  return {
    add: (connector) => attempt(database, () => add(connector)),
    list: (workspace, role, type) => attempt(database, () => list(workspace, role, type)),
    find: (owner, idOrKey, { lock = false } = {}) => attempt(database, () => find(owner, idOrKey, lock)),
    byId: (id) => attempt(database, () => byId(id)),
    update: (id, change) => attempt(database, () => update(id, change)),
    remove: (id) => attempt(database, () => remove(id)),
  }
}

function connectorOf(row: Selectable<Tables['connectors']>): ConnectorRow {
  return {
    id: row.id,
    workspace: restored(row.workspace),
    role: row.role === 'source' ? 'source' : 'destination',
    ...(row.key !== null && { key: row.key }),
    name: restored(row.name),
    type: row.type,
    config: restoredJson<Settings>(JSON.stringify(row.config)),
    ...(row.secrets !== null && { secrets: new Uint8Array(row.secrets) }),
    createdAt: row.created_at,
    ...(row.updated_at !== null && { updatedAt: row.updated_at }),
  }
}

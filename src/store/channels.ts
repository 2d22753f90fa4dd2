/**
 * Channels: where news of jobs goes, for a whole workspace or for one workflow of it.
 *
 * @module
 */

import { type Selectable, sql } from 'kysely'
import { attempt, type Database } from './database.ts'
import { schemaName, type Tables } from './schema.ts'
import { restored, storable } from './storable-text.ts'

/** Whose news a channel gets. */
interface ChannelScope {
  readonly workspace: string
  /** Left out: of all workflows. */
  readonly workflow?: string
}

export interface ChannelRow extends ChannelScope {
  readonly id: string
  readonly channelType: string
  readonly url: string
  readonly eventTypes: readonly string[]
  readonly description?: string
  readonly enabled: boolean
  /** Sealed. */
  readonly secret: Uint8Array
  readonly createdAt: Date
  readonly updatedAt: Date
}

type NewChannelRow = Omit<ChannelRow, 'createdAt' | 'updatedAt'>

/** What is left out stays as it is. */
interface ChannelRowChange {
  readonly url?: string
  readonly eventTypes?: readonly string[]
  /** `null` takes it away. */
  readonly description?: string | null
  readonly enabled?: boolean
  readonly secret?: Uint8Array
}

export interface ChannelRecords {
  /**
   * Counts and adds while nobody else adds to this scope: only within a transaction.
   *
   * @returns `undefined` when the scope has as many as it may have
   */
  add(channel: NewChannelRow, most: number): Promise<ChannelRow | undefined>
  /** In the order in which they were made. */
  list(scope: ChannelScope, filter?: { readonly enabled?: boolean }): Promise<readonly ChannelRow[]>
  get(scope: ChannelScope, id: string): Promise<ChannelRow | undefined>
  /** As `get`, and nobody else changes it before the transaction has ended. */
  hold(scope: ChannelScope, id: string): Promise<ChannelRow | undefined>
  update(scope: ChannelScope, id: string, change: ChannelRowChange): Promise<ChannelRow | undefined>
  /** Whether there was one. */
  delete(scope: ChannelScope, id: string): Promise<boolean>
  /** Whoever the channel belongs to: for its delivery, which has no other right than its task. */
  find(id: string): Promise<ChannelRow | undefined>
  /** Switches it off, unless it goes somewhere else by now. */
  disable(id: string, url: string): Promise<void>
  /** Ids of those that are to hear of an event in a workflow. */
  listeners(workspace: string, workflow: string, eventType: string): Promise<readonly string[]>
}

export function createChannels(database: Database): ChannelRecords {
  const tables = database.tables.withSchema(schemaName)
  const select = (scope: ChannelScope) =>
    tables
      .selectFrom('channels')
      .selectAll()
      .where('workspace', '=', storable(scope.workspace))
      .where('workflow', 'is not distinct from', workflowOf(scope))
  const selectOne = (scope: ChannelScope, id: string) => select(scope).where('id', '=', storable(id))

  async function add(channel: NewChannelRow, most: number): Promise<ChannelRow | undefined> {
    const lock = JSON.stringify(['channels', channel.workspace, channel.workflow])
    await sql`select pg_advisory_xact_lock(hashtextextended(${storable(lock)}, 0))`.execute(database.tables)
    const { count } = await select(channel)
      .clearSelect()
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    if (Number(count) >= most) return undefined
    const row = await tables
      .insertInto('channels')
      .values({
        id: channel.id,
        workspace: storable(channel.workspace),
        workflow: workflowOf(channel),
        channel_type: channel.channelType,
        url: storable(channel.url),
        event_types: JSON.stringify(channel.eventTypes),
        description: channel.description === undefined ? null : storable(channel.description),
        enabled: channel.enabled,
        secret: channel.secret,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    return channelOf(row)
  }

  async function list(scope: ChannelScope, enabled: boolean | undefined): Promise<readonly ChannelRow[]> {
    let query = select(scope).orderBy('number')
    if (enabled !== undefined) query = query.where('enabled', '=', enabled)
    return (await query.execute()).map(channelOf)
  }

  async function update(
    { workspace, ...scope }: ChannelScope,
    id: string,
    { url, eventTypes, description, enabled, secret }: ChannelRowChange,
  ): Promise<ChannelRow | undefined> {
    const row = await tables
      .updateTable('channels')
      .set({
        ...(url !== undefined && { url: storable(url) }),
        ...(eventTypes !== undefined && { event_types: JSON.stringify(eventTypes) }),
        ...(description !== undefined && {
          description: description === null ? null : storable(description),
        }),
        ...(enabled !== undefined && { enabled }),
        ...(secret !== undefined && { secret }),
        updated_at: sql<Date>`now()`,
      })
      .where('workspace', '=', storable(workspace))
      .where('workflow', 'is not distinct from', workflowOf(scope))
      .where('id', '=', storable(id))
      .returningAll()
      .executeTakeFirst()
    return row && channelOf(row)
  }

  async function remove(scope: ChannelScope, id: string): Promise<boolean> {
    const { numDeletedRows } = await tables
      .deleteFrom('channels')
      .where('workspace', '=', storable(scope.workspace))
      .where('workflow', 'is not distinct from', workflowOf(scope))
      .where('id', '=', storable(id))
      .executeTakeFirst()
    return numDeletedRows > 0n
  }

  async function find(id: string): Promise<ChannelRow | undefined> {
    const row = await tables.selectFrom('channels').selectAll().where('id', '=', id).executeTakeFirst()
    return row && channelOf(row)
  }

  async function disable(id: string, url: string): Promise<void> {
    await tables
      .updateTable('channels')
      .set({ enabled: false, updated_at: sql<Date>`now()` })
      .where('id', '=', id)
      .where('url', '=', storable(url))
      .execute()
  }

  async function listeners(
    workspace: string,
    workflow: string,
    eventType: string,
  ): Promise<readonly string[]> {
    const rows = await tables
      .selectFrom('channels')
      .select('id')
      .where('workspace', '=', storable(workspace))
      .where(({ or, eb }) => or([eb('workflow', 'is', null), eb('workflow', '=', storable(workflow))]))
      .where('enabled', '=', true)
      .where(sql<boolean>`event_types @> ${JSON.stringify([eventType])}::jsonb`)
      .orderBy('number')
      .execute()
    return rows.map(({ id }) => id)
  }

  return {
    add: (channel, most) => attempt(database, () => add(channel, most)),
    list: (scope, { enabled } = {}) => attempt(database, () => list(scope, enabled)),
    get: (scope, id) => attempt(database, async () => maybe(await selectOne(scope, id).executeTakeFirst())),
    hold: (scope, id) =>
      attempt(database, async () => maybe(await selectOne(scope, id).forUpdate().executeTakeFirst())),
    update: (scope, id, change) => attempt(database, () => update(scope, id, change)),
    delete: (scope, id) => attempt(database, () => remove(scope, id)),
    find: (id) => attempt(database, () => find(id)),
    disable: (id, url) => attempt(database, () => disable(id, url)),
    listeners: (workspace, workflow, eventType) =>
      attempt(database, () => listeners(workspace, workflow, eventType)),
  }
}

const workflowOf = ({ workflow }: Pick<ChannelScope, 'workflow'>) =>
  workflow === undefined ? null : storable(workflow)

const maybe = (row: Selectable<Tables['channels']> | undefined) => row && channelOf(row)

function channelOf(row: Selectable<Tables['channels']>): ChannelRow {
  return {
    id: row.id,
    workspace: restored(row.workspace),
    ...(row.workflow !== null && { workflow: restored(row.workflow) }),
    channelType: row.channel_type,
    url: restored(row.url),
    eventTypes: row.event_types,
    ...(row.description !== null && { description: restored(row.description) }),
    enabled: row.enabled,
    secret: new Uint8Array(row.secret),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

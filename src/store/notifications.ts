/**
 * News of jobs, as it was told: what a list of notifications shows, and what channels deliver.
 *
 * @module
 */

import { type Selectable, sql } from 'kysely'
import { attempt, type Database } from './database.ts'
import { schemaName, type Tables } from './schema.ts'
import { restored, restoredJson, storable, storableJson } from './storable-text.ts'

export interface NotificationRow {
  readonly id: string
  readonly workspace: string
  readonly workflow: string
  readonly eventType: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly isRead: boolean
  readonly createdAt: Date
}

interface NotificationFilter {
  readonly workflow?: string
  readonly eventTypes?: readonly string[]
  /** Made after. */
  readonly since?: Date
  readonly unreadOnly?: boolean
}

/** Which ones; together they narrow. */
interface NotificationChoice {
  readonly ids?: readonly string[]
  /** Made before. */
  readonly before?: Date
  readonly workflow?: string
}

export interface NotificationRecords {
  add(notification: Omit<NotificationRow, 'isRead'>): Promise<void>
  /**
   * The latest first.
   *
   * @param after where the page before ended, as `next` said it
   */
  list(
    workspace: string,
    filter: NotificationFilter,
    page: { readonly limit: number; readonly after?: bigint },
  ): Promise<{ readonly rows: readonly NotificationRow[]; readonly next?: bigint }>
  get(workspace: string, id: string): Promise<NotificationRow | undefined>
  /** Whosever it is: for its delivery. */
  find(id: string): Promise<NotificationRow | undefined>
  countUnread(workspace: string, workflow?: string): Promise<number>
  /** How many were unread until now. */
  markRead(workspace: string, which: NotificationChoice): Promise<number>
  /** Deletes what is older, up to `most` rows. How many it was. */
  forget(before: Date, most: number): Promise<number>
}

export function createNotifications(database: Database): NotificationRecords {
  const tables = database.tables.withSchema(schemaName)

  async function add(notification: Omit<NotificationRow, 'isRead'>): Promise<void> {
    await tables
      .insertInto('notifications')
      .values({
        id: notification.id,
        workspace: storable(notification.workspace),
        workflow: storable(notification.workflow),
        event_type: notification.eventType,
        payload: storableJson(notification.payload),
        created_at: notification.createdAt,
      })
      .execute()
  }

  async function list(
    workspace: string,
    { workflow, eventTypes, since, unreadOnly }: NotificationFilter,
    { limit, after }: { readonly limit: number; readonly after?: bigint },
  ): Promise<{ readonly rows: readonly NotificationRow[]; readonly next?: bigint }> {
    let query = tables
      .selectFrom('notifications')
      .selectAll()
      .where('workspace', '=', storable(workspace))
      .orderBy('number', 'desc')
      .limit(limit + 1)
    if (workflow !== undefined) query = query.where('workflow', '=', storable(workflow))
    if (eventTypes) query = query.where('event_type', '=', anyOf(eventTypes))
    if (since) query = query.where('created_at', '>', since)
    if (unreadOnly) query = query.where('is_read', '=', false)
    if (after !== undefined) query = query.where('number', '<', String(after))
    const found = await query.execute()
    const rows = found.slice(0, limit).map(notificationOf)
    return found.length > limit ? { rows, next: BigInt(found[limit - 1]!.number) } : { rows }
  }

  async function find(id: string, workspace?: string): Promise<NotificationRow | undefined> {
    let query = tables.selectFrom('notifications').selectAll().where('id', '=', storable(id))
    if (workspace !== undefined) query = query.where('workspace', '=', storable(workspace))
    const row = await query.executeTakeFirst()
    return row && notificationOf(row)
  }

  async function countUnread(workspace: string, workflow: string | undefined): Promise<number> {
    let query = tables
      .selectFrom('notifications')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('workspace', '=', storable(workspace))
      .where(sql<boolean>`not is_read`)
    if (workflow !== undefined) query = query.where('workflow', '=', storable(workflow))
    return Number((await query.executeTakeFirstOrThrow()).count)
  }

  async function markRead(workspace: string, { ids, before, workflow }: NotificationChoice): Promise<number> {
    let query = tables
      .updateTable('notifications')
      .set({ is_read: true })
      .where('workspace', '=', storable(workspace))
      .where(sql<boolean>`not is_read`)
    if (ids) query = query.where('id', '=', anyOf(ids))
    if (before) query = query.where('created_at', '<', before)
    if (workflow !== undefined) query = query.where('workflow', '=', storable(workflow))
    return Number((await query.executeTakeFirst()).numUpdatedRows)
  }

  async function forget(before: Date, most: number): Promise<number> {
    const old = tables.selectFrom('notifications').select('id').where('created_at', '<', before).limit(most)
    const { numDeletedRows } = await tables
      .deleteFrom('notifications')
      .where('id', 'in', old)
      .executeTakeFirst()
    return Number(numDeletedRows)
  }

  return {
    add: (notification) => attempt(database, () => add(notification)),
    list: (workspace, filter, page) => attempt(database, () => list(workspace, filter, page)),
    get: (workspace, id) => attempt(database, () => find(id, workspace)),
    find: (id) => attempt(database, () => find(id)),
    countUnread: (workspace, workflow) => attempt(database, () => countUnread(workspace, workflow)),
    markRead: (workspace, which) => attempt(database, () => markRead(workspace, which)),
    forget: (before, most) => attempt(database, () => forget(before, most)),
  }
}

const anyOf = (texts: readonly string[]) => sql<string>`any(${texts.map(storable)}::text[])`

function notificationOf(row: Selectable<Tables['notifications']>): NotificationRow {
  return {
    id: row.id,
    workspace: restored(row.workspace),
    workflow: restored(row.workflow),
    eventType: row.event_type,
    // The driver has read the JSON; what its texts stand for is found out from text.
    payload: restoredJson(JSON.stringify(row.payload)),
    isRead: row.is_read,
    createdAt: row.created_at,
  }
}

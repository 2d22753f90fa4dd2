/**
 * Workflows as they were set up: those that people made, and those behind one job with uploaded files.
 *
 * @module
 */

import { type Selectable, sql, type Updateable } from 'kysely'
import { attempt, type Database } from './database.ts'
import { schemaName, type Tables } from './schema.ts'
import { restored, restoredJson, storable, storableJson } from './storable-text.ts'
import { holds, searched, type WorkflowSearch } from './workflow-search.ts'

/** A node of a workflow; what it means is for others to say. */
interface StoredNode {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly subtype: string
  readonly settings: Readonly<Record<string, unknown>> | null
}

export interface StoredWorkflow {
  readonly id: string
  readonly workspace: string
  readonly key?: string
  readonly name: string
  readonly workflowType: string
  readonly state: 'active' | 'inactive'
  /** Ids of connectors. */
  readonly sources: readonly string[]
  readonly destinations: readonly string[]
  readonly nodes: readonly StoredNode[]
  /** Cron expression in UTC. */
  readonly schedule?: string
  readonly reprocessAll: boolean
  /** Behind one job with uploaded files; in no list. */
  readonly ephemeral: boolean
  /** Id of the template that it was made from. */
  readonly template?: string
  readonly createdAt: Date
  readonly updatedAt?: Date
  readonly deletedAt?: Date
}

type NewStoredWorkflow = Omit<StoredWorkflow, 'createdAt' | 'updatedAt' | 'deletedAt'>

/** What is given changes; `null` takes away. */
interface WorkflowUpdate {
  readonly key?: string
  readonly name?: string
  readonly workflowType?: string
  readonly state?: 'active' | 'inactive'
  readonly sources?: readonly string[]
  readonly destinations?: readonly string[]
  readonly nodes?: readonly StoredNode[]
  readonly schedule?: string | null
  readonly reprocessAll?: boolean
  readonly template?: string | null
}

/** Whether it is written down, or a live workflow of the workspace has its key already. */
type KeyAnswer = 'done' | 'key_taken'

export interface WorkflowRows {
  insert(workflow: NewStoredWorkflow): Promise<KeyAnswer>
  /** One that people made and that is not deleted. Within a transaction, nobody else changes it until its end. */
  find(
    workspace: string,
    idOrKey: string,
    options?: { readonly lock?: boolean },
  ): Promise<StoredWorkflow | undefined>
  /** Any, also one that is deleted or behind a job. */
  byId(id: string): Promise<StoredWorkflow | undefined>
  search(workspace: string, search: WorkflowSearch): Promise<readonly StoredWorkflow[]>
  update(id: string, change: WorkflowUpdate): Promise<KeyAnswer>
  /** Gives up its key. Idempotent. */
  markDeleted(id: string): Promise<void>
  /** Those that use a connector, as far as they are not deleted. */
  using(workspace: string, connector: string): Promise<readonly StoredWorkflow[]>
  /** Those whose schedule is to fire, of all workspaces. */
  scheduled(): Promise<readonly { readonly id: string; readonly schedule: string }[]>
}

export function createWorkflows(database: Database): WorkflowRows {
  const tables = database.tables.withSchema(schemaName)

  async function insert(workflow: NewStoredWorkflow): Promise<KeyAnswer> {
    const { numInsertedOrUpdatedRows } = await tables
      .insertInto('workflows')
      .values({
        id: workflow.id,
        workspace: workflow.workspace,
        key: workflow.key ?? null,
        name: storable(workflow.name),
        workflow_type: workflow.workflowType,
        state: workflow.state,
        sources: JSON.stringify(workflow.sources),
        destinations: JSON.stringify(workflow.destinations),
        nodes: storableJson(workflow.nodes),
        schedule: workflow.schedule ?? null,
        reprocess_all: workflow.reprocessAll,
        ephemeral: workflow.ephemeral,
        template: workflow.template ?? null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    return numInsertedOrUpdatedRows === 1n ? 'done' : 'key_taken'
  }

  const live = (workspace: string) =>
    tables
      .selectFrom('workflows')
      .selectAll()
      .where('workspace', '=', workspace)
      .where('deleted_at', 'is', null)
      .where('ephemeral', '=', false)

  async function find(workspace: string, idOrKey: string, lock: boolean) {
    const wanted = storable(idOrKey)
    const row = await live(workspace)
      .where(({ eb, or }) => or([eb('id', '=', wanted), eb('key', '=', wanted)]))
      // A key may look like an id.
      .orderBy(sql`id = ${wanted}`, 'desc')
      .limit(1)
      .$if(lock, (query) => query.forUpdate())
      .executeTakeFirst()
    return row && workflowOf(row)
  }

  async function byId(id: string) {
    const row = await tables
      .selectFrom('workflows')
      .selectAll()
      .where('id', '=', storable(id))
      .executeTakeFirst()
    return row && workflowOf(row)
  }

  async function update(id: string, change: WorkflowUpdate): Promise<KeyAnswer> {
    try {
      await tables
        .updateTable('workflows')
        .set({ ...columnsOf(change), updated_at: sql`now()` })
        .where('id', '=', id)
        .execute()
      return 'done'
    } catch (thrown) {
      if (isUniqueViolation(thrown)) return 'key_taken'
      throw thrown
    }
  }

  return {
    insert: (workflow) => attempt(database, () => insert(workflow)),
    find: (workspace, idOrKey, { lock = false } = {}) =>
      attempt(database, () => find(workspace, idOrKey, lock)),
    byId: (id) => attempt(database, () => byId(id)),
    search: (workspace, search) =>
      attempt(database, async () => (await searched(tables, workspace, search).execute()).map(workflowOf)),
    update: (id, change) => attempt(database, () => update(id, change)),
    async markDeleted(id) {
      await attempt(database, () =>
        tables
          .updateTable('workflows')
          .set({ deleted_at: sql`now()`, key: null })
          .where('id', '=', id)
          .where('deleted_at', 'is', null)
          .execute(),
      )
    },
    using: (workspace, connector) =>
      attempt(database, async () => {
        const rows = await live(workspace)
          .where(({ or }) => or([holds('sources', connector), holds('destinations', connector)]))
          .orderBy('number')
          .execute()
        return rows.map(workflowOf)
      }),
    scheduled: () =>
      attempt(database, async () => {
        const rows = await tables
          .selectFrom('workflows')
          .select(['id', 'schedule'])
          .where('deleted_at', 'is', null)
          .where('state', '=', 'active')
          .where('schedule', 'is not', null)
          .orderBy('number')
          .execute()
        return rows.map(({ id, schedule }) => ({ id, schedule: schedule! }))
      }),
  }
}

/** The columns of what is given. */
function columnsOf(change: WorkflowUpdate): Updateable<Tables['workflows']> {
  const { key, name, workflowType, state, sources, destinations, nodes } = change
  return {
    ...(key !== undefined && { key }),
    ...(name !== undefined && { name: storable(name) }),
    ...(workflowType !== undefined && { workflow_type: workflowType }),
    ...(state !== undefined && { state }),
    ...(sources && { sources: JSON.stringify(sources) }),
    ...(destinations && { destinations: JSON.stringify(destinations) }),
    ...(nodes && { nodes: storableJson(nodes) }),
    ...(change.schedule !== undefined && { schedule: change.schedule }),
    ...(change.reprocessAll !== undefined && { reprocess_all: change.reprocessAll }),
    ...(change.template !== undefined && { template: change.template }),
  }
}

function workflowOf(row: Selectable<Tables['workflows']>): StoredWorkflow {
  return {
    id: row.id,
    workspace: row.workspace,
    ...(row.key !== null && { key: row.key }),
    name: restored(row.name),
    workflowType: row.workflow_type,
    state: row.state === 'inactive' ? 'inactive' : 'active',
    sources: row.sources,
    destinations: row.destinations,
    nodes: restoredJson<readonly StoredNode[]>(JSON.stringify(row.nodes)),
    ...(row.schedule !== null && { schedule: row.schedule }),
    reprocessAll: row.reprocess_all,
    ephemeral: row.ephemeral,
    ...(row.template !== null && { template: row.template }),
    createdAt: row.created_at,
    ...(row.updated_at !== null && { updatedAt: row.updated_at }),
    ...(row.deleted_at !== null && { deletedAt: row.deleted_at }),
  }
}

const isUniqueViolation = (thrown: unknown) =>
  thrown instanceof Error && 'code' in thrown && thrown.code === '23505'

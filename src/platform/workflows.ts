/**
 * Workflows: set up, changed, listed and taken away, and their schedules with them.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { OutflowError } from '../model/errors.ts'
import type { Store } from '../store/index.ts'
import type { Queue } from '../store/queue.ts'
import type { Records } from '../store/records.ts'
import type { WorkflowSearch } from '../store/workflow-search.ts'
import type { StoredWorkflow } from '../store/workflows.ts'
import { type WorkflowFilter, type WorkflowRecord, type Workflows, workflowTypes } from './platform.ts'
import { changedWorkflow, newWorkflow } from './workflow-draft.ts'

export interface WorkflowsOptions {
  readonly store: Store
  readonly queue: Pick<Queue, 'schedule' | 'unschedule'>
  /** Told of each workflow that was deleted, so that its job can be asked to stop. */
  readonly onDelete?: (workflowId: string) => Promise<void>
}

export function createWorkflows({ store, queue, onDelete }: WorkflowsOptions): Workflows {
  const { records } = store

  /** Brings the queue in line with what is written down, also when somebody else changes it meanwhile. */
  async function align(id: string): Promise<void> {
    let cron = firing(await records.workflows.byId(id))
    for (;;) {
      await (cron === undefined ? queue.unschedule(id) : queue.schedule(id, cron))
      const now = firing(await records.workflows.byId(id))
      if (now === cron) return
      cron = now
    }
  }

  return {
    async list(workspace, filter = {}) {
      const search = await searchOf(records, workspace, filter)
      return search ? (await records.workflows.search(workspace, search)).map(workflowRecord) : []
    },

    async create(workspace, workflow) {
      const id = randomUUID()
      await store.transaction(async (inside) => {
        const draft = await newWorkflow(inside, workspace, workflow)
        const answer = await inside.workflows.insert({ id, workspace, ephemeral: false, ...draft })
        if (answer === 'key_taken') throw keyTaken(draft.key)
      })
      await align(id)
      return workflowRecord(await found(records, workspace, id))
    },

    async get(workspace, id) {
      return workflowRecord(await found(records, workspace, id))
    },

    async update(workspace, idOrKey, change) {
      const { id } = await found(records, workspace, idOrKey)
      await store.transaction(async (inside) => {
        const current = await found(inside, workspace, id, { lock: true })
        const draft = await changedWorkflow(inside, workspace, current, change)
        const { schedule = null, template = null, ...rest } = draft
        const answer = await inside.workflows.update(id, { ...rest, schedule, template })
        if (answer === 'key_taken') throw keyTaken(draft.key)
      })
      await align(id)
      return workflowRecord(await found(records, workspace, id))
    },

    async delete(workspace, idOrKey) {
      const { id } = await found(records, workspace, idOrKey)
      await records.workflows.markDeleted(id)
      await align(id)
      await onDelete?.(id)
    },
  }
}

/**
 * Schedules what was set up, in case a process died after it had written a workflow down and before it had scheduled it. Call it when a
 * scheduler begins.
 */
export async function restoreSchedules({ store, queue }: Omit<WorkflowsOptions, 'onDelete'>): Promise<void> {
  for (const { id, schedule } of await store.records.workflows.scheduled()) await queue.schedule(id, schedule)
}

/** When it runs by itself; never while it is inactive, or once it was deleted. */
function firing(workflow: StoredWorkflow | undefined): string | undefined {
  return workflow?.state === 'active' && !workflow.deletedAt ? workflow.schedule : undefined
}

/** @throws {OutflowError} `missing`, code `workflow.not_found` */
async function found(
  records: Records,
  workspace: string,
  id: string,
  options: { readonly lock?: boolean } = {},
): Promise<StoredWorkflow> {
  const workflow = await records.workflows.find(workspace, id, options)
  if (workflow) return workflow
  throw new OutflowError({
    kind: 'missing',
    code: 'workflow.not_found',
    message: 'Workflow not found',
    fix: 'See the list of workflows.',
  })
}

function keyTaken(key: string | undefined): OutflowError {
  const message = `Another workflow has the key "${key}" already.`
  return new OutflowError({
    kind: 'config',
    code: 'workflow.key_taken',
    message,
    fix: 'Choose another key.',
    fields: [{ field: 'key', message }],
  })
}

/** As many as the contract gives in a page. */
const usualPageSize = 20

/** `undefined` where nothing can be found: beyond all pages. */
async function searchOf(
  records: Records,
  workspace: string,
  filter: WorkflowFilter,
): Promise<WorkflowSearch | undefined> {
  const { sourceId, destinationId, nodeId, name, state, page = 1, pageSize = usualPageSize } = filter
  const offset = (page - 1) * pageSize
  const source = await idOf(records, workspace, 'source', sourceId)
  const destination = await idOf(records, workspace, 'destination', destinationId)
  if (!Number.isSafeInteger(offset)) return undefined
  return {
    ...(filter.createdBefore && { createdBefore: filter.createdBefore }),
    ...(filter.createdSince && { createdSince: filter.createdSince }),
    ...(source !== undefined && { source }),
    ...(destination !== undefined && { destination }),
    ...(nodeId !== undefined && { node: nodeId.toLowerCase() }),
    ...(name !== undefined && { name }),
    ...(state !== undefined && { state }),
    deleted: filter.onlyDeleted ?? false,
    sortBy: filter.sortBy ?? 'id',
    descending: filter.sortDirection === 'desc',
    offset,
    limit: pageSize,
  }
}

/** The id of a connector that is named by id or key; of one that has gone, its id may still stand in workflows. */
async function idOf(
  records: Records,
  workspace: string,
  role: 'source' | 'destination',
  named: string | undefined,
): Promise<string | undefined> {
  if (named === undefined) return undefined
  return (await records.connectors.find({ workspace, role }, named))?.id ?? named
}

/** As the use cases speak of it. */
function workflowRecord(stored: StoredWorkflow): WorkflowRecord {
  const { workspace: _, ephemeral: __, template: ___, deletedAt: ____, workflowType, ...rest } = stored
  return { ...rest, workflowType: workflowTypes.find((type) => type === workflowType) ?? 'custom' }
}

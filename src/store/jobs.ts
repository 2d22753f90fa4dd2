/**
 * Jobs: what somebody asked for, how far it is, and how it ended. What is written on behalf of a job while it runs counts only for whoever began
 * it last.
 *
 * @module
 */

import { type Selectable, sql } from 'kysely'
import type { ErrorReport } from '../model/errors.ts'
import type { Coverage, JobFinished } from '../model/events.ts'
import { type Database, explained } from './database.ts'
import { schemaName, type Tables } from './schema.ts'
import { restored, restoredJson, storable, storableJson } from './storable-text.ts'

/** The workflow as it was when the job was made. */
interface JobPlan {
  /** Ids of connectors; no source: the uploaded files. No destination: outputs are kept. */
  readonly sources: readonly string[]
  readonly destinations: readonly string[]
  readonly nodes: unknown
}

export interface JobRow {
  readonly id: string
  readonly number: number
  readonly workspace: string
  readonly workflow: string
  readonly workflowName: string
  readonly jobType: string
  readonly state: string
  readonly plan: JobPlan
  readonly options: unknown
  readonly attempt: number
  readonly cancelRequested: boolean
  readonly coverage?: Coverage
  readonly summary?: JobFinished
  readonly error?: ErrorReport
  readonly createdAt: Date
  readonly startedAt?: Date
  readonly endedAt?: Date
}

type NewJob = Pick<JobRow, 'id' | 'workspace' | 'workflow' | 'workflowName' | 'jobType' | 'plan' | 'options'>

interface JobFilter {
  readonly workflow?: string
  readonly states?: readonly string[]
  /** Most of them, the latest first. Default 1000. */
  readonly limit?: number
}

/** How a job ended. */
export interface JobEnd {
  readonly state: string
  readonly coverage?: Coverage
  readonly summary?: JobFinished
  readonly error?: ErrorReport
}

export interface JobRecords {
  /** `undefined`: the workflow has an active job, and stays with it. */
  insert(job: NewJob): Promise<JobRow | undefined>
  find(id: string): Promise<JobRow | undefined>
  active(workflow: string): Promise<JobRow | undefined>
  list(workspace: string, filter: JobFilter): Promise<readonly JobRow[]>
  /** Jobs of a workspace and type that run now. */
  countRunning(workspace: string, jobType?: string): Promise<number>
  latestOf(workspace: string, jobType: string): Promise<Date | undefined>
  /** Takes it over; whoever had it before writes nothing any more. `undefined`: it has ended, or is not there. */
  begin(id: string): Promise<JobRow | undefined>
  /** Whether it is still whose it was at this attempt, and stays so until the end of this transaction. */
  holds(id: string, attempt: number): Promise<boolean>
  requestCancel(id: string): Promise<JobRow | undefined>
  /**
   * Notes how far it is, and makes room for so many events.
   *
   * @returns the number of the event before, and whether somebody wants it stopped; `undefined`: somebody else has it
   */
  advance(
    id: string,
    attempt: number,
    progress: { readonly coverage?: Coverage; readonly events: number },
  ): Promise<{ readonly lastEvent: number; readonly cancelRequested: boolean } | undefined>
  /** @returns whether it was ours to end */
  end(id: string, attempt: number, end: JobEnd): Promise<boolean>
  /** Those that are queued or running. */
  allActive(): Promise<readonly JobRow[]>
  /** Forgets those that ended before, with all that was kept of them. @returns how many */
  deleteBefore(time: Date): Promise<number>
}

export function createJobs(database: Database): JobRecords {
  const tables = database.tables.withSchema(schemaName)
  const one = async (query: Promise<Selectable<Tables['jobs']> | undefined>) => {
    const row = await query
    return row && jobOf(row)
  }
  const records: JobRecords = {
    insert: ({ id, workspace, workflow, workflowName, jobType, plan, options }) =>
      one(
        tables
          .insertInto('jobs')
          .values({
            ...{ id, workspace, workflow, job_type: jobType, state: 'queued' },
            workflow_name: storable(workflowName),
            plan: storableJson(plan),
            options: storableJson(options),
          })
          .onConflict((conflict) =>
            conflict.column('workflow').where('state', 'in', ['queued', 'running']).doNothing(),
          )
          .returningAll()
          .executeTakeFirst(),
      ),
    find: (id) =>
      one(tables.selectFrom('jobs').selectAll().where('id', '=', storable(id)).executeTakeFirst()),
    active: (workflow) =>
      one(
        tables
          .selectFrom('jobs')
          .selectAll()
          .where('workflow', '=', workflow)
          .where('state', 'in', ['queued', 'running'])
          .executeTakeFirst(),
      ),
    async list(workspace, { workflow, states, limit = 1000 }) {
      let query = tables.selectFrom('jobs').selectAll().where('workspace', '=', workspace)
      if (workflow !== undefined) query = query.where('workflow', '=', storable(workflow))
      if (states !== undefined) query = query.where('state', '=', sql<string>`any(${states}::text[])`)
      return (await query.orderBy('number', 'desc').limit(limit).execute()).map(jobOf)
    },
    async countRunning(workspace, jobType) {
      let query = tables
        .selectFrom('jobs')
        .select(({ fn }) => fn.countAll<string>().as('count'))
        .where('workspace', '=', workspace)
        .where('state', '=', 'running')
      if (jobType !== undefined) query = query.where('job_type', '=', jobType)
      return Number((await query.executeTakeFirstOrThrow()).count)
    },
    async latestOf(workspace, jobType) {
      const row = await tables
        .selectFrom('jobs')
        .select('created_at')
        .where('workspace', '=', workspace)
        .where('job_type', '=', jobType)
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.created_at
    },
    begin: (id) =>
      one(
        tables
          .updateTable('jobs')
          .set({
            state: 'running',
            attempt: sql`attempt + 1`,
            started_at: sql`coalesce(started_at, now())`,
          })
          .where('id', '=', id)
          .where('state', 'in', ['queued', 'running'])
          .returningAll()
          .executeTakeFirst(),
      ),
    async holds(id, attempt) {
      const row = await tables
        .selectFrom('jobs')
        .select('id')
        .where('id', '=', id)
        .where('attempt', '=', attempt)
        .where('state', '=', 'running')
        .forShare()
        .executeTakeFirst()
      return row !== undefined
    },
    requestCancel: (id) =>
      one(
        tables
          .updateTable('jobs')
          .set({ cancel_requested: true })
          .where('id', '=', id)
          .where('state', 'in', ['queued', 'running'])
          .returningAll()
          .executeTakeFirst(),
      ),
    async advance(id, attempt, { coverage, events }) {
      const row = await tables
        .updateTable('jobs')
        .set({
          ...(coverage && { coverage: JSON.stringify(coverage) }),
          last_event: sql`last_event + ${events}`,
        })
        .where('id', '=', id)
        .where('attempt', '=', attempt)
        .where('state', '=', 'running')
        .returning(['last_event', 'cancel_requested'])
        .executeTakeFirst()
      return row && { lastEvent: Number(row.last_event) - events, cancelRequested: row.cancel_requested }
    },
    async end(id, attempt, { state, coverage, summary, error }) {
      const { numUpdatedRows } = await tables
        .updateTable('jobs')
        .set({
          state,
          ...(coverage && { coverage: JSON.stringify(coverage) }),
          summary: summary ? storableJson(summary) : null,
          error: error ? storableJson(error) : null,
          ended_at: sql`now()`,
        })
        .where('id', '=', id)
        .where('attempt', '=', attempt)
        .where('state', 'in', ['queued', 'running'])
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async allActive() {
      const rows = await tables
        .selectFrom('jobs')
        .selectAll()
        .where('state', 'in', ['queued', 'running'])
        .orderBy('number')
        .execute()
      return rows.map(jobOf)
    },
    async deleteBefore(time) {
      const old = tables
        .selectFrom('jobs')
        .select('id')
        .where('ended_at', '<', time)
        .orderBy('number')
        .limit(1000)
      const ids = (await old.execute()).map(({ id }) => id)
      for (const table of ['job_events', 'job_documents', 'job_files', 'parcels'] as const)
        await tables.deleteFrom(table).where('job', '=', sql<string>`any(${ids}::text[])`).execute()
      await tables.deleteFrom('jobs').where('id', '=', sql<string>`any(${ids}::text[])`).execute()
      return ids.length
    },
  }
  return explained(database, records)
}

function jobOf(row: Selectable<Tables['jobs']>): JobRow {
  return {
    id: row.id,
    number: Number(row.number),
    workspace: row.workspace,
    workflow: row.workflow,
    workflowName: restored(row.workflow_name),
    jobType: row.job_type,
    state: row.state,
    plan: restoredValue<JobPlan>(row.plan),
    options: restoredValue(row.options),
    attempt: row.attempt,
    cancelRequested: row.cancel_requested,
    ...(row.coverage !== null && { coverage: row.coverage as Coverage }),
    ...(row.summary !== null && { summary: restoredValue<JobFinished>(row.summary) }),
    ...(row.error !== null && { error: restoredValue<ErrorReport>(row.error) }),
    createdAt: row.created_at,
    ...(row.started_at && { startedAt: row.started_at }),
    ...(row.ended_at && { endedAt: row.ended_at }),
  }
}

/** Of a column that the database gives as a value. */
const restoredValue = <Value>(value: unknown): Value => restoredJson<Value>(JSON.stringify(value))

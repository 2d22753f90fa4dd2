/**
 * Jobs as people ask for them and look at them; `engine/` is what does them.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { documentRef } from '../model/document.ts'
import { OutflowError } from '../model/errors.ts'
import type { Store } from '../store/index.ts'
import type { DocumentEvent, StoryDocument } from '../store/job-story.ts'
import type { JobRow } from '../store/jobs.ts'
import type { Queue } from '../store/queue.ts'
import type { Records } from '../store/records.ts'
import { sleep } from '../util/sleep.ts'
import { endAtOnce, type JobNews } from './engine/end-job.ts'
import { nodeStats } from './node-stats.ts'
import {
  activeStates,
  type Job,
  type JobDocument,
  type JobDocumentState,
  type JobEvent,
  type JobOptions,
  type JobState,
  type Jobs,
  type JobType,
  type NewNode,
  type Templates,
  type Upload,
  type WorkflowNode,
  type WorkflowRecord,
  type Workflows,
} from './platform.ts'

interface JobsOptions {
  readonly store: Store
  readonly queue: Queue
  readonly workflows: Workflows
  readonly templates: Templates
  readonly validateNodes: (nodes: readonly NewNode[]) => readonly WorkflowNode[]
  /** Keeps uploaded files with a job. @throws {OutflowError} codes `upload.…` */
  readonly keepUploads: (records: Records, job: string, uploads: readonly Upload[]) => Promise<void>
  readonly news: (records: Records, job: JobRow, event: JobNews) => Promise<void>
}

/** Seconds between looks for new events. */
const eventInterval = 0.3
const eventsAtOnce = 500
/** Milliseconds between two on-demand jobs of a workspace, as the reference has it. */
const betweenOnDemand = 1000

export function createJobs(options: JobsOptions): Jobs {
  const { store, queue, workflows, templates, validateNodes, keepUploads, news } = options
  const { records } = store

  async function rowOf(workspace: string, id: string): Promise<JobRow> {
    const row = await records.jobs.find(id)
    if (row?.workspace === workspace) return row
    throw new OutflowError({
      kind: 'missing',
      code: 'job.not_found',
      message: 'Job not found',
      fix: 'List the jobs of this workspace; those that ended long ago are forgotten.',
    })
  }

  const inputIds = async (id: string) =>
    (await records.jobFiles.list(id, 'input')).map(({ fileId }) => fileId)

  const jobOf = async (row: JobRow): Promise<Job> => ({
    id: row.id,
    workspace: row.workspace,
    workflowId: row.workflow,
    workflowName: row.workflowName,
    jobType: row.jobType as JobType,
    state: row.state as JobState,
    nodes: row.plan.nodes as readonly WorkflowNode[],
    options: row.options as JobOptions,
    ...(row.coverage && { coverage: row.coverage }),
    ...(row.summary && { summary: row.summary }),
    ...(row.error && { error: row.error }),
    createdAt: row.createdAt,
    ...(row.startedAt && { startedAt: row.startedAt }),
    ...(row.endedAt && { endedAt: row.endedAt }),
    inputFileIds: row.plan.sources.length > 0 ? [] : await inputIds(row.id),
  })

  /** The job and everything that goes with it, or none of it. @returns the active one of its workflow, where there is one */
  async function make(
    workflow: Pick<WorkflowRecord, 'id' | 'name' | 'sources' | 'destinations' | 'nodes'>,
    jobOptions: JobOptions,
    {
      workspace,
      jobType,
      uploads = [],
    }: { workspace: string; jobType: JobType; uploads?: readonly Upload[] },
  ): Promise<Job> {
    const id = randomUUID()
    const { sources, destinations, nodes } = workflow
    const made = await store.transaction(async (inside) => {
      const row = await inside.jobs.insert({
        ...{ id, workspace, jobType, options: jobOptions },
        workflow: workflow.id,
        workflowName: workflow.name === '' ? `Job ${id.slice(0, 8)}` : workflow.name,
        plan: { sources, destinations, nodes },
      })
      if (!row) return undefined
      await keepUploads(inside, id, uploads)
      await queue.send('run', { job: id }, { within: inside })
      await news(inside, row, 'job.scheduled')
      return row
    })
    const row = made ?? (await records.jobs.active(workflow.id))
    // It may have ended between the two.
    return row ? jobOf(row) : make(workflow, jobOptions, { workspace, jobType, uploads })
  }

  const jobs: Jobs = {
    async list(workspace, { workflowId, states } = {}) {
      const rows = await records.jobs.list(workspace, {
        ...(workflowId !== undefined && { workflow: workflowId }),
        ...(states && { states }),
      })
      return Promise.all(rows.map(jobOf))
    },
    get: async (workspace, id) => jobOf(await rowOf(workspace, id)),
    async run(workspace, workflowId, { jobType = 'persistent', uploads = [], ...given } = {}) {
      const workflow = await workflows.get(workspace, workflowId)
      if (workflow.sources.length === 0 && uploads.length === 0) throw nothingToRead()
      if (workflow.sources.length > 0 && uploads.length > 0) throw readsNoUploads()
      const reprocessAll = given.reprocessAll ?? workflow.reprocessAll
      return make(workflow, { ...given, reprocessAll }, { workspace, jobType, uploads })
    },
    async runOnDemand(workspace, what, uploads) {
      const nodes = validateNodes('templateId' in what ? templates.get(what.templateId).nodes : what.nodes)
      const latest = await records.jobs.latestOf(workspace, 'ephemeral')
      if (latest && Date.now() - latest.getTime() < betweenOnDemand) throw tooSoon()
      const workflow = { id: randomUUID(), name: '', sources: [], destinations: [], nodes }
      return make(workflow, {}, { workspace, jobType: 'ephemeral', uploads })
    },
    async cancel(workspace, id) {
      const row = await rowOf(workspace, id)
      // Nobody has begun it, and nobody may have room for long: who would stop it?
      if (row.state === 'queued')
        await store.transaction((inside) => endAtOnce(inside, id, { state: 'stopped' }, news))
      else await records.jobs.requestCancel(row.id)
      return jobOf(await rowOf(workspace, id))
    },
    async retry(workspace, id) {
      const row = await rowOf(workspace, id)
      if (row.plan.sources.length === 0) throw notAgain()
      return jobs.run(workspace, row.workflow, { onlyFailed: true, reprocessAll: false })
    },
    async nodeStats(workspace, id) {
      const row = await rowOf(workspace, id)
      return nodeStats(await jobOf(row), await records.story.failuresByStage(row.id))
    },
    async failedFiles(workspace, id) {
      const { id: job } = await rowOf(workspace, id)
      const failed: { document: string; error: string }[] = []
      for (const state of ['failed', 'not_permitted', 'unsupported'])
        for (const { event } of await records.story.documents(job, { state, limit: 10_000 }))
          failed.push({
            // Uploads have no address.
            document: event.document.url || event.document.title,
            error: reasonOf(event) ?? state,
          })
      return failed
    },
    async documents(workspace, id, { state, stage, after, limit = 100 } = {}) {
      const { id: job } = await rowOf(workspace, id)
      const found = await records.story.documents(job, {
        ...(state !== undefined && { state }),
        ...(stage !== undefined && { stage }),
        ...(after !== undefined && { after }),
        limit: limit + 1,
      })
      const documents = found.slice(0, limit).map(jobDocumentOf)
      const next = found.length > limit ? documents.at(-1)!.document.id : undefined
      return { documents, ...(next !== undefined && { next }) }
    },
    async *events(workspace, id, after, signal) {
      let last = after
      for (;;) {
        // Looked at first: what happened until then is in the events that are read next.
        const { state } = await rowOf(workspace, id)
        let events: readonly JobEvent[]
        do {
          events = await records.story.events(id, last, eventsAtOnce)
          yield* events
          last = events.at(-1)?.number ?? last
        } while (events.length === eventsAtOnce)
        if (!activeStates.includes(state as JobState)) return
        await sleep(eventInterval, signal)
      }
    },
    async output(workspace, id, fileId, nodeId) {
      const row = await rowOf(workspace, id)
      const nodes = row.plan.nodes as readonly WorkflowNode[]
      const node = nodeId ?? nodes.at(-1)?.id ?? ''
      const content = await records.jobFiles.content(row.id, 'output', fileId, node)
      if (content) return content
      throw new OutflowError({
        kind: 'missing',
        code: 'job.output_not_found',
        message: `There is no output of the file "${fileId}" in this job.`,
        fix: 'Only jobs with uploaded files keep outputs; see whether the job has completed, and its failed files.',
      })
    },
  }
  return jobs
}

export function jobDocumentOf({ state, event, changedAt }: StoryDocument): JobDocument {
  const reason = reasonOf(event)
  return {
    document: documentRef(event.document),
    state: state as JobDocumentState,
    ...('stage' in event && { stage: event.stage }),
    ...('error' in event && { error: event.error }),
    ...(reason !== undefined && { reason }),
    changedAt,
  }
}

function reasonOf(event: DocumentEvent): string | undefined {
  if ('error' in event) return event.error.message
  if ('message' in event) return event.message
  if ('reason' in event) return event.reason
  return 'rule' in event ? event.rule : undefined
}

function nothingToRead(): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'job.nothing_to_read',
    message: 'The workflow has no source, and no files came with the call.',
    fix: 'Send files as input_files, or give the workflow a source.',
  })
}

function readsNoUploads(): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'job.reads_no_uploads',
    message: 'The workflow reads from its source; it takes no files.',
    fix: 'Run it without files, or make a workflow without a source for them.',
  })
}

function tooSoon(): OutflowError {
  return new OutflowError({
    kind: 'throttled',
    code: 'job.too_soon',
    message: 'Another on-demand job of this workspace was begun less than a second ago.',
    fix: 'Wait a second between two of them.',
  })
}

function notAgain(): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'job.not_again',
    message: 'A job with uploaded files cannot be tried again: nobody but you has the files as they are now.',
    fix: 'Send them again.',
  })
}

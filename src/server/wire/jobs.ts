/**
 * Jobs on the wire. The reference knows five states of a job and six of its processing; ours are finer, and stand beside them.
 *
 * @module
 */

import { z } from 'zod'
import type { Coverage } from '../../model/events.ts'
import type { Job, JobState, NodeStats } from '../../platform/platform.ts'
import { given } from './lenient.ts'

const jobStates = [
  'queued',
  'running',
  'finished',
  'finished_with_failures',
  'held',
  'stopped',
  'failed',
] as const satisfies readonly JobState[]

/** As `GET /jobs/{id}` tells it, and as its details do. */
const statuses = {
  queued: ['SCHEDULED', 'SCHEDULED'],
  running: ['IN_PROGRESS', 'IN_PROGRESS'],
  finished: ['COMPLETED', 'SUCCESS'],
  finished_with_failures: ['COMPLETED', 'COMPLETED_WITH_ERRORS'],
  held: ['COMPLETED', 'COMPLETED_WITH_ERRORS'],
  stopped: ['STOPPED', 'STOPPED'],
  failed: ['FAILED', 'FAILED'],
} as const satisfies Record<JobState, readonly [string, string]>

const CoverageInformation = z
  .object({
    found: z.int(),
    done: z.int(),
    access_changed: z.int(),
    unchanged: z.int(),
    skipped: z.int(),
    not_permitted: z.int(),
    unsupported: z.int(),
    failed: z.int(),
  })
  .meta({ id: 'Coverage', description: '`found` is the sum of all others, once the job has ended.' })

export const ErrorInformation = z
  .object({ kind: z.string(), code: z.string(), message: z.string(), fix: z.string().optional() })
  .meta({ id: 'ErrorReport' })

const finer = {
  state: z.enum(jobStates),
  outcome: z.string().optional(),
  coverage: CoverageInformation.optional(),
  error: ErrorInformation.optional().meta({ description: 'Why it stopped or failed.' }),
}

export const JobInformation = z
  .object({
    id: z.string(),
    workflow_id: z.string(),
    workflow_name: z.string(),
    status: z.enum(['SCHEDULED', 'IN_PROGRESS', 'COMPLETED', 'STOPPED', 'FAILED']),
    created_at: z.iso.datetime(),
    runtime: z.string().optional().meta({ description: 'ISO 8601 duration.' }),
    input_file_ids: z.array(z.string()).optional(),
    output_node_files: z
      .array(
        z.object({
          file_id: z.string(),
          node_id: z.string(),
          node_type: z.string(),
          node_subtype: z.string(),
        }),
      )
      .optional(),
    job_type: z.enum(['ephemeral', 'persistent', 'scheduled', 'template']),
    ...finer,
    started_at: z.iso.datetime().optional(),
    ended_at: z.iso.datetime().optional(),
  })
  .meta({ id: 'JobInformation' })

export const JobDetails = z
  .object({
    id: z.string(),
    processing_status: z.enum([
      'SCHEDULED',
      'IN_PROGRESS',
      'SUCCESS',
      'COMPLETED_WITH_ERRORS',
      'STOPPED',
      'FAILED',
    ]),
    node_stats: z.array(
      z.object({
        ready: z.int(),
        in_progress: z.int(),
        success: z.int(),
        failure: z.int(),
        node_name: z.string(),
        node_type: z.string(),
        node_subtype: z.string(),
      }),
    ),
    message: z.string().optional(),
    summary: z
      .object({ total_docs: z.int(), total_docs_succeeded: z.int(), total_docs_failed: z.int() })
      .optional(),
    ...finer,
  })
  .meta({ id: 'JobDetails' })

export const JobFailedFiles = z
  .object({ failed_files: z.array(z.object({ document: z.string(), error: z.string() })) })
  .meta({ id: 'JobFailedFiles' })

const finerOf = (job: Job) => ({
  state: job.state,
  ...given({
    outcome: job.summary?.outcome,
    coverage: job.summary?.coverage ?? job.coverage,
    error: job.error ?? job.summary?.error,
  }),
})

export function jobToWire(job: Job): z.output<typeof JobInformation> {
  const [status] = statuses[job.state]
  const hasFiles = job.jobType === 'ephemeral' || job.jobType === 'template' || job.inputFileIds.length > 0
  return {
    id: job.id,
    workflow_id: job.workflowId,
    workflow_name: job.workflowName,
    status,
    created_at: job.createdAt.toISOString(),
    job_type: job.jobType,
    ...(hasFiles && { input_file_ids: [...job.inputFileIds], output_node_files: outputsOf(job) }),
    ...given({
      runtime: runtimeOf(job),
      started_at: job.startedAt?.toISOString(),
      ended_at: job.endedAt?.toISOString(),
    }),
    ...finerOf(job),
  }
}

/** Each file after each step. */
const outputsOf = ({ inputFileIds, nodes }: Job) =>
  inputFileIds.flatMap((file) =>
    nodes.map(({ id, type, subtype }) => ({
      file_id: file,
      node_id: id,
      node_type: type,
      node_subtype: subtype,
    })),
  )

function runtimeOf({ startedAt, endedAt }: Job): string | undefined {
  if (startedAt === undefined) return undefined
  return durationText((endedAt ?? new Date()).getTime() - startedAt.getTime())
}

/** `PT1H2M3.5S` */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = Number((seconds % 60).toFixed(3))
  const parts = [hours > 0 && `${hours}H`, minutes > 0 && `${minutes}M`].filter((part) => part !== false)
  return `PT${parts.join('')}${rest > 0 || parts.length === 0 ? `${rest}S` : ''}`
}

export function detailsToWire(job: Job, stats: readonly NodeStats[]): z.output<typeof JobDetails> {
  const finer = finerOf(job)
  return {
    id: job.id,
    processing_status: processingStatusOf(job.state, finer.coverage),
    node_stats: stats.map(({ node, ready, inProgress, success, failure }) => ({
      ready,
      in_progress: inProgress,
      success,
      failure,
      node_name: node.name,
      node_type: node.type,
      node_subtype: node.subtype,
    })),
    ...given({
      message: finer.error && [finer.error.message, finer.error.fix].filter(Boolean).join(' '),
      summary: finer.coverage && summaryOf(finer.coverage),
    }),
    ...finer,
  }
}

/** A job has finished well, in our words, when nothing has failed in it; in the reference's, when all of it has arrived. */
function processingStatusOf(state: JobState, coverage: Coverage | undefined) {
  const [, status] = statuses[state]
  const isShort = coverage !== undefined && summaryOf(coverage).total_docs_failed > 0
  return status === 'SUCCESS' && isShort ? 'COMPLETED_WITH_ERRORS' : status
}

const summaryOf = (coverage: Coverage) => ({
  total_docs: coverage.found,
  total_docs_succeeded: coverage.done + coverage.access_changed + coverage.unchanged,
  total_docs_failed: coverage.failed + coverage.not_permitted + coverage.unsupported,
})

/** The documentation itself writes `im progress`. */
const loosely = (word: string) =>
  word
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '_')
    .replace(/^im_/, 'in_')

/** All states that go by this word, however it is written: the reference's, or ours. */
export function statesCalled(word: string): readonly JobState[] {
  return jobStates.filter((state) =>
    [state, ...statuses[state]].some((name) => loosely(name) === loosely(word)),
  )
}

/**
 * How a job ends: what is left of its story, its end, and news of it, in one transaction.
 *
 * @module
 */

import { OutflowError, reportError } from '../../model/errors.ts'
import type { JobFinished, Outcome, RunEvent } from '../../model/events.ts'
import { createTally } from '../../pipeline/tally.ts'
import type { Store } from '../../store/index.ts'
import type { JobEnd, JobRow } from '../../store/jobs.ts'
import type { Task } from '../../store/queue.ts'
import type { Records } from '../../store/records.ts'
import { claimLost, TakenOver } from './claim.ts'
import { type Counted, countedBy, earlierOf } from './earlier.ts'

/** News of a job for those who want to know. */
export type JobNews =
  | 'job.scheduled'
  | 'job.in_progress'
  | 'job.progress'
  | 'job.completed'
  | 'job.stopped'
  | 'job.failed'

/** Told within the transaction that makes it true. */
export type TellNews = (records: Records, job: JobRow, event: JobNews) => Promise<void>

/** Listens to what becomes of jobs, for logs and metrics; to the end of a job, once it is written down. */
export type Hear = (job: JobRow, event: RunEvent) => void

/** The last event of its story has to be told before. @throws {TakenOver} */
export async function endJob(records: Records, job: JobRow, end: JobEnd, news: TellNews): Promise<void> {
  if (!(await records.jobs.end(job.id, job.attempt, end))) throw new TakenOver(job)
  await news(records, { ...job, ...end }, newsOf(end))
  await records.parcels.deleteOf(job.id)
}

/**
 * Ends a job without its worker, if it has one: whatever that one does from now on, counts no more.
 *
 * @returns the job as it has ended, and its last event; `undefined`: it had ended before
 */
export async function endAtOnce(
  records: Records,
  id: string,
  end: JobEnd,
  news: TellNews,
): Promise<{ readonly job: JobRow; readonly last: JobFinished } | undefined> {
  const job = await records.jobs.begin(id)
  if (!job) return undefined
  const counted = countedBy(createTally(), await earlierOf(job, { records }))
  const { coverage } = counted
  const row = await records.jobs.advance(id, job.attempt, { coverage, events: 1 })
  const last = finishedWithoutRun(end, counted)
  await records.story.append(id, row!.lastEvent, [last])
  await endJob(records, job, { ...end, coverage }, news)
  return { job: (await records.jobs.find(id))!, last }
}

/** Of a job that never came to run, or whose run came to nothing. */
export const finishedWithoutRun = ({ state, error }: JobEnd, counted: Counted): JobFinished => ({
  type: 'job.finished',
  outcome: state as Outcome,
  ...counted,
  ...{ requests: 0, retries: 0, waited_seconds: 0, seconds: 0 },
  ...(error && { error }),
})

function newsOf({ state }: JobEnd): JobNews {
  if (state === 'stopped') return 'job.stopped'
  return state === 'failed' ? 'job.failed' : 'job.completed'
}

/** A job whose tries are used up: its workers died, each time. */
export async function giveUpJob(
  task: Task<'run-dead'>,
  { store, news, hear }: { readonly store: Store; readonly news: TellNews; readonly hear: Hear },
): Promise<void> {
  const error = new OutflowError({
    kind: 'bug',
    code: 'job.given_up',
    message: 'Every worker that had this job died before it ended.',
    fix: 'See the logs and the memory of the workers, then run the workflow again: what was done stays done.',
  })
  const ended = await store.transaction(async (records) => {
    const end: JobEnd = { state: 'failed', error: reportError(error) }
    const job = await endAtOnce(records, task.data.job, end, news)
    if (!(await task.complete(records))) throw claimLost()
    return job
  })
  if (ended) hear(ended.job, ended.last)
}

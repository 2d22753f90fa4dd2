/**
 * Conducts a job: lists what its sources have, hands documents to whoever has room, hears what came of them, and ends it. When its worker
 * dies, another one begins it again: what is done stays done, and is counted.
 *
 * @module
 */

import { setTimeout as pause } from 'node:timers/promises'
import { asOutflowError, OutflowError, reportError } from '../../model/errors.ts'
import type { JobFinished, Outcome, RunEvent } from '../../model/events.ts'
import type { RemovalPolicy } from '../../pipeline/removals.ts'
import { type RunOptions, run } from '../../pipeline/run.ts'
import type { Store } from '../../store/index.ts'
import type { JobEnd, JobRow } from '../../store/jobs.ts'
import type { Queue, Task } from '../../store/queue.ts'
import type { Records } from '../../store/records.ts'
import type { JobOptions } from '../platform.ts'
import { openParcelHands, type ParcelOutcome } from './parcel-hands.ts'
import { memoryOfRoute, type Openings, openRoute, routesOf } from './routes.ts'
import { createTeller, type Teller } from './teller.ts'

/** News of a job for those who want to know. */
export type JobNews = 'job.scheduled' | 'job.in_progress' | 'job.completed' | 'job.stopped' | 'job.failed'

export interface ConductOptions {
  readonly store: Store
  readonly queue: Queue
  readonly openings: Openings
  /** Told within the transaction that makes it true. */
  readonly news: (records: Records, job: JobRow, event: JobNews) => Promise<void>
  /** Listens to every event, for logs and metrics. */
  readonly hear: (job: JobRow, event: RunEvent) => void
  /** Aborted when this process is to end: jobs are given back for another to go on with. */
  readonly draining: AbortSignal
}

/** On-demand jobs of one workspace that run at the same time, as the reference has it; others wait. */
const mostOnDemand = 5

/** How often it is looked whether a dead worker's parcels are free, in milliseconds. */
const interval = 250

/** The worker gives the job back, and the queue hands it to another. */
class GivenBack extends Error {
  override readonly name = 'GivenBack'
}

/** @throws when the job has to be tried again */
export async function conduct(task: Task<'run'>, options: ConductOptions): Promise<void> {
  const { store } = options
  const found = await store.records.jobs.find(task.data.job)
  if (found && (await hasToWait(found, store))) return putOff(task, found, options)
  const job = await begin(task.data.job, options)
  if (!job) return store.transaction((records) => settle(task, records))
  await takeBack(job, options)
  const earlier = await earlierOf(job, store)
  const stop = new AbortController()
  const lost = new AbortController()
  const teller = createTeller({
    ...{ store, job, earlier },
    onCancel: () => stop.abort(),
    onLost: (thrown) => lost.abort(thrown),
  })
  const signal = AbortSignal.any([stop.signal, lost.signal, task.signal, options.draining])
  try {
    const end = job.cancelRequested
      ? stoppedAtOnce
      : await runAll(job, { ...options, teller, earlier, signal })
    if (lost.signal.aborted) throw lost.signal.reason
    if (!stop.signal.aborted && !job.cancelRequested && isToGoOn(end, options.draining, task.signal))
      throw new GivenBack(`Job ${job.id} goes on elsewhere.`)
    await teller.close()
    await store.transaction((records) => endJob(task, { job, end, teller, records, news: options.news }))
  } finally {
    await teller.close()
  }
}

async function hasToWait({ workspace, jobType, state }: JobRow, { records }: Store): Promise<boolean> {
  return (
    state === 'queued' &&
    jobType === 'ephemeral' &&
    (await records.jobs.countRunning(workspace, jobType)) >= mostOnDemand
  )
}

function putOff(task: Task<'run'>, { id }: JobRow, { store, queue }: ConductOptions): Promise<void> {
  return store.transaction(async (records) => {
    await queue.send('run', { job: id }, { after: 1, within: records })
    await settle(task, records)
  })
}

function begin(id: string, { store, news }: ConductOptions): Promise<JobRow | undefined> {
  return store.transaction(async (records) => {
    const job = await records.jobs.begin(id)
    if (job?.attempt === 1) await news(records, job, 'job.in_progress')
    return job
  })
}

/** @throws when the claim is lost: then the transaction is given up */
async function settle(task: Task<'run'>, records: Records): Promise<void> {
  if (!(await task.complete(records))) throw new GivenBack('The claim on the job is lost.')
}

/** Parcels of an earlier try: those that nobody has begun are taken back, the others waited for, and what they came to is told. */
async function takeBack(job: JobRow, { store, queue }: ConductOptions): Promise<void> {
  if (job.attempt === 1) return
  const { parcels } = store.records
  await queue.cancel('parcel', { job: job.id })
  await parcels.withdraw(job.id)
  for (;;) {
    const heard = await parcels.unheard<ParcelOutcome>(job.id, 200)
    await store.transaction(async (records) => {
      const events = heard.flatMap(({ outcome }) => (outcome && 'events' in outcome ? outcome.events : []))
      const row = await records.jobs.advance(job.id, job.attempt, {
        ...(job.coverage && { coverage: job.coverage }),
        events: events.length,
      })
      if (!row) throw new GivenBack(`Job ${job.id} is another worker's now.`)
      await records.story.append(job.id, row.lastEvent, events)
      await records.story.note(
        job.id,
        events.flatMap((event) => ('document' in event ? [event] : [])),
      )
      await records.parcels.markHeard(heard.map(({ number }) => number))
    })
    if (heard.length === 0 && (await parcels.countOpen(job.id)).parcels === 0) return
    if (heard.length === 0) await pause(interval)
  }
}

/** What was done in earlier tries. */
async function earlierOf(job: JobRow, { records }: Store): Promise<ReadonlyMap<string, RunEvent>> {
  const earlier = new Map<string, RunEvent>()
  if (job.attempt === 1) return earlier
  const limit = 2000
  for (const state of ['done', 'access_changed']) {
    for (let after: string | undefined; ; ) {
      const page = await records.story.documents(job.id, {
        state,
        limit,
        ...(after !== undefined && { after }),
      })
      for (const { event } of page) earlier.set(event.document.id, event)
      if (page.length < limit) break
      after = page.at(-1)!.event.document.id
    }
  }
  return earlier
}

interface RunAll extends ConductOptions {
  readonly teller: Teller
  readonly earlier: ReadonlyMap<string, RunEvent>
  readonly signal: AbortSignal
}

/** Every way through the workflow, one after the other. Never throws. */
async function runAll(job: JobRow, options: RunAll): Promise<JobEnd> {
  const finished: JobFinished[] = []
  try {
    for (const route of routesOf(job).keys()) {
      const end = await runRoute(job, route, options)
      finished.push(end)
      if (end.error || options.signal.aborted) break
    }
  } catch (thrown) {
    const error = asOutflowError(thrown)
    return { state: 'failed', coverage: options.teller.tally.coverage(), error: reportError(error) }
  }
  const summary = combined(finished, options.teller)
  return {
    state: summary.outcome,
    coverage: summary.coverage,
    summary,
    ...(summary.error && { error: summary.error }),
  }
}

async function runRoute(job: JobRow, place: number, options: RunAll): Promise<JobFinished> {
  const { store, queue, openings, teller, earlier, signal, hear } = options
  const route = routesOf(job)[place]!
  const { onlyFailed = false, reprocessAll = false, acceptRemovals = false } = job.options as JobOptions
  const workflow = await openRoute(openings, job, route)
  const memory = memoryOfRoute(store, job, route, workflow.destination)
  const sharing = await createWeight(job, store)
  const removals: RemovalPolicy = { accept: acceptRemovals }
  const told: RunOptions = {
    ...{ signal, memory, onlyFailed, reprocessAll, removals },
    ...(job.attempt > 1 && { earlier }),
    hands: openParcelHands({ store, queue, job, route: place, reprocessAll, weight: sharing }),
  }
  for await (const event of run(workflow, told)) {
    hear(job, event)
    if (event.type === 'job.finished') return event
    await teller.tell(event)
  }
  throw new Error('A run ended without saying so.')
}

/** How many jobs of the workspace run now, looked up again from time to time: each of them takes its share of the workspace's turn. */
async function createWeight({ workspace }: JobRow, { records }: Store): Promise<() => number> {
  let weight = await records.jobs.countRunning(workspace)
  let next = performance.now() + 1000
  return () => {
    if (performance.now() > next) {
      next = performance.now() + 1000
      records.jobs.countRunning(workspace).then(
        (count) => {
          weight = count
        },
        () => {},
      )
    }
    return Math.max(weight, 1)
  }
}

const rank: readonly Outcome[] = ['finished', 'held', 'finished_with_failures', 'stopped', 'failed']

/** One summary of all ways; what the tally has counted over all tries goes for the coverage. */
function combined(finished: readonly JobFinished[], { tally }: Teller): JobFinished {
  const sum = (pick: (one: JobFinished) => number) => finished.reduce((total, one) => total + pick(one), 0)
  const worst = finished.reduce((a, b) => (rank.indexOf(b.outcome) > rank.indexOf(a.outcome) ? b : a))
  const { removed, held } = tally.removals()
  return {
    ...worst,
    coverage: tally.coverage(),
    permissions: tally.permissions(),
    truncated: tally.truncated(),
    ...{ removed, held },
    requests: sum(({ requests }) => requests),
    retries: sum(({ retries }) => retries),
    waited_seconds: sum(({ waited_seconds }) => waited_seconds),
    seconds: sum(({ seconds }) => seconds),
  }
}

const stoppedAtOnce: JobEnd = { state: 'stopped' }

/** Whether what ended it is none of the job's own: its worker is to go, has lost it, or could not reach the database. */
function isToGoOn({ state, error }: JobEnd, draining: AbortSignal, claim: AbortSignal): boolean {
  if (claim.aborted) return true
  if (draining.aborted && (state === 'stopped' || state === 'failed')) return true
  return state === 'failed' && error?.kind === 'transient' && error.code.startsWith('state.')
}

interface Ending extends Pick<ConductOptions, 'news'> {
  readonly job: JobRow
  readonly end: JobEnd
  readonly teller: Teller
  readonly records: Records
}

async function endJob(task: Task<'run'>, { job, end, teller, records, news }: Ending): Promise<void> {
  await teller.last(records, [end.summary ?? withoutRun(end, teller)])
  if (!(await records.jobs.end(job.id, job.attempt, end)))
    throw new GivenBack(`Job ${job.id} is another worker's now.`)
  await news(records, { ...job, ...end }, newsOf(end))
  await records.parcels.deleteOf(job.id)
  await settle(task, records)
}

/** A job that never came to run. */
function withoutRun({ state, error }: JobEnd, { tally }: Teller): JobFinished {
  return {
    type: 'job.finished',
    outcome: state as Outcome,
    coverage: tally.coverage(),
    permissions: tally.permissions(),
    truncated: {},
    ...{ removed: 0, held: 0, requests: 0, retries: 0, waited_seconds: 0, seconds: 0 },
    ...(error && { error }),
  }
}

function newsOf({ state }: JobEnd): JobNews {
  if (state === 'stopped') return 'job.stopped'
  return state === 'failed' ? 'job.failed' : 'job.completed'
}

/** A job whose tries are used up: its workers died, each time. */
export async function giveUpJob(task: Task<'run-dead'>, { store, news }: ConductOptions): Promise<void> {
  const error = new OutflowError({
    kind: 'bug',
    code: 'job.given_up',
    message: 'Every worker that had this job died before it ended.',
    fix: 'See the logs and the memory of the workers, then run the workflow again: what was done stays done.',
  })
  await store.transaction(async (records) => {
    const job = await records.jobs.begin(task.data.job)
    const end: JobEnd = { state: 'failed', error: reportError(error) }
    if (job && (await records.jobs.end(job.id, job.attempt, end))) {
      await news(records, { ...job, ...end }, 'job.failed')
      await records.parcels.deleteOf(job.id)
    }
    if (!(await task.complete(records))) throw new GivenBack('The claim is lost.')
  })
}

/**
 * Conducts a job: lists what its sources have, hands documents to whoever has room, hears what came of them, and ends it. When its worker
 * dies, another one begins it again: what is done stays done, and is counted.
 *
 * @module
 */

import { asOutflowError, reportError } from '../../model/errors.ts'
import type { JobFinished, Outcome } from '../../model/events.ts'
import type { RemovalPolicy } from '../../pipeline/removals.ts'
import { type RunOptions, run } from '../../pipeline/run.ts'
import { isOutOfReach } from '../../store/database.ts'
import type { Store } from '../../store/index.ts'
import type { JobEnd, JobRow } from '../../store/jobs.ts'
import type { Queue, Task } from '../../store/queue.ts'
import type { Records } from '../../store/records.ts'
import { during } from '../activity.ts'
import type { JobOptions } from '../platform.ts'
import { guardLedger, hold, TakenOver } from './claim.ts'
import { type Earlier, earlierOf } from './earlier.ts'
import { endJob, finishedWithoutRun, type Hear, type TellNews } from './end-job.ts'
import { createHeard, type Heard } from './heard.ts'
import { openParcelHands } from './parcel-hands.ts'
import { activityOf, memoryOfRoute, type Openings, openRoute, routesOf } from './routes.ts'
import { deathsOf } from './suspects.ts'
import { takeOver } from './take-over.ts'
import { createTeller, type Teller } from './teller.ts'

export interface ConductOptions {
  readonly store: Store
  readonly queue: Queue
  readonly openings: Openings
  readonly news: TellNews
  readonly hear: Hear
  /** Seconds between two pieces of news on how far a job is. */
  readonly progressEvery: number
  /** Aborted when this process is to end: jobs are given back for another to go on with. */
  readonly draining: AbortSignal
}

/** On-demand jobs of one workspace that run at the same time, as the reference has it; others wait. */
const mostOnDemand = 5

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
  try {
    await conductAs(job, task, options)
  } catch (thrown) {
    if (!(thrown instanceof TakenOver)) throw thrown
    // By another task, perhaps: if this one were tried again, the two would take the job from one another, by turns.
    await store.transaction((records) => task.complete(records))
  }
}

async function conductAs(job: JobRow, task: Task<'run'>, options: ConductOptions): Promise<void> {
  const { store, draining, news, progressEvery } = options
  const leaving = AbortSignal.any([task.signal, draining])
  await takeOver(job, { ...options, signal: leaving })
  const earlier = await earlierOf(job, store)
  const deaths = await deathsOf(job.id, store.records)
  const heard = createHeard()
  const stop = new AbortController()
  const lost = new AbortController()
  const teller = createTeller({
    ...{ store, news, progressEvery, job, earlier, heard },
    onCancel: () => stop.abort(),
    onLost: (thrown) => lost.abort(thrown),
  })
  const signal = AbortSignal.any([stop.signal, lost.signal, leaving])
  const onTakenBack = () => stop.abort()
  try {
    const end = job.cancelRequested
      ? stoppedAtOnce(teller)
      : await runAll(job, { ...options, teller, earlier, heard, deaths, onTakenBack, leaving, signal })
    lost.signal.throwIfAborted()
    if (isToGoOn(end, leaving)) throw new GivenBack(`Job ${job.id} goes on elsewhere.`)
    await teller.close()
    lost.signal.throwIfAborted()
    const last = end.summary ?? finishedWithoutRun(end, teller.counted())
    await store.transaction(async (records) => {
      await teller.last(records, [last])
      await endJob(records, job, end, options.news)
      await settle(task, records)
    })
    options.hear(job, last)
  } finally {
    await teller.close()
  }
}

async function hasToWait(
  { workspace, jobType, state, cancelRequested }: JobRow,
  { records }: Store,
): Promise<boolean> {
  return (
    state === 'queued' &&
    !cancelRequested &&
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

interface RunAll extends ConductOptions {
  readonly teller: Teller
  readonly earlier: Earlier
  readonly heard: Heard
  readonly deaths: ReadonlyMap<string, number>
  readonly onTakenBack: () => void
  readonly leaving: AbortSignal
  readonly signal: AbortSignal
}

/** Every way through the workflow, one after the other. Never throws. */
async function runAll(job: JobRow, options: RunAll): Promise<JobEnd> {
  const finished: JobFinished[] = []
  try {
    for (const route of routesOf(job).keys()) {
      const end = await during(activityOf(job, route), () => runRoute(job, route, options))
      finished.push(end)
      if (end.error || options.signal.aborted) break
    }
  } catch (thrown) {
    const { coverage } = options.teller.counted()
    return { state: 'failed', coverage, error: reportError(asOutflowError(thrown)) }
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
  const { store, queue, openings, teller, earlier, heard, deaths, onTakenBack, leaving, signal, hear } =
    options
  const route = routesOf(job)[place]!
  const { onlyFailed = false, reprocessAll = false, acceptRemovals = false } = job.options as JobOptions
  const workflow = await openRoute(openings, job, route)
  const ledger = guardLedger(store, (records) => hold(records, job))
  const memory = { ...memoryOfRoute(store, job, route, workflow.destination), ledger }
  const sharing = await createWeight(job, store)
  const removals: RemovalPolicy = { accept: acceptRemovals }
  const told: RunOptions = {
    ...{ signal, memory, onlyFailed, reprocessAll, removals },
    ...(earlier.done.size > 0 && { earlier: earlier.done }),
    hands: openParcelHands({
      ...{ store, queue, job, route: place, reprocessAll, weight: sharing },
      ...{ heard, deaths, onTakenBack, leaving },
    }),
  }
  for await (const event of run(workflow, told)) {
    if (event.type === 'job.finished') return event
    if (await teller.tell(event)) hear(job, event)
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

/** One summary of all ways, and of all tries. */
function combined(finished: readonly JobFinished[], teller: Teller): JobFinished {
  const sum = (pick: (one: JobFinished) => number) => finished.reduce((total, one) => total + pick(one), 0)
  const worst = finished.reduce((a, b) => (rank.indexOf(b.outcome) > rank.indexOf(a.outcome) ? b : a))
  return {
    ...worst,
    ...teller.counted(),
    requests: sum(({ requests }) => requests),
    retries: sum(({ retries }) => retries),
    waited_seconds: sum(({ waited_seconds }) => waited_seconds),
    seconds: sum(({ seconds }) => seconds),
  }
}

const stoppedAtOnce = (teller: Teller): JobEnd => ({
  state: 'stopped',
  coverage: teller.counted().coverage,
})

/** Whether what ended it is none of the job's own: its worker is to go, has lost it, or could not reach the database. */
function isToGoOn({ state, error }: JobEnd, leaving: AbortSignal): boolean {
  if (leaving.aborted && (state === 'stopped' || state === 'failed')) return true
  return state === 'failed' && error !== undefined && isOutOfReach(error)
}

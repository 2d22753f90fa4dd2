/**
 * Does what is in a parcel. What comes of it is written down in one transaction with saying that it is done, so that it counts once, whoever
 * else may have had the parcel in hand.
 *
 * @module
 */

import { setTimeout as pause } from 'node:timers/promises'
import { OutflowError, reportError } from '../../model/errors.ts'
import type { Memory } from '../../pipeline/books.ts'
import { type Assignment, type Fulfilled, fulfil } from '../../pipeline/hands.ts'
import { stopsRun } from '../../pipeline/process.ts'
import { isOutOfReach } from '../../store/database.ts'
import type { Store } from '../../store/index.ts'
import type { TakenParcel } from '../../store/parcels.ts'
import type { Queue, Task } from '../../store/queue.ts'
import type { Records } from '../../store/records.ts'
import { during } from '../activity.ts'
import { claimLost, guardLedger } from './claim.ts'
import type { Machines } from './machines.ts'
import { contentOf, type ParcelContent, type ParcelOutcome } from './parcel.ts'
import { sendParcels } from './send-parcels.ts'
import { watchForStop } from './watch.ts'

export interface ParcelOptions {
  readonly store: Store
  readonly queue: Queue
  readonly machines: Machines
  /** Documents of one parcel under way at the same time. */
  readonly concurrency: number
  readonly draining: AbortSignal
}

/** @throws when it has to be tried again */
export async function fulfilParcel(task: Task<'parcel'>, options: ParcelOptions): Promise<void> {
  const { store, machines, concurrency, draining } = options
  const { job, number } = task.data
  const taken = await store.records.parcels.take(number)
  if (!taken) return takeBack(task, store)
  const content = contentOf(taken)
  const { route, reprocessAll, assignments } = content
  const machine = await borrowed(task, route, machines)
  if (machine instanceof OutflowError) return stopJob(task, machine, store)
  const watch = watchForStop(store, job, draining)
  const signal = AbortSignal.any([task.signal, watch.over])
  const check = async (records: Records) => {
    if (!(await task.holds(records))) throw claimLost()
  }
  try {
    const { machinery, memory, activity } = machine
    const guarded: Memory = { ...memory, ledger: guardLedger(store, check) }
    const fulfilled = await during(activity, () =>
      fulfil(machinery, assignments, {
        ...{ memory: guarded, reprocessAll, concurrency, signal, stop: watch.stop },
        confirm: async () => {
          if (!(await task.isHeld())) throw claimLost()
        },
      }),
    )
    if (task.signal.aborted || (signal.aborted && !watch.stop.aborted)) throw claimLost()
    const done = watch.over.aborted ? withoutAborted(fulfilled) : fulfilled
    const left = done.outcome.fatal ? [] : leftOf(assignments, done)
    // Of a job that is to stop, what is left is not done at all.
    const rest = left.length > 0 && draining.aborted ? { ...content, assignments: left } : undefined
    await patiently(() => writeDown(task, taken, { ...done, workflow: memory.workflow, rest }, options))
  } finally {
    watch.end()
    machine.giveBack()
  }
}

/** @returns the machine, or why no other parcel would find one either */
async function borrowed(task: Task<'parcel'>, route: number, machines: Machines) {
  try {
    return await machines.borrow(task.data.job, route)
  } catch (thrown) {
    if (!(thrown instanceof OutflowError) || !(stopsRun(thrown) || task.isLastTry)) throw thrown
    return thrown
  }
}

/** None of the documents has been touched. */
async function stopJob(task: Task<'parcel'>, reason: OutflowError, { transaction }: Store): Promise<void> {
  const outcome: ParcelOutcome = { events: [], entries: [], fatal: reportError(reason) }
  await transaction(async (records) => {
    await records.parcels.finish(task.data.number, outcome)
    if (!(await task.complete(records))) throw claimLost()
  })
}

/** Nothing is known of a document that failed once everything under way was aborted. */
function withoutAborted({ outcome, keep, drop }: Fulfilled): Fulfilled {
  const failed = new Set(
    outcome.events.flatMap((event) => (event.type === 'document.failed' ? [event.document.id] : [])),
  )
  return {
    outcome: {
      events: outcome.events.filter((event) => !('document' in event && failed.has(event.document.id))),
      entries: outcome.entries.filter(({ document }) => !failed.has(document.id)),
    },
    keep: keep.filter(({ documentId }) => !failed.has(documentId)),
    drop,
  }
}

function leftOf(assignments: readonly Assignment[], { outcome }: Fulfilled): readonly Assignment[] {
  const told = new Set(outcome.events.flatMap((event) => ('document' in event ? [event.document.id] : [])))
  return assignments.filter(({ document }) => !told.has(document.id))
}

interface Writing extends Fulfilled {
  readonly workflow: string
  /** What another worker is to do. */
  readonly rest: ParcelContent | undefined
}

function writeDown(
  task: Task<'parcel'>,
  { attempt, tag }: TakenParcel,
  { workflow, outcome, keep, drop, rest }: Writing,
  { store, queue }: ParcelOptions,
): Promise<void> {
  const { job, number } = task.data
  return store.transaction(async (records) => {
    await records.ledger.record(workflow, outcome.entries)
    await records.ledger.keep(workflow, keep)
    await records.ledger.drop(workflow, drop)
    const [part] = rest ? await sendParcels([rest], { job, attempt, tag }, queue, records) : []
    const told: ParcelOutcome = { ...outcome, ...(part && { rest: part.number }) }
    if (!(await records.parcels.finish(number, told))) throw claimLost()
    if (!(await task.complete(records))) throw claimLost()
  })
}

/** Its job is to stop, or goes on without it. */
async function takeBack(task: Task<'parcel'>, store: Store): Promise<void> {
  await store.transaction(async (records) => {
    await giveBack(task, records)
    await task.complete(records)
  })
}

/** What died of it, or beside it, is known to the job from then on. */
async function giveBack({ data, deaths }: Task<'parcel'>, { parcels }: Records): Promise<void> {
  const { job, number } = data
  await (deaths > 0 ? parcels.lose([{ number, deaths }]) : parcels.withdraw(job, [number]))
}

/** Tries to reach the database, a second apart: what was done is not to be done again because it was gone for a moment. */
const tries = 20

/** What comes twice, since its first answer was lost, finds that it has lost its claim. */
async function patiently(work: () => Promise<void>): Promise<void> {
  for (let tried = 1; ; tried++)
    try {
      return await work()
    } catch (thrown) {
      const isPassing = thrown instanceof OutflowError && isOutOfReach(thrown)
      if (!isPassing || tried === tries) throw thrown
      await pause(1000)
    }
}

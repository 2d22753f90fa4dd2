/**
 * Does what is in a parcel. What comes of it is written down in one transaction with saying that it is done, so that it counts once, whoever
 * else may have had the parcel in hand.
 *
 * @module
 */

import { documentRef } from '../../model/document.ts'
import { type ErrorReport, OutflowError } from '../../model/errors.ts'
import type { Memory } from '../../pipeline/books.ts'
import { type Fulfilled, fulfil, type Outcome, parseAssignments } from '../../pipeline/hands.ts'
import type { Store } from '../../store/index.ts'
import type { Queue, Task } from '../../store/queue.ts'
import type { Machines } from './machines.ts'
import type { ParcelContent } from './parcel-hands.ts'

export interface ParcelOptions {
  readonly store: Store
  readonly queue: Queue
  readonly machines: Machines
  /** Documents of one parcel under way at the same time. */
  readonly concurrency: number
  readonly draining: AbortSignal
}

/** @throws when it has to be tried again */
export async function fulfilParcel(
  task: Task<'parcel'>,
  { store, machines, concurrency, draining }: ParcelOptions,
): Promise<void> {
  const { job, number } = task.data
  const taken = await store.records.parcels.take(number)
  if (!taken) return takeBack(task, store)
  const { route, reprocessAll, assignments } = contentOf(taken.content)
  const machine = await machines.borrow(job, route)
  try {
    const signal = AbortSignal.any([task.signal, draining])
    const { machinery, memory } = machine
    const fulfilled = await fulfil(machinery, assignments, { memory, reprocessAll, concurrency, signal })
    if (task.signal.aborted) throw lostClaim()
    if (draining.aborted && isUnfinished(fulfilled.outcome, assignments.length)) throw lostClaim()
    await writeDown(task, store, memory, fulfilled)
  } finally {
    machine.giveBack()
  }
}

const contentOf = (content: Uint8Array) => parseAssignments<ParcelContent>(new TextDecoder().decode(content))

const isUnfinished = ({ events, fatal }: Outcome, count: number) => !fatal && events.length < count

async function writeDown(
  task: Task<'parcel'>,
  store: Store,
  { workflow }: Memory,
  { outcome, keep, drop }: Fulfilled,
): Promise<void> {
  await store.transaction(async (records) => {
    await records.ledger.record(workflow, outcome.entries)
    await records.ledger.keep(workflow, keep)
    await records.ledger.drop(workflow, drop)
    if (!(await records.parcels.finish(task.data.number, outcome))) throw lostClaim()
    if (!(await task.complete(records))) throw lostClaim()
  })
}

/** Its job is to stop, or goes on without it. */
async function takeBack(task: Task<'parcel'>, store: Store): Promise<void> {
  await store.transaction(async (records) => {
    await records.parcels.finish(task.data.number, null)
    await task.complete(records)
  })
}

/**
 * A parcel whose tries are used up. One of its documents may be what kills whoever touches it: each gets a parcel of its own, so that this one
 * fails alone.
 */
export async function divideParcel(
  task: Task<'parcel-dead'>,
  { store, queue }: ParcelOptions,
): Promise<void> {
  const { job, number } = task.data
  const taken = await store.records.parcels.take(number)
  await store.transaction(async (records) => {
    if (!taken) await records.parcels.finish(number, null)
    else {
      const { assignments, ...rest } = contentOf(taken.content)
      if (assignments.length === 1) await records.parcels.finish(number, givenUp(assignments[0]!.document))
      else {
        const { attempt, tag } = taken
        const parts = assignments.map((assignment) => ({
          ...{ job, attempt, tag, documents: 1 },
          content: new TextEncoder().encode(JSON.stringify({ ...rest, assignments: [assignment] })),
        }))
        const numbers = await records.parcels.insert(parts)
        const tasks = numbers.map((part) => ({ data: { job, number: part }, priority: -Math.round(tag) }))
        await queue.sendAll('parcel', tasks, { within: records })
        await records.parcels.finish(number, { dividedInto: numbers })
      }
    }
    if (!(await task.complete(records))) throw lostClaim()
  })
}

function givenUp(document: Parameters<typeof documentRef>[0]): Outcome {
  const error: ErrorReport = {
    kind: 'bug',
    code: 'document.given_up',
    message: 'Every worker that had this document died, or failed in a way that nobody foresaw.',
    fix: 'See the logs and the memory of the workers. The next run tries it again.',
  }
  return {
    events: [{ type: 'document.failed', document: documentRef(document), stage: 'index', error }],
    entries: [],
  }
}

const lostClaim = () =>
  new OutflowError({
    kind: 'transient',
    code: 'job.claim_lost',
    message: 'Another worker has this parcel now, or this one is to end.',
  })

/**
 * The engine: what a worker does with the tasks of each queue, and what has to be set right when a process starts.
 *
 * @module
 */

import type { Store } from '../../store/index.ts'
import type { Queue, Task } from '../../store/queue.ts'
import { type ConductOptions, conduct, giveUpJob } from './conduct.ts'
import { divideParcel, fulfilParcel, type ParcelOptions } from './fulfil-parcel.ts'
import { createMachines } from './machines.ts'
import type { Openings } from './routes.ts'

/** How much one process does at a time. */
export interface Capacity {
  /** Jobs that it conducts: they mostly wait. Default 16. */
  readonly jobs?: number
  /** Parcels in hand. Default 2. */
  readonly parcels?: number
  /** Documents of one parcel under way. Default 8. */
  readonly documents?: number
}

export interface EngineOptions extends Omit<ConductOptions, 'queue'> {
  readonly store: Store
  readonly queue: Queue
  readonly openings: Openings
  readonly capacity?: Capacity
}

export interface Engine {
  /** Begins to take tasks. */
  work(): Promise<void>
  /** Sets right what a dead process has left: to be called before anybody works, where this is the only process. */
  recover(): Promise<void>
  /** Jobs that are active and have no task any more, as after an import, are put on their way. */
  revive(): Promise<void>
  close(): Promise<void>
}

export function createEngine(options: EngineOptions): Engine {
  const { store, queue, openings, draining, capacity = {} } = options
  const { jobs = 16, parcels = 2, documents = 8 } = capacity
  const machines = createMachines(store, openings)
  const ofParcels: ParcelOptions = { store, queue, machines, concurrency: documents, draining }
  return {
    async work() {
      await queue.work('run', jobs, (task: Task<'run'>) => conduct(task, options))
      await queue.work('parcel', parcels, (task: Task<'parcel'>) => fulfilParcel(task, ofParcels))
      await queue.work('run-dead', 1, (task: Task<'run-dead'>) => giveUpJob(task, options))
      await queue.work('parcel-dead', 1, (task: Task<'parcel-dead'>) => divideParcel(task, ofParcels))
    },
    async recover() {
      await queue.releaseAll()
      await store.records.parcels.releaseAll()
    },
    async revive() {
      for (const { id } of await store.records.jobs.allActive())
        if (!(await queue.isPending('run', { job: id }))) await queue.send('run', { job: id })
    },
    close: machines.close,
  }
}

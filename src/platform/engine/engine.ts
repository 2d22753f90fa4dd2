/**
 * The engine: what a worker does with the tasks of each queue, and what has to be set right when a process starts.
 *
 * @module
 */

import type { Task } from '../../store/queue.ts'
import { type ConductOptions, conduct } from './conduct.ts'
import { divideParcel } from './divide-parcel.ts'
import { giveUpJob } from './end-job.ts'
import { fulfilParcel, type ParcelOptions } from './fulfil-parcel.ts'
import { createMachines } from './machines.ts'
import type { Openings } from './routes.ts'

export interface EngineOptions extends ConductOptions {
  readonly openings: Openings
  /** Documents of one parcel under way at the same time. */
  readonly documents: number
}

export interface Engine {
  conduct(task: Task<'run'>): Promise<void>
  fulfil(task: Task<'parcel'>): Promise<void>
  /** What has used up its tries. */
  giveUp(task: Task<'run-dead'>): Promise<void>
  divide(task: Task<'parcel-dead'>): Promise<void>
  /** Sets right what a dead process has left: to be called before anybody works, where this is the only process. */
  recover(): Promise<void>
  /** Jobs that are active and have no task any more, as after an import, are put on their way. */
  revive(): Promise<void>
  close(): Promise<void>
}

export function createEngine(options: EngineOptions): Engine {
  const { store, queue, openings, draining, documents: concurrency } = options
  const machines = createMachines(store, openings)
  const ofParcels: ParcelOptions = { store, queue, machines, concurrency, draining }
  return {
    conduct: (task) => conduct(task, options),
    fulfil: (task) => fulfilParcel(task, ofParcels),
    giveUp: (task) => giveUpJob(task, options),
    divide: (task) => divideParcel(task, ofParcels),
    recover: () => queue.releaseAll(),
    async revive() {
      for (const { id } of await store.records.jobs.allActive())
        if ((await queue.pending('run', { job: id })).length === 0) await queue.send('run', { job: id })
    },
    close: machines.close,
  }
}

/**
 * Opened sources, steps and destinations, for parcels: many come from one job, and opening a machine for each would cost more than what is in
 * it. A machine that nobody has used for a while is closed.
 *
 * @module
 */

import { OutflowError } from '../../model/errors.ts'
import type { Memory } from '../../pipeline/books.ts'
import { plan } from '../../pipeline/plan.ts'
import type { Machinery } from '../../pipeline/process.ts'
import type { Store } from '../../store/index.ts'
import type { JobRow } from '../../store/jobs.ts'
import type { Activity } from '../activity.ts'
import { activityOf, memoryOfRoute, type Openings, openRoute, routesOf } from './routes.ts'

/** Milliseconds after which an idle machine is closed. */
const idle = 20_000

interface Machine extends Opened {
  giveBack(): void
}

export interface Machines {
  /** @throws {OutflowError} what keeps it from being opened */
  borrow(job: string, route: number): Promise<Machine>
  /** Waits for none that is in use. Idempotent. */
  close(): Promise<void>
}

interface Opened {
  readonly machinery: Machinery
  readonly memory: Memory
  readonly activity: Activity
}

interface Place {
  readonly opened: Promise<Opened>
  borrowers: number
  timer?: NodeJS.Timeout
}

export function createMachines(store: Store, openings: Openings): Machines {
  const places = new Map<string, Place>()
  const lifetime = new AbortController()

  async function open(job: JobRow, place: number): Promise<Opened> {
    const route = routesOf(job)[place]!
    const { source, steps, destination } = await openRoute(openings, job, route)
    const machinery = { source, plan: plan(steps), destination }
    try {
      await destination.open({ signal: lifetime.signal })
    } catch (thrown) {
      await closeMachinery(machinery)
      throw thrown
    }
    const memory = memoryOfRoute(store, job, route, destination)
    return { machinery, memory, activity: activityOf(job, place) }
  }

  async function close(key: string, place: Place): Promise<void> {
    clearTimeout(place.timer)
    forget(key, place)
    const opened = await place.opened.catch(() => undefined)
    if (opened) await closeMachinery(opened.machinery)
  }

  /** Unless there is another one in its place by now. */
  function forget(key: string, place: Place): void {
    if (places.get(key) === place) places.delete(key)
  }

  return {
    async borrow(id, route) {
      const job = await store.records.jobs.find(id)
      if (!job)
        throw new OutflowError({ kind: 'missing', code: 'job.not_found', message: `There is no job ${id}.` })
      const key = `${id} ${job.attempt} ${route}`
      const place = places.get(key) ?? { opened: open(job, route), borrowers: 0 }
      places.set(key, place)
      place.borrowers++
      clearTimeout(place.timer)
      const giveBack = () => {
        if (--place.borrowers === 0) place.timer = setTimeout(() => void close(key, place), idle).unref()
      }
      try {
        return { ...(await place.opened), giveBack }
      } catch (thrown) {
        forget(key, place)
        throw thrown
      }
    },
    async close() {
      lifetime.abort()
      for (const [key, place] of [...places]) await close(key, place)
    },
  }
}

async function closeMachinery({ plan, destination, source }: Machinery): Promise<void> {
  for (const partitioner of plan.partitioners) await partitioner.close?.().catch(() => {})
  await destination.close().catch(() => {})
  await source.close().catch(() => {})
}

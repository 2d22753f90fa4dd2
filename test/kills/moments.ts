/**
 * When a run is killed: somewhere in its whole life, or just while it does something that a kill might spoil.
 *
 * @module
 */

import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { RunEvent } from '../../src/model/events.ts'
import type { Random } from '../../src/sandbox/random.ts'

/** A run that is under way, as it can be watched from outside. */
export interface Watched {
  readonly output: string
  readonly state: string
  /** Aborted when it has ended. */
  readonly over: AbortSignal
  /** Resolves at the nth event that `wanted` picks; never, if there are fewer. */
  event(wanted: (event: RunEvent) => boolean, nth: number): Promise<void>
  /** Resolves when the wiki has answered so many requests of this run. */
  request(nth: number): Promise<void>
}

export interface Moment {
  readonly name: string
  /** Every document is done by then: a second kill would find little to spoil. */
  readonly late?: true
  /** Resolves when it has come. A run that ends before is not killed. */
  readonly wait: (run: Watched, random: Random) => Promise<unknown>
}

const settled: ReadonlySet<RunEvent['type']> = new Set([
  'document.done',
  'document.access_changed',
  'document.removed',
  'document.held',
])

export const moments: readonly Moment[] = [
  { name: 'starting up', wait: (_, random) => setTimeout(random.below(800)) },
  {
    name: 'making the database',
    wait: async ({ state, over }, random) => {
      await until(
        () => existsSync(join(state, 'database.draft')) || existsSync(join(state, 'database')),
        over,
      )
      await setTimeout(random.below(4000))
    },
  },
  {
    name: 'reading what is remembered',
    wait: async (run, random) => {
      await run.event(({ type }) => type === 'job.started', 1)
      await setTimeout(random.below(300))
    },
  },
  { name: 'listing', wait: (run, random) => run.request(1 + random.below(25)) },
  {
    name: 'processing the first',
    wait: (run, random) => run.event(({ type }) => settled.has(type), 1 + random.below(150)),
  },
  {
    name: 'processing',
    wait: (run, random) => run.event(({ type }) => settled.has(type), 1 + random.below(800)),
  },
  {
    name: 'writing the report',
    late: true,
    wait: async ({ output, over }, random) => {
      const report = join(output, '_outflow', 'job.json')
      const before = changedAt(report)
      await until(() => changedAt(report) !== before, over)
      await setTimeout(random.below(60))
    },
  },
  {
    name: 'closing',
    late: true,
    wait: async (run, random) => {
      await run.event(({ type }) => type === 'job.finished', 1)
      await setTimeout(random.below(150))
    },
  },
  { name: 'anywhere', wait: (_, random) => setTimeout(random.below(6000)) },
]

const changedAt = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs

/** Looks often: some of these moments are over in milliseconds. */
export async function until(come: () => boolean, over: AbortSignal): Promise<void> {
  while (!come() && !over.aborted) await setTimeout(2)
}

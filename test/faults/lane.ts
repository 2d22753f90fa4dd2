/**
 * One site on which runs go wrong one after the other. Between two of them the wiki is turned over, so that each run has changes to
 * find.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import files from '../../src/destinations/files.ts'
import type { JobFinished, NotDone, RunEvent } from '../../src/model/events.ts'
import type { Ledger, LedgerEntry } from '../../src/model/ledger.ts'
import html from '../../src/partition/html.ts'
import { run } from '../../src/pipeline/run.ts'
import { dataCenterWorld } from '../../src/sandbox/data-center/world.ts'
import { type Fault, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import type { World } from '../../src/sandbox/world.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { type Flavour, newFolder, readStored, type Stored } from '../second-run/scene.ts'
import type { State } from './kinds.ts'
import { narrow } from './narrow.ts'
import { faultWiki } from './wiki.ts'

/** What a run did, and what it left behind. */
export interface Ran {
  readonly events: readonly RunEvent[]
  readonly job: JobFinished
  readonly notDone: readonly NotDone[]
  /** Requests by method, path and query, decoded, in order. */
  readonly requests: readonly string[]
  readonly stored: Stored
}

/** A destination, and what is remembered of it. */
export interface Place {
  run(faults?: readonly Fault[], timeout?: number): Promise<Ran>
  entries(): Promise<readonly LedgerEntry[]>
}

export interface Lane {
  readonly flavour: Flavour
  /** The world that the site decides by. */
  readonly truth: World
  /** Ids of the pages that show something of others. */
  readonly lookers: ReadonlySet<string>
  state(): State
  /** Turns the wiki over. */
  turn(): void
  /** What a run from nothing makes of the wiki as it is. */
  fresh(): Promise<Stored>
  /** An empty one. */
  place(): Promise<Place>
  close(): Promise<void>
}

type LaneOptions = Omit<SandboxOptions, 'world'> & { readonly ledger: Ledger }

/** How many items a list gives at once, however many it is asked for: so few that each has two pages at least. */
const most = (line: string) => {
  if (/role-assignments/.test(line)) return 1
  return /blogpost|comment|\/spaces?\?|member|byOperation|space-roles|\/group\?/.test(line) ? 2 : 6
}

export async function openLane({ ledger, ...options }: LaneOptions): Promise<Lane> {
  const { flavour } = options
  const { world, lookers, turn } = faultWiki(flavour)
  const sandbox = await startSandbox({ ...options, world, traps: { restrictionListSize: 2 } })
  const { username, api_token, password } = sandbox.credentials
  const pipe = await narrow(sandbox.url, most)
  const known = new Map<State, Promise<Stored>>()
  let state: State = 'before'

  async function runInto(folder: string, memory: boolean, timeout = 30): Promise<Ran> {
    sandbox.stats.reset()
    const events: RunEvent[] = []
    const workflow = {
      source: confluence({
        ...(flavour === 'cloud' ? { username, api_token } : { username, password }),
        ...{ url: pipe.origin, cloud: flavour === 'cloud', max_num_of_docs_from_each_space: 0, timeout },
      }),
      steps: [html({})],
      destination: files({ output_dir: folder }),
    }
    const options = memory ? { memory: { ledger, workflow: folder } } : {}
    for await (const event of run(workflow, options)) events.push(event)
    const report = await readFile(join(folder, '_outflow', 'job.json'), 'utf8')
    return {
      events,
      job: events.at(-1) as JobFinished,
      notDone: (JSON.parse(report) as { not_done: readonly NotDone[] }).not_done,
      requests: sandbox.stats.read().recorded.map(({ method, path, query }) => {
        const asked = query.map((pair) => pair.join('=')).join('&')
        return `${method} ${decodeURIComponent(path)}${asked === '' ? '' : `?${asked}`}`
      }),
      stored: await readStored(folder),
    }
  }

  return {
    flavour,
    truth: flavour === 'cloud' ? world : dataCenterWorld(world),
    lookers,
    state: () => state,
    turn() {
      state = state === 'before' ? 'after' : 'before'
      turn()
    },
    fresh() {
      const stored =
        known.get(state) ?? newFolder().then(async (folder) => (await runInto(folder, false)).stored)
      known.set(state, stored)
      return stored
    },
    async place() {
      const folder = await newFolder()
      return {
        async run(faults = [], timeout) {
          const heal = faults.map((fault) => sandbox.addFault(fault))
          try {
            return await runInto(folder, true, timeout)
          } finally {
            for (const each of heal) each()
          }
        },
        async entries() {
          const { signal } = new AbortController()
          const entries: LedgerEntry[] = []
          for await (const batch of ledger.entries(folder, { signal })) entries.push(...batch)
          return entries
        },
      }
    },
    async close() {
      await pipe.close()
      await sandbox.close()
    },
  }
}

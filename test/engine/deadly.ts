/**
 * A program: a worker of its own that dies of one document, as it would of one that fits into no memory. On a state folder it ends when there
 * is no job left.
 * `node deadly.ts '{"place": {…}, "does": ["conduct", "fulfil"], "documents": 30, "deadly": 7}'`
 *
 * @module
 */

import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Destination, Source } from '../../src/model/contracts.ts'
import type { Document } from '../../src/model/document.ts'
import { OutflowError } from '../../src/model/errors.ts'
import html from '../../src/partition/html.ts'
import { createEngine } from '../../src/platform/engine/engine.ts'
import type { Openings } from '../../src/platform/engine/routes.ts'
import { openStore, type StatePlace } from '../../src/store/index.ts'
import { documentOf } from '../destinations/samples.ts'

export interface DeadlyWorker {
  readonly place: StatePlace
  /** What it does. */
  readonly does: readonly ('conduct' | 'fulfil')[]
  readonly documents: number
  /** Number of the document that it dies of. */
  readonly deadly: number
  /** Whoever opens its destination is refused. */
  readonly refused?: boolean
  /** Of parcels. Default: 2. */
  readonly atOnce?: number
  /** Tries of a parcel after the first. Default: as ever. */
  readonly retries?: number
}

const {
  place,
  does,
  documents,
  deadly,
  refused = false,
  atOnce = 2,
  retries,
} = JSON.parse(process.argv[2]!) as DeadlyWorker

const source: Source = {
  role: 'source',
  name: 'numbers',
  checks: () => [],
  async *index() {
    for (let number = 0; number < documents; number++)
      yield { type: 'document', document: documentOf(number) }
  },
  async download({ id }: Document) {
    if (id === documentOf(deadly).id) process.kill(process.pid, 'SIGKILL')
    return { mediaType: 'text/html', bytes: 10, body: { text: '<p>Text</p>' } }
  },
  usage: () => ({ requests: 0, retries: 0, waitedSeconds: 0 }),
  close: async () => {},
}

const destination: Destination = {
  role: 'destination',
  name: 'nowhere',
  identity: 'nowhere',
  async open() {
    if (refused) throw new OutflowError({ kind: 'config', code: 'nowhere.refused', message: 'Not here.' })
  },
  upload: async ({ id }) => id,
  finish: async () => {},
  close: async () => {},
}

const openings: Openings = {
  source: async () => source,
  steps: async () => [html({})],
  destination: async () => destination,
}

const draining = new AbortController()
const store = await openStore(place)
const queue = await store.openQueue()
const engine = createEngine({
  ...{ store, queue, openings, documents: 2, progressEvery: 30, draining: draining.signal },
  news: async () => {},
  hear: () => {},
})
if ('stateDir' in place) await engine.recover()
if (retries !== undefined)
  await sql`update outflow_queue.queue set retry_limit = ${retries} where name = 'parcel'`.execute(
    store.records.tables,
  )
if (does.includes('conduct')) await queue.work('run', 1, (task) => engine.conduct(task))
if (does.includes('fulfil')) await queue.work('parcel', atOnce, (task) => engine.fulfil(task))
await queue.work('parcel-dead', 1, (task) => engine.divide(task))
console.log('ready')
if ('stateDir' in place) {
  while ((await store.records.jobs.allActive()).length > 0) await pause(200)
  await queue.stop(5)
  await store.close()
}

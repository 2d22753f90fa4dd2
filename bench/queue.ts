/**
 * A million documents waiting: how fast they are put on their way, how long it takes to say how far a job is, and to take them back.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { openStore, type Store } from '../src/store/index.ts'
import type { Queue } from '../src/store/queue.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { options } from './options.ts'

/** Milliseconds that it may take to say how far a job is. */
const progressLimit = 200

const batch = 100

/** `--documents N`, `--each N` in a parcel. */
export default async function benchmarkQueue(args: string[]): Promise<Record<string, unknown>> {
  const { documents, each } = options(args, { documents: 1_000_000, each: 25 })
  const server = await startPostgres()
  if (!server) throw new Error('PostgreSQL is not installed.')
  const store = await openStore({ databaseUrl: await server.newDatabase() })
  const queue = await store.openQueue()
  try {
    const job = await begin(store)
    const before = process.memoryUsage().rss
    const enqueue = await seconds(() => fill(store, queue, job, documents, each))
    const progress = await worstOf(20, async () => {
      await store.records.jobs.find(job)
      await store.records.parcels.countOpen(job)
      await queue.depths()
    })
    const cancel = await seconds(async () => {
      await queue.cancel('parcel', { job })
      await store.records.parcels.withdraw(job)
    })
    const left = await store.records.parcels.countOpen(job)
    if (left.parcels !== 0) throw new Error(`${left.parcels} parcels are left.`)
    const grown = (process.memoryUsage().rss - before) / 1e6
    console.log(`${documents} documents in ${documents / each} parcels`)
    console.log(`put on their way  ${Math.round(documents / enqueue)} documents/s`)
    console.log(`how far it is     ${progress.toFixed(0)} ms, the slowest of 20 (limit ${progressLimit})`)
    console.log(`taken back        ${cancel.toFixed(1)} s`)
    console.log(`memory            ${grown.toFixed(0)} MB more`)
    console.log(progress <= progressLimit ? 'met' : 'missed')
    return { documents, each, enqueuePerSecond: Math.round(documents / enqueue), progress, cancel, grown }
  } finally {
    await queue.stop(1)
    await store.close()
    await server.stop()
  }
}

async function begin({ records }: Store): Promise<string> {
  const id = randomUUID()
  const plan = { sources: ['source'], destinations: ['destination'], nodes: [] }
  await records.jobs.insert({
    ...{ id, workspace: 'bench', workflow: randomUUID(), workflowName: 'bench', jobType: 'persistent' },
    ...{ plan, options: {} },
  })
  await records.jobs.begin(id)
  return id
}

async function fill(store: Store, queue: Queue, job: string, documents: number, each: number): Promise<void> {
  const content = new TextEncoder().encode(JSON.stringify({ assignments: 'x'.repeat(2000) }))
  let tag = await store.records.parcels.front()
  for (let made = 0; made < documents; made += batch * each)
    await store.transaction(async (records) => {
      const count = Math.min(batch, Math.ceil((documents - made) / each))
      const parcels = Array.from({ length: count }, () => ({
        ...{ job, attempt: 1, documents: each, content },
        tag: ++tag,
      }))
      const numbers = await records.parcels.insert(parcels)
      const tasks = numbers.map((number, at) => ({
        data: { job, number },
        priority: -Math.round(parcels[at]!.tag),
      }))
      await queue.sendAll('parcel', tasks, { within: records })
    })
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

/** In milliseconds. */
async function worstOf(times: number, work: () => Promise<unknown>): Promise<number> {
  let worst = 0
  for (let time = 0; time < times; time++) worst = Math.max(worst, (await seconds(work)) * 1000)
  return worst
}

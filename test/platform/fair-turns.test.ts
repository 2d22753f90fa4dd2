import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHeard } from '../../src/platform/engine/heard.ts'
import { openParcelHands } from '../../src/platform/engine/parcel-hands.ts'
import type { Store } from '../../src/store/index.ts'
import type { JobRow } from '../../src/store/jobs.ts'
import type { Queue } from '../../src/store/queue.ts'
import { documentOf } from '../destinations/samples.ts'
import { onBothDatabases, postgresServer } from './stores.ts'

const server = await postgresServer()

/** Parcels are full with so many documents. */
const full = 25
const signal = new AbortController().signal

onBothDatabases((newStore) => {
  let store: Store
  let queue: Queue

  beforeAll(async () => {
    store = await newStore()
    queue = await store.openQueue()
  })
  afterAll(async () => {
    await queue?.stop(1)
  })

  async function begin(workspace: string): Promise<JobRow> {
    const id = randomUUID()
    await store.records.jobs.insert({
      ...{ id, workspace, workflow: randomUUID(), workflowName: workspace, jobType: 'persistent' },
      ...{ plan: { sources: [], destinations: [], nodes: [] }, options: {} },
    })
    return (await store.records.jobs.begin(id))!
  }

  async function give(job: JobRow, parcels: number, jobsOfWorkspace: number): Promise<void> {
    const weight = () => jobsOfWorkspace
    const hands = openParcelHands({
      ...{ store, queue, job, route: 0, reprocessAll: false, weight },
      ...{ heard: createHeard(), deaths: new Map(), onTakenBack: () => {}, leaving: signal },
    })(() => {}, { signal })
    for (let number = 0; number < parcels * full; number++)
      await hands.give({ document: documentOf(number), stale: false })
  }

  it('shares turns between five workspaces with fifty jobs, whoever was first and whoever has most', async () => {
    const jobs = [30, 5, 5, 5, 5]
    const workspaceOf = new Map<string, string>()
    for (const [number, count] of jobs.entries()) {
      const workspace = `workspace ${number}`
      const own = await Promise.all(Array.from({ length: count }, () => begin(workspace)))
      for (const job of own) workspaceOf.set(job.id, workspace)
      await Promise.all(own.map((job) => give(job, 4, count)))
    }
    const order: string[] = []
    const all = jobs.reduce((sum, count) => sum + count * 4, 0)
    const finished = Promise.withResolvers<void>()
    await queue.work('parcel', 1, async (task) => {
      order.push(workspaceOf.get(task.data.job)!)
      await store.transaction(async (records) => {
        await records.parcels.finish(task.data.number, null)
        await task.complete(records)
      })
      if (order.length === all) finished.resolve()
    })
    await finished.promise
    // The four small ones have 20 parcels each. While all five have some, each gets a fifth of the turns.
    const whileAll = order.slice(0, 90)
    for (const number of jobs.keys()) {
      const turns = whileAll.filter((workspace) => workspace === `workspace ${number}`).length
      expect(turns, `workspace ${number}`).toBeGreaterThanOrEqual(12)
      expect(turns, `workspace ${number}`).toBeLessThanOrEqual(26)
    }
    // What the others leave is the first one's.
    expect(order.slice(-60).every((workspace) => workspace === 'workspace 0')).toBe(true)
  })
}, server)

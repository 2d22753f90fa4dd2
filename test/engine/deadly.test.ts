/** Workers that cannot do what is in a parcel: since one of its documents kills them, or since they cannot reach where it goes. */

import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { openStore, type StatePlace, type Store } from '../../src/store/index.ts'
import { documentOf } from '../destinations/samples.ts'
import { newPath } from '../store/folders.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import type { DeadlyWorker } from './deadly.ts'

const server = await startPostgres()
afterAll(() => server?.stop())

const documents = 60
const deadly = 13
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

async function startWorker(worker: Omit<DeadlyWorker, 'documents' | 'deadly'>): Promise<ChildProcess> {
  const given: DeadlyWorker = { ...worker, documents, deadly }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'deadly.ts'), JSON.stringify(given)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  await Promise.race([once(createInterface({ input: child.stdout }), 'line'), once(child, 'exit')])
  return child
}

async function newJob(place: StatePlace): Promise<string> {
  await using store = await openStore(place)
  const queue = await store.openQueue({ supervise: false })
  const id = randomUUID()
  await store.transaction(async (records) => {
    await records.jobs.insert({
      ...{ id, workspace: 'deadly', workflow: randomUUID(), workflowName: 'deadly', jobType: 'persistent' },
      ...{ plan: { sources: [], destinations: [], nodes: [] }, options: {} },
    })
    await queue.send('run', { job: id }, { within: records })
  })
  await queue.stop(1)
  return id
}

async function expectOneFailure({ records }: Store, job: string): Promise<void> {
  expect(await records.jobs.find(job)).toMatchObject({
    state: 'finished_with_failures',
    coverage: { found: documents, done: documents - 1, failed: 1 },
  })
  const failed = await records.story.documents(job, { state: 'failed', limit: 10 })
  expect(failed.map(({ event }) => event)).toMatchObject([
    { document: { id: documentOf(deadly).id }, error: { code: 'document.given_up' } },
  ])
}

describe('a document that kills its worker', () => {
  it('fails alone where the whole service dies with it', async () => {
    const place = { stateDir: await newPath() }
    const job = await newJob(place)
    let deaths = -1
    let child: ChildProcess
    do {
      child = await startWorker({ place, does: ['conduct', 'fulfil'] })
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      deaths++
    } while (child.signalCode !== null)
    expect(child.exitCode).toBe(0)
    await using store = await openStore(place)
    await expectOneFailure(store, job)
    // Once with others, and then alone; a parcel of the try before may be taken once more before the job begins anew.
    expect(deaths).toBeLessThanOrEqual(7)
  }, 120_000)

  it.skipIf(!server)(
    `fails alone where the job's conductor lives ${server ? '' : noPostgres}`,
    async () => {
      const place = { databaseUrl: await server!.newDatabase() }
      const job = await newJob(place)
      // As often as ever would take minutes. Two at once would die together, and without another try nobody would know of which.
      const hand = { place, does: ['fulfil'], retries: 0, atOnce: 1 } as const
      await startWorker({ place, does: ['conduct'], retries: 0 })
      await using store = await openStore(place)
      let deaths = 0
      let child = await startWorker(hand)
      while ((await store.records.jobs.find(job))!.state === 'running' || deaths === 0) {
        if (child.signalCode !== null) {
          deaths++
          child = await startWorker(hand)
        }
        await pause(200)
      }
      await expectOneFailure(store, job)
      // With others, and alone.
      expect(deaths).toBe(2)
    },
    120_000,
  )
})

it.skipIf(!server)(
  `a worker that is refused by the destination stops the job, and says why ${server ? '' : noPostgres}`,
  async () => {
    const place = { databaseUrl: await server!.newDatabase() }
    const job = await newJob(place)
    await startWorker({ place, does: ['fulfil'], refused: true })
    await startWorker({ place, does: ['conduct'] })
    await using store = await openStore(place)
    const find = () => store.records.jobs.find(job)
    await expect
      .poll(async () => (await find())?.state, { timeout: 20_000 })
      .not.toBeOneOf(['queued', 'running'])
    const { found, failed } = (await find())!.coverage!
    expect(await find()).toMatchObject({ state: 'failed', error: { code: 'nowhere.refused' } })
    expect({ found, failed }).toEqual({ found: documents, failed: found })
  },
  40_000,
)

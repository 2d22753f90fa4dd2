/** What happens to a job when somebody does just this to its workers. */

import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MemoryWorld, memoryWorld } from '../../src/sandbox/index.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import type { WorldNode } from '../../src/sandbox/world.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { type JobAnswer, sumOf } from './client.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { end, type Running } from './processes.ts'

const server = await startPostgres()
afterAll(() => server?.stop())

const pages = 100
/** Seconds for each document, and documents under way in a worker: a parcel of 25 takes two and a half. */
const slowness = 0.2
const slowly = ['--parcels', '1', '--documents', '2'] as const

interface Wiki {
  readonly world: MemoryWorld
  readonly pages: readonly WorldNode[]
}

function wiki(): Wiki {
  const world = memoryWorld({ name: 'Directed' })
  const space = world.addSpace('DIR', 'Directed')
  world.grant(space, 'all-licensed-users', VIEW)
  world.grant(space, world.crawler, ADMINISTER)
  const body = (number: number) => `<p>First words of page ${number}.</p>`
  const home = world.addPage(space, 'Home', { body: body(0) })
  space.homepageId = home.id
  const below = Array.from({ length: pages - 1 }, (_, nth) =>
    world.addPage(home, `Page ${nth + 1}`, { body: body(nth + 1) }),
  )
  return { world, pages: [home, ...below] }
}

const done = ({ coverage }: JobAnswer) => coverage?.done ?? 0
const atLeast = (count: number) => (job: JobAnswer) => done(job) >= count

describe.skipIf(!server)(`a job ${server ? '' : noPostgres}`, () => {
  const site = wiki()
  let cluster: Cluster
  let scheduled: string
  let scheduledAt: number
  let tables = 0

  beforeAll(async () => {
    cluster = await startCluster(server!, { world: site.world })
    const [first] = await startWorkers(2)
    const workflow = await cluster.workflowInto('template')
    await cluster.client.ended((await cluster.client.run(workflow)).id)
    scheduled = await cluster.workflowInto('scheduled', { schedule: '* * * * *' })
    scheduledAt = Date.now()
    await stopAll()
    expect(first!.child.signalCode).toBe('SIGKILL')
  }, 90_000)
  afterAll(() => cluster?.close())

  const startWorkers = (count: number): Promise<Running[]> =>
    Promise.all(Array.from({ length: count }, () => cluster.startWorker(...slowly)))

  async function stopAll(): Promise<void> {
    for (const worker of [...cluster.workers]) await cluster.kill(worker)
  }

  async function slowWorkflow(more?: object): Promise<{ readonly workflow: string; readonly table: string }> {
    const table = `slow_${++tables}`
    await cluster.tables.makeSlow(table, 'template', slowness)
    return { table, workflow: await cluster.workflowInto(table, more) }
  }

  /** With nothing else in the way, of an earlier test. */
  async function withWorkers(count: number): Promise<Running[]> {
    await stopAll()
    return startWorkers(count)
  }

  it('that nobody has begun is stopped at once', async () => {
    const { client } = cluster
    await stopAll()
    const { workflow } = await slowWorkflow()
    const { id } = await client.run(workflow)
    await client.call('POST', `/jobs/${id}/cancel`)
    expect(await client.job(id)).toMatchObject({ state: 'stopped' })
    expect((await client.events(id)).map(({ event }) => event.type)).toEqual(['job.finished'])
  }, 60_000)

  it('ends soon after it was cancelled, and the next one does the rest', async () => {
    const { client } = cluster
    await withWorkers(2)
    const { workflow, table } = await slowWorkflow()
    const { id } = await client.run(workflow)
    await client.until(id, atLeast(25))
    const asked = performance.now()
    await client.call('POST', `/jobs/${id}/cancel`)
    const stopped = await client.ended(id)
    expect(performance.now() - asked).toBeLessThan(4000)
    expect(stopped).toMatchObject({ state: 'stopped', coverage: { found: pages } })
    expect(sumOf(stopped)).toBe(pages)
    expect(done(stopped)).toBeLessThan(pages)
    const interrupted = await client.documents(id, 'failed')
    expect(new Set([...interrupted.values()].map(({ error }) => error?.code))).toEqual(
      new Set(['run.interrupted']),
    )

    const next = await client.ended((await client.run(workflow)).id)
    expect(next).toMatchObject({
      state: 'finished',
      coverage: { found: pages, done: pages - done(stopped), unchanged: done(stopped) },
    })
    expectOnce(await cluster.tables.writes(table))
  }, 90_000)

  it('goes on elsewhere when its workers are told to end, and nothing is done twice', async () => {
    const { client } = cluster
    const old = await withWorkers(2)
    const { workflow, table } = await slowWorkflow()
    const { id } = await client.run(workflow)
    for (const [nth, worker] of old.entries()) {
      await client.until(id, atLeast(10 + 20 * nth))
      const [asked, , outcome] = [performance.now(), await startWorkers(1), await end(worker, 'SIGTERM')]
      expect(outcome.code).toBe(0)
      expect(performance.now() - asked).toBeLessThan(15_000)
    }
    const ended = await client.ended(id)
    expect(ended).toMatchObject({ state: 'finished', coverage: { found: pages, done: pages } })
    const told = (await client.events(id)).map(({ event }) => event.type)
    expect(told).not.toContain('document.failed')
    expect(told.filter((type) => type === 'document.done')).toHaveLength(pages)
    expectOnce(await cluster.tables.writes(table))
  }, 90_000)

  it.each([false, true])(
    'counts what was done before its workers died (everything again: %s)',
    async (again) => {
      const { client } = cluster
      await withWorkers(1)
      const { workflow, table } = await slowWorkflow({ reprocess_all: again })
      if (again) await client.ended((await client.run(workflow)).id)
      const before = await cluster.tables.writes(table)
      const { id } = await client.run(workflow)
      const killed = await client.until(id, atLeast(50))
      await withWorkers(1)
      const ended = await client.ended(id)
      expect(ended).toMatchObject({
        state: 'finished',
        coverage: { found: pages, done: pages, unchanged: 0 },
      })
      const after = await cluster.tables.writes(table)
      const twice = [...after].filter(([document, times]) => times - (before.get(document) ?? 0) > 1)
      // What was in hand, and nothing else.
      expect(twice.length).toBeLessThanOrEqual(Math.min(25, pages - done(killed)))
      expect(await client.documents(id, 'done')).toHaveProperty('size', pages)
    },
    120_000,
  )

  it('is one, however many ask for it', async () => {
    const { client } = cluster
    await withWorkers(2)
    const { workflow } = await slowWorkflow()
    const asked = await Promise.all(Array.from({ length: 20 }, () => client.run(workflow)))
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1)
    const { id } = asked[0]!
    await client.until(id, atLeast(1))
    expect((await client.run(workflow)).id).toBe(id)
    await client.call('POST', `/jobs/${id}/cancel`)
    await client.ended(id)
    const jobs = await client.call<JobAnswer[]>('GET', `/jobs/?workflow_id=${workflow}`)
    expect(jobs.map((job) => job.id)).toEqual([id])
  }, 60_000)

  it('is not touched by a worker that stood still while another one did it', async () => {
    const { client, tables: destination } = cluster
    const [sleeper] = await withWorkers(1)
    const { workflow, table } = await slowWorkflow()
    const { id } = await client.run(workflow)
    await client.until(id, atLeast(25))
    sleeper!.child.kill('SIGSTOP')
    await startWorkers(1)
    expect(await client.ended(id)).toMatchObject({
      state: 'finished',
      coverage: { found: pages, done: pages },
    })
    for (const page of site.pages) site.world.edit(page, `<p>Other words of ${page.title}.</p>`)
    const second = await client.ended((await client.run(workflow)).id)
    expect(second).toMatchObject({ state: 'finished', coverage: { found: pages, done: pages } })
    const before = await destination.read(table)
    expect([...before.values()].filter((rows) => rows.includes('First words'))).toEqual([])

    sleeper!.child.kill('SIGCONT')
    await pause(6000)
    expect(await destination.read(table)).toEqual(before)
    expect(await client.job(id)).toMatchObject({ coverage: { found: pages, done: pages } })
    const third = await client.ended((await client.run(workflow)).id)
    expect(third).toMatchObject({ state: 'finished', coverage: { found: pages, unchanged: pages } })

    // It is as good as any other one again.
    for (const worker of cluster.workers.filter((each) => each !== sleeper)) await cluster.kill(worker)
    for (const page of site.pages.slice(0, 5)) site.world.edit(page, '<p>Last words.</p>')
    const fourth = await client.ended((await client.run(workflow)).id)
    expect(fourth).toMatchObject({ state: 'finished', coverage: { done: 5, unchanged: pages - 5 } })
  }, 180_000)

  it('is made once a minute where the schedule says so, whoever looks after it', async () => {
    const { client } = cluster
    await withWorkers(2)
    const jobs = () => client.call<JobAnswer[]>('GET', `/jobs/?workflow_id=${scheduled}`)
    await expect
      .poll(async () => (await jobs()).length, { timeout: 70_000, interval: 500 })
      .toBeGreaterThan(0)
    await pause(3000)
    const made = await jobs()
    expect(new Set(made.map(({ job_type }) => job_type))).toEqual(new Set(['scheduled']))
    const minutes = (time: number) => Math.floor(time / 60_000)
    // One for each minute that began meanwhile, and one for the minute in which the schedule was made.
    expect(made.length).toBeLessThanOrEqual(1 + minutes(Date.now()) - minutes(scheduledAt))
  }, 90_000)
})

function expectOnce(writes: ReadonlyMap<string, number>): void {
  expect([...writes].filter(([, times]) => times !== 1)).toEqual([])
  expect(writes.size).toBe(pages)
}

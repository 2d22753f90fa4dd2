/**
 * One job over several workers, which are killed at random moments while the database is started again and killed: it ends as one does that
 * nobody touched.
 *
 * OUTFLOW_TEST_ENGINE_KILLS: how many workers are killed. Default 3.
 * OUTFLOW_TEST_ENGINE_RESTARTS: how often the database is started again; the last time, it was killed. Default 1.
 * OUTFLOW_TEST_ENGINE_PAGES: how many pages the wiki has. Default 200.
 * OUTFLOW_TEST_SEED: decides the moments. Default 1.
 */

import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generatedWorld } from '../../src/sandbox/index.ts'
import { type Random, randomFrom } from '../../src/sandbox/random.ts'
import { noPostgres, startPostgres } from '../support/postgres.ts'
import { type JobAnswer, sumOf } from './client.ts'
import { type Cluster, startCluster } from './cluster.ts'

const {
  OUTFLOW_TEST_ENGINE_KILLS,
  OUTFLOW_TEST_ENGINE_RESTARTS,
  OUTFLOW_TEST_ENGINE_PAGES,
  OUTFLOW_TEST_SEED,
} = process.env
const kills = Number(OUTFLOW_TEST_ENGINE_KILLS ?? 3)
const restarts = Number(OUTFLOW_TEST_ENGINE_RESTARTS ?? 1)
const pages = Number(OUTFLOW_TEST_ENGINE_PAGES ?? 200)
const seed = Number(OUTFLOW_TEST_SEED ?? 1)
const isToTell = OUTFLOW_TEST_ENGINE_KILLS !== undefined

const workers = 3
/** Seconds that the job may take: whoever dies is missed after ten, and looked for every ten. */
const patience = 60 + (kills + restarts) * 45 + pages / 10

const server = await startPostgres()
afterAll(() => server?.stop())

describe.skipIf(!server)(`a job whose workers and database die ${server ? '' : noPostgres}`, () => {
  let cluster: Cluster
  beforeAll(async () => {
    const world = generatedWorld({ pages, spaces: 4, flavour: 'data-center', bodySize: [500, 4000] })
    cluster = await startCluster(server!, { world })
    for (let count = 0; count < workers; count++) await startWorker(cluster)
  }, 60_000)
  afterAll(() => cluster.close())

  it(
    'ends as one that nobody touched',
    async () => {
      const { client, tables } = cluster
      const undisturbed = await client.run(await cluster.workflowInto('undisturbed'))
      const reference = await client.ended(undisturbed.id, 60 + pages / 10)
      expect(reference).toMatchObject({ state: 'finished', coverage: { found: pages, done: pages } })

      await tables.makeSlow('disturbed', 'undisturbed', pages > 1000 ? 0.02 : 0.3)
      const workflow = await cluster.workflowInto('disturbed')
      const { id } = await client.run(workflow)
      const began = performance.now()
      await disturb(cluster, id, randomFrom(seed))
      const ended = await client.ended(id, patience)
      if (isToTell)
        console.log(`ended after ${Math.round((performance.now() - began) / 1000)} s`, ended.coverage)

      expect(ended).toMatchObject({ state: 'finished', coverage: { found: pages, done: pages } })
      expect(sumOf(ended)).toBe(pages)
      expectEqual(await tables.read('disturbed'), await tables.read('undisturbed'))
      const numbers = (await client.events(id)).map(({ number }) => number)
      expect(numbers).toEqual(numbers.map((_, place) => place + 1))
      expect((await client.documents(id, 'done')).size).toBe(pages)

      const second = await client.ended((await client.run(workflow)).id, 60 + pages / 10)
      expect(second).toMatchObject({ state: 'finished', coverage: { found: pages, unchanged: pages } })
      if (isToTell) console.log('written more than once', moreThanOnce(await tables.writes('disturbed')))
    },
    (patience + 180 + pages / 5) * 1000,
  )
})

/** Kills and restarts, spread over the job as it goes on; now and then two at once. */
async function disturb(cluster: Cluster, job: string, random: Random): Promise<void> {
  const { client, workers: alive } = cluster
  const deeds: ('kill' | 'restart' | 'crash')[] = Array.from({ length: kills }, () => 'kill')
  for (let nth = 1; nth <= restarts; nth++)
    deeds.splice(random.below(deeds.length + 1), 0, nth === restarts ? 'crash' : 'restart')
  let done = 0
  for (const [nth, deed] of deeds.entries()) {
    const atOnce = nth > 0 && random.chance(0.3)
    // The last parcels are in hand long before they are done.
    const step = (0.75 * pages - done) / (deeds.length - nth)
    const wanted = atOnce ? 0 : done + random.share() * step
    const before = await client.until(job, (now) => isOver(now) || doneOf(now) > wanted, patience)
    done = doneOf(before)
    await pause(random.below(1500))
    expect(before.state, `before ${deed} ${nth + 1} of ${deeds.length}`).toBe('running')
    if (isToTell) console.log(deed, 'at', doneOf(before), atOnce ? '(at once)' : '')
    if (deed === 'kill') {
      await cluster.kill(random.pick(alive))
      await startWorker(cluster)
    } else await server!.restart(deed === 'crash' ? 'SIGKILL' : 'SIGINT')
  }
}

/** With less in hand at a time than by default, so that a small job has many moments, too. */
const startWorker = (cluster: Cluster) =>
  pages > 1000 ? cluster.startWorker() : cluster.startWorker('--parcels', '1', '--documents', '2')

const isOver = ({ state }: JobAnswer) => state !== 'queued' && state !== 'running'
const doneOf = ({ coverage }: JobAnswer) => coverage?.done ?? 0

const moreThanOnce = (writes: ReadonlyMap<string, number>) =>
  [...writes.values()].filter((times) => times > 1).length

/** Names what differs, instead of printing all documents. */
function expectEqual(found: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): void {
  const names = new Set([...found.keys(), ...wanted.keys()])
  const different = [...names].filter((name) => found.get(name) !== wanted.get(name))
  expect(different.slice(0, 3).map((name) => [name, found.get(name), wanted.get(name)])).toEqual([])
}

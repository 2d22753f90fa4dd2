/**
 * Jobs of a service of one process on its own database. It is killed at random moments, some of them while it starts: the job ends as one does
 * that nobody touched.
 *
 * OUTFLOW_TEST_ENGINE_KILLS: how often. Default 3.
 * OUTFLOW_TEST_ENGINE_PAGES: how many pages the wiki has. Default 600.
 * OUTFLOW_TEST_SEED: decides the moments. Default 1.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { generatedWorld, type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { randomFrom } from '../../src/sandbox/random.ts'
import { startOutflow } from '../cli/outflow.ts'
import { readFiles } from '../kills/place.ts'
import { createClient, type JobAnswer, sumOf } from './client.ts'
import { partitioner } from './cluster.ts'
import { end, environmentOf, type Running, start } from './processes.ts'

const { OUTFLOW_TEST_ENGINE_KILLS, OUTFLOW_TEST_ENGINE_PAGES, OUTFLOW_TEST_SEED } = process.env
const kills = Number(OUTFLOW_TEST_ENGINE_KILLS ?? 3)
const pages = Number(OUTFLOW_TEST_ENGINE_PAGES ?? 600)
const random = randomFrom(Number(OUTFLOW_TEST_SEED ?? 1))
const isToTell = OUTFLOW_TEST_ENGINE_KILLS !== undefined
const patience = 120 + kills * 20 + pages / 5

let folder: string
let sandbox: Sandbox
let serving: Running
let apiKey = ''
const environment = {}
// With little in hand at a time, so that a small job has many moments, too.
const capacity = pages > 1000 ? [] : ['--parcels', '1', '--documents', '1']
const command = () => ['serve', '--state', join(folder, 'state'), '--port', '0', ...capacity]
const client = createClient(() => ({ url: serving.url, apiKey }))

async function serve(): Promise<void> {
  serving = await start(command(), { folder, environment })
  apiKey ||= serving.apiKey ?? ''
}

/** Starts it only to kill it, before it says that it is ready or just after. */
async function killWhileItStarts(): Promise<void> {
  const { child, outcome } = startOutflow(command(), { folder, environment: environmentOf(environment) })
  await pause(random.below(2500))
  child.kill('SIGKILL')
  await outcome
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outflow-engine-'))
  const world = generatedWorld({ pages, spaces: 4, flavour: 'data-center', bodySize: [500, 4000] })
  sandbox = await startSandbox({ world, flavour: 'data-center' })
  await serve()
}, 60_000)
afterAll(async () => {
  await end(serving, 'SIGKILL')
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

async function workflowInto(output: string): Promise<string> {
  const { token } = sandbox.credentials
  const config = { url: sandbox.url, token, max_num_of_docs_from_each_space: 0 }
  const source = await client.make('sources', { name: output, type: 'confluence', config })
  const destination = await client.make('destinations', {
    ...{ name: output, type: 'local', config: { output_dir: output } },
  })
  return client.make('workflows', {
    ...{ name: output, workflow_type: 'custom', source_id: source, destination_id: destination },
    workflow_nodes: [partitioner],
  })
}

/** Without what the service works with, as long as it is open. */
async function filesOf(name: string): Promise<ReadonlyMap<string, string>> {
  const output = join(folder, 'outflow-output', name)
  const files = [...(await readFiles({ root: folder, state: folder, output }))]
  const kept = files.filter(([path]) => !path.startsWith(join('_outflow', 'drafts-')))
  return new Map(kept.map(([path, text]) => [path, text.replaceAll(name, 'OUTPUT')]))
}

const isOver = ({ state }: JobAnswer) => state !== 'queued' && state !== 'running'
const doneOf = ({ coverage }: JobAnswer) => coverage?.done ?? 0

it(
  'a job whose service dies ends as one that nobody touched',
  async () => {
    const undisturbed = await client.ended((await client.run(await workflowInto('undisturbed'))).id, patience)
    expect(undisturbed).toMatchObject({ state: 'finished', coverage: { found: pages, done: pages } })

    const workflow = await workflowInto('disturbed')
    const { id } = await client.run(workflow)
    const began = performance.now()
    for (let killed = 0; killed < kills; killed++) {
      const share = (0.8 * (killed + random.share())) / kills
      const before = await client.until(id, (job) => isOver(job) || doneOf(job) >= share * pages, patience)
      await pause(random.below(200))
      expect(before.state, `before kill ${killed + 1} of ${kills}`).toBe('running')
      if (isToTell) console.log('killed at', doneOf(before))
      await end(serving, 'SIGKILL')
      while (killed + 1 < kills && random.chance(0.4)) {
        await killWhileItStarts()
        killed++
        if (isToTell) console.log('killed while it starts')
      }
      await serve()
    }
    const ended = await client.ended(id, patience)
    if (isToTell)
      console.log(`ended after ${Math.round((performance.now() - began) / 1000)} s`, ended.coverage)

    expect(ended).toMatchObject({ state: 'finished', coverage: { found: pages, done: pages } })
    expect(sumOf(ended)).toBe(pages)
    const [found, wanted] = [await filesOf('disturbed'), await filesOf('undisturbed')]
    expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort())
    expect([...wanted].filter(([path, text]) => found.get(path) !== text).slice(0, 3)).toEqual([])
    const numbers = (await client.events(id)).map(({ number }) => number)
    expect(numbers).toEqual(numbers.map((_, place) => place + 1))
    expect((await client.documents(id, 'done')).size).toBe(pages)

    const second = await client.ended((await client.run(workflow)).id, patience)
    expect(second).toMatchObject({ state: 'finished', coverage: { found: pages, unchanged: pages } })
  },
  patience * 3000,
)

it(
  'a job whose service is told to end goes on when it is started again, and one that is cancelled ends',
  async () => {
    const { id } = await client.run(await workflowInto('drained'))
    await client.until(id, (job) => doneOf(job) >= pages / 4, patience)
    expect((await end(serving, 'SIGTERM')).code).toBe(0)
    await serve()
    expect(await client.ended(id, patience)).toMatchObject({
      state: 'finished',
      coverage: { found: pages, done: pages },
    })
    const told = (await client.events(id)).map(({ event }) => event.type)
    expect(told).not.toContain('document.failed')
    expect(told.filter((type) => type === 'document.done')).toHaveLength(pages)

    const workflow = await workflowInto('cancelled')
    const { id: unwanted } = await client.run(workflow)
    await client.until(unwanted, (job) => doneOf(job) >= pages / 4, patience)
    const asked = performance.now()
    await client.call('POST', `/jobs/${unwanted}/cancel`)
    const stopped = await client.ended(unwanted)
    expect(performance.now() - asked).toBeLessThan(5000)
    expect(stopped.state).toBe('stopped')
    expect(sumOf(stopped)).toBe(stopped.coverage!.found)
    const done = doneOf(stopped)
    expect(await client.ended((await client.run(workflow)).id, patience)).toMatchObject({
      state: 'finished',
      coverage: { found: pages, done: pages - done, unchanged: done },
    })
  },
  patience * 3000,
)

import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openService, type Service } from '../../src/platform/service.ts'
import { generatedWorld, type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { startWorker } from '../../src/worker/worker.ts'
import { newPath } from '../store/folders.ts'
import { type Loopback, serve } from '../support/loopback.ts'

const workspace = 'default'
let sandbox: Sandbox
let store: Store
let service: Service
let receiver: Loopback

beforeAll(async () => {
  const world = generatedWorld({ pages: 60, spaces: 2, seed: 3 })
  sandbox = await startSandbox({ world, flavour: 'data-center', latencyMs: 150 })
  const folder = await newPath()
  store = await openStore({ stateDir: join(folder, 'state') })
  service = await openService({
    ...{ store, stateDir: join(folder, 'state'), environment: {}, supervise: true, progressEvery: 0.3 },
    outputRoot: join(folder, 'output'),
  })
  await startWorker(service)
  receiver = await serve((_seen, response) => void response.end())
})
afterAll(async () => {
  await service?.close()
  await store?.close()
  await sandbox?.close()
  await receiver?.close()
})

it('a job tells those who listen how far it is, and nobody else', async () => {
  const { connectors, workflows, jobs, notifications } = service.platform
  const { url, credentials } = sandbox
  const reading = { body: 'view', comments: 'none' }
  const from = await connectors.create(workspace, 'source', {
    ...{ name: 'wiki', type: 'confluence', config: { url, token: credentials.token, ...reading } },
  })
  const to = await connectors.create(workspace, 'destination', {
    ...{ name: 'folder', type: 'local', config: { output_dir: 'out' } },
  })
  const { id } = await workflows.create(workspace, {
    ...{ name: 'slow', workflowType: 'custom', sources: [from.id], destinations: [to.id] },
    nodes: [{ name: 'P', type: 'partition', subtype: 'unstructured_api', settings: { strategy: 'fast' } }],
  })
  await notifications.createChannel(
    { workspace },
    { channelType: 'webhook', url: `${receiver.origin}/hook`, events: ['job.progress'] },
  )
  const job = await jobs.run(workspace, id)
  while (!(await jobs.get(workspace, job.id)).endedAt) await pause(50)
  const news = receiver.seen.map(
    ({ body }) => JSON.parse(body) as { type: string; coverage: { done: number } },
  )
  expect(news.length).toBeGreaterThan(0)
  const done = news.map(({ coverage }) => coverage.done)
  expect(done).toEqual(done.toSorted((one, other) => one - other))
  expect(new Set(news.map(({ coverage }) => JSON.stringify(coverage))).size).toBe(news.length)
  expect(new Set(news.map(({ type }) => type))).toEqual(new Set(['job.progress']))

  await notifications.deleteChannel({ workspace }, (await notifications.channels({ workspace }))[0]!.id)
  const { notifications: before } = await notifications.list(workspace, { events: ['job.progress'] })
  const again = await jobs.run(workspace, id, { reprocessAll: true })
  while (!(await jobs.get(workspace, again.id)).endedAt) await pause(50)
  expect((await notifications.list(workspace, { events: ['job.progress'] })).notifications).toEqual(before)
})

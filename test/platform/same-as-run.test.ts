import { cp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Element } from '../../src/model/element.ts'
import { run } from '../../src/pipeline/run.ts'
import type { Job } from '../../src/platform/platform.ts'
import { openService, type Service } from '../../src/platform/service.ts'
import { defaultSteps, openWorkflow } from '../../src/platform/workflow.ts'
import { generatedWorld, type Sandbox, sampleWorld, startSandbox } from '../../src/sandbox/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { startWorker } from '../../src/worker/worker.ts'
import { newPath } from '../store/folders.ts'

const workspace = 'default'

/** Elements by file, but for when they were processed. */
async function contentOf(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const files = (await readdir(folder, { recursive: true })).filter(
    (name) => name.endsWith('.json') && !name.startsWith('_outflow'),
  )
  const read = async (name: string) => {
    const elements = JSON.parse(await readFile(join(folder, name), 'utf8')) as Element[]
    return [name, elements.map(withoutTime)] as const
  }
  return Object.fromEntries(await Promise.all(files.map(read)))
}

function withoutTime({ metadata, ...element }: Element) {
  const { data_source, ...rest } = metadata
  const { date_processed: _, ...source } = data_source ?? {}
  return { ...element, metadata: { ...rest, source } }
}

describe.each([
  ['cloud', 'sample'],
  ['data-center', 'sample'],
  ['cloud', 'generated'],
] as const)('a job on %s, of the %s site', (flavour, site) => {
  const world = site === 'sample' ? sampleWorld() : generatedWorld({ pages: 120, spaces: 3, seed: 7 })
  let sandbox: Sandbox
  let store: Store
  let service: Service
  let folder: string

  beforeAll(async () => {
    sandbox = await startSandbox({ world, flavour })
    folder = await newPath()
    store = await openStore({ stateDir: join(folder, 'state') })
    service = await openService({
      ...{ store, stateDir: join(folder, 'state'), environment: {}, supervise: true },
      outputRoot: join(folder, 'output'),
    })
    await startWorker(service)
  })
  afterAll(async () => {
    await service?.close()
    await store?.close()
    await sandbox?.close()
  })

  const settings = () => {
    const { url, credentials } = sandbox
    const { username, api_token, token } = credentials
    const signIn = flavour === 'cloud' ? { username, api_token } : { token }
    return { url, ...signIn, max_num_of_docs_from_each_space: 0 }
  }

  async function ended(job: Job): Promise<Job> {
    for (;;) {
      const now = await service.platform.jobs.get(workspace, job.id)
      if (now.endedAt) return now
      await pause(50)
    }
  }

  it('delivers what a run delivers, and a second one has nothing to do', async () => {
    const source = { type: 'confluence', ...settings() }
    const destination = { type: 'files', output_dir: join(folder, 'by-run') }
    const workflow = await openWorkflow({ source, steps: defaultSteps, destination }, {})
    for await (const event of run(workflow))
      if (event.type === 'job.finished') expect(event.outcome).toBe('finished')

    const { connectors, workflows, jobs } = service.platform
    const from = await connectors.create(workspace, 'source', {
      ...{ name: 'wiki', type: 'confluence', config: settings() },
    })
    const to = await connectors.create(workspace, 'destination', {
      ...{ name: 'folder', type: 'local', config: { output_dir: 'by-job' } },
    })
    const { id } = await workflows.create(workspace, {
      ...{ name: 'same', workflowType: 'custom', sources: [from.id], destinations: [to.id] },
      nodes: [{ name: 'P', type: 'partition', subtype: 'unstructured_api', settings: { strategy: 'fast' } }],
    })
    const first = await ended(await jobs.run(workspace, id))
    expect(first.error).toBe(undefined)
    const byRun = await contentOf(join(folder, 'by-run'))
    expect(await contentOf(join(folder, 'output', 'by-job'))).toEqual(byRun)
    expect(first.coverage).toMatchObject({
      found: Object.keys(byRun).length,
      done: Object.keys(byRun).length,
    })

    await cp(join(folder, 'output', 'by-job'), join(folder, 'before'), { recursive: true })
    const second = await ended(await jobs.run(workspace, id))
    expect(second.coverage).toMatchObject({ found: first.coverage!.found, unchanged: first.coverage!.found })
    expect(await contentOf(join(folder, 'output', 'by-job'))).toEqual(await contentOf(join(folder, 'before')))
  })
})

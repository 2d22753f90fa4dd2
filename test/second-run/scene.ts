/**
 * Two runs over one wiki with something in between: what the second one did, and whether the destination is what a first run over the
 * changed wiki would have made of it.
 *
 * @module
 */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import files from '../../src/destinations/files.ts'
import type { Element } from '../../src/model/element.ts'
import type { JobFinished, RunEvent } from '../../src/model/events.ts'
import type { Ledger } from '../../src/model/ledger.ts'
import auto from '../../src/partition/auto.ts'
import { type RunOptions, run } from '../../src/pipeline/run.ts'
import { type MemoryWorld, type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { openStore } from '../../src/store/index.ts'

export type Flavour = SandboxOptions['flavour']
export type Settings = Partial<Parameters<typeof confluence>[0]>

const folders: string[] = []
afterAll(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true }))))

/** Removed when the test file is through. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'outflow-second-run-'))
  folders.push(folder)
  return folder
}

/** A ledger in a state folder of its own, closed and removed when the test file is through; scenes are told apart by their output. */
export async function openLedger(): Promise<Ledger> {
  const store = await openStore({ stateDir: join(await newFolder(), 'state') })
  afterAll(() => store.close())
  return store.ledger
}

/** What a run did, by title: each list sorted, empty ones absent. */
export type Stream = Partial<
  Record<'done' | 'access' | 'removed' | 'held' | 'failed' | 'not_permitted' | 'skipped', readonly string[]>
>

interface Run {
  readonly stream: Stream
  readonly job: JobFinished
  readonly events: readonly RunEvent[]
  /** Requests by method, path and query, in order. */
  readonly requests: readonly string[]
  /** Requests that brought bodies. */
  readonly bodies: number
}

export interface Scene {
  readonly world: MemoryWorld
  readonly sandbox: Sandbox
  readonly output: string
  /** A run that remembers. */
  run(options?: RunOptions & { readonly settings?: Settings }): Promise<Run>
  /** Every element of every file, by path, without the times of processing. */
  stored(): Promise<Stored>
  /** The same of a run into an empty folder that remembers nothing. */
  fresh(settings?: Settings): Promise<Stored>
  close(): Promise<void>
}

export type Stored = ReadonlyMap<string, readonly Element[]>

interface SceneOptions extends Omit<SandboxOptions, 'world'> {
  readonly world: MemoryWorld
  readonly ledger: Ledger
  readonly settings?: Settings
}

export async function openScene({ ledger, settings, ...options }: SceneOptions): Promise<Scene> {
  const sandbox = await startSandbox(options)
  const output = await newFolder()

  const sourceOf = (more: Settings = {}) =>
    confluence({
      max_num_of_docs_from_each_space: 0,
      url: sandbox.url,
      ...account(sandbox, options.flavour),
      ...settings,
      ...more,
    })

  return {
    world: options.world,
    sandbox,
    output,
    async run({ settings: more, ...runOptions } = {}) {
      sandbox.stats.reset()
      const events: RunEvent[] = []
      const workflow = {
        source: sourceOf(more),
        steps: [auto({})],
        destination: files({ output_dir: output }),
      }
      const memory = { ledger, workflow: output }
      for await (const event of run(workflow, { memory, ...runOptions })) events.push(event)
      const job = events.at(-1) as JobFinished
      expectSum(job)
      const requests = sandbox.stats
        .read()
        .recorded.map(
          ({ method, path, query }) => `${method} ${path}?${query.map((pair) => pair.join('=')).join('&')}`,
        )
      return { stream: streamOf(events), job, events, requests, bodies: requests.filter(bringsBodies).length }
    },
    stored: () => readStored(output),
    async fresh(more) {
      const folder = await newFolder()
      const workflow = {
        source: sourceOf(more),
        steps: [auto({})],
        destination: files({ output_dir: folder }),
      }
      for await (const event of run(workflow)) if (event.type === 'job.finished') expectSum(event)
      return readStored(folder)
    },
    close: () => sandbox.close(),
  }
}

/** A scene over a site, closed whatever happens in it. */
export async function within<Site extends { readonly world: MemoryWorld }>(
  site: Site,
  options: Omit<SceneOptions, 'world'>,
  act: (scene: Scene, site: Site) => Promise<void>,
): Promise<void> {
  const scene = await openScene({ world: site.world, ...options })
  try {
    await act(scene, site)
  } finally {
    await scene.close()
  }
}

export function account({ credentials }: Sandbox, flavour: Flavour) {
  const { username, api_token, token } = credentials
  return flavour === 'cloud' ? { username, api_token } : { token }
}

const bringsBodies = (request: string) => /body-format=|body\.(storage|view)/.test(request)

function expectSum({ coverage }: JobFinished): void {
  const { found, ...parts } = coverage
  expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(found)
}

const kinds: Readonly<Partial<Record<RunEvent['type'], keyof Stream>>> = {
  'document.done': 'done',
  'document.access_changed': 'access',
  'document.removed': 'removed',
  'document.held': 'held',
  'document.failed': 'failed',
  'document.not_permitted': 'not_permitted',
  'document.skipped': 'skipped',
}

function streamOf(events: readonly RunEvent[]): Stream {
  const told = events.flatMap((event) => {
    const kind = kinds[event.type]
    return kind && 'document' in event ? [{ kind, title: event.document.title }] : []
  })
  const byKind = Map.groupBy(told, ({ kind }) => kind)
  return Object.fromEntries([...byKind].map(([kind, all]) => [kind, all.map(({ title }) => title).sort()]))
}

/** Every element of every file, by path, without the times of processing. */
export async function readStored(folder: string): Promise<Stored> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const stored = new Map<string, readonly Element[]>()
  for (const entry of entries) {
    if (!entry.isFile() || entry.name === 'job.json') continue
    const path = join(entry.parentPath, entry.name)
    const elements = JSON.parse(await readFile(path, 'utf8')) as Element[]
    for (const { metadata } of elements)
      metadata.data_source = { ...metadata.data_source, date_processed: 'some time' }
    stored.set(path.slice(folder.length + 1), elements)
  }
  return stored
}

/** Proves that the destination holds what a run from nothing would have put there. */
export async function expectAsFresh(scene: Scene, settings?: Settings): Promise<void> {
  const [stored, fresh] = [await scene.stored(), await scene.fresh(settings)]
  expect([...stored.keys()].sort()).toEqual([...fresh.keys()].sort())
  for (const [path, elements] of fresh) expect(stored.get(path), path).toEqual(elements)
}

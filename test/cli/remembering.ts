/**
 * A wiki, a folder that it goes to and a state, with the real command line between them.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, vi } from 'vitest'
import type { JobFinished, RunEvent } from '../../src/model/events.ts'
import { type Sandbox, startSandbox, type World } from '../../src/sandbox/index.ts'
import { openStore } from '../../src/store/index.ts'
import { type Outcome, startOutflow } from './outflow.ts'

/** For everything that a test file makes; gone after its last test. */
export const root = await mkdtemp(join(tmpdir(), 'outflow-cli-second-'))
afterAll(() => rm(root, { recursive: true, force: true }))

/** One for all: making a state takes seconds, and what goes to one folder is remembered apart from what goes to another. */
export const state = join(root, 'state')
beforeAll(async () => (await openStore({ stateDir: state })).close(), 60_000)

/** Each test starts several processes. */
vi.setConfig({ testTimeout: 120_000 })

export interface Scene {
  readonly sandbox: Sandbox
  readonly output: string
  /** A command to its end, with account and folders given to it. */
  outflow(...args: readonly string[]): Promise<Outcome>
  /** One that is under way. */
  start(...args: readonly string[]): ReturnType<typeof startOutflow>
}

export interface SceneOptions {
  readonly world: World
  /** Default: the one for all. */
  readonly state?: string
  /** Default: a new folder. */
  readonly output?: string
  /** Of each answer. Default 0. */
  readonly latencyMs?: number
}

export async function within(options: SceneOptions, act: (scene: Scene) => Promise<void>): Promise<void> {
  const { world, latencyMs = 0, output = join(root, randomUUID()) } = options
  const sandbox = await startSandbox({ world, flavour: 'cloud', latencyMs })
  const environment = {
    CONFLUENCE_URL: sandbox.url,
    CONFLUENCE_USERNAME: sandbox.credentials.username,
    CONFLUENCE_API_TOKEN: sandbox.credentials.api_token,
    CONFLUENCE_MAX_NUM_OF_DOCS_FROM_EACH_SPACE: '0',
  }
  const start = (...args: readonly string[]) =>
    startOutflow([...args, '--output-dir', output, '--state', options.state ?? state], { environment })
  try {
    await act({ sandbox, output, start, outflow: (...args) => start(...args).outcome })
  } finally {
    await sandbox.close()
  }
}

/** What `--json` told last. */
export const jobOf = ({ stdout }: Outcome) => eventOf(stdout.trimEnd().split('\n').at(-1)!) as JobFinished

const eventOf = (line: string) => JSON.parse(line) as RunEvent

/** When each file of elements was put in place, by name. */
export async function stamps(output: string): Promise<ReadonlyMap<string, number>> {
  const names = (await readdir(output, { recursive: true })).filter((name) => name.endsWith('.html.json'))
  const times = names.map(async (name) => [name, (await stat(join(output, name))).ctimeMs] as const)
  return new Map(await Promise.all(times))
}

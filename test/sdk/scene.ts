/**
 * What the suites of other people's clients work with, on loopback: a running Outflow, a sample wiki of each flavour with an
 * administrator, and a PostgreSQL server.
 *
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Sandbox, sampleWorld, startSandbox } from '../../src/sandbox/index.ts'
import type { World } from '../../src/sandbox/world.ts'
import { sendJson, serve as serveLoopback } from '../support/loopback.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'

const bin = join(import.meta.dirname, '..', '..', 'bin', 'outflow.cjs')

export interface Outflow {
  readonly url: string
  /** Empty where there were keys before. */
  readonly apiKey: string
  /** Below which folders of the destination `local` have to be. */
  readonly outputRoot: string
  stop(): Promise<void>
}

interface ServeOptions {
  /** Default: everything in one process, on the embedded database. */
  readonly role?: 'api'
  readonly databaseUrl?: string
  /** Goes with the database. */
  readonly secretKey?: string
  /** Called with the state folder, before the server opens it. */
  readonly prepare?: (stateDir: string) => Promise<unknown>
}

/**
 * `outflow serve`, on a state folder of its own that goes when it stops.
 *
 * @throws when it ends before it is ready
 */
export async function startOutflow({
  role,
  databaseUrl,
  secretKey = '',
  prepare,
}: ServeOptions = {}): Promise<Outflow> {
  const folder = await mkdtemp(join(tmpdir(), 'outflow-sdk-'))
  const state = join(folder, 'state')
  await prepare?.(state)
  const outputRoot = join(folder, 'output')
  const places = [...(databaseUrl ? [] : ['--state', state]), '--output-root', outputRoot]
  const args = ['serve', '--port', '0', '--json', ...places, ...(role ? ['--role', role] : [])]
  const server = spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      OUTFLOW_LOG_LEVEL: 'error',
      ...(databaseUrl && { DATABASE_URL: databaseUrl, OUTFLOW_SECRET_KEY: secretKey }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { url, api_key: apiKey = '' } = await ready(server)
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM')
      await once(server, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  }
  return { url, apiKey, outputRoot, stop }
}

async function ready(server: ChildProcess): Promise<{ readonly url: string; readonly api_key?: string }> {
  for await (const line of createInterface({ input: server.stdout! })) {
    // Nobody reads on, and a full pipe would stop the server.
    server.stdout!.resume()
    return JSON.parse(line)
  }
  throw new Error('The server ended before it was ready.')
}

export interface Scene {
  /** For the suites, as the environment variable `OUTFLOW_SDK_SCENE`. */
  readonly description: Readonly<Record<string, unknown>>
  readonly cloud: Pick<Sandbox, 'url' | 'credentials'>
  readonly postgres: Pick<PostgresServer, 'host' | 'port' | 'database' | 'username' | 'password'>
  /** Makes an empty PostgreSQL database, and gives its URL. */
  newDatabase(): Promise<string>
  stop(): Promise<void>
}

export async function startScene(): Promise<Scene> {
  const [outflow, cloud, dataCenter, postgres] = await Promise.all([
    startOutflow(),
    startSandbox({ world: sampleWorld({ flavour: 'cloud' }), flavour: 'cloud' }),
    startSandbox({ world: sampleWorld({ flavour: 'data-center' }), flavour: 'data-center' }),
    startPostgres(),
  ])
  if (postgres === undefined) throw new Error('PostgreSQL is not installed.')
  const administrator = await startAdministrator({ cloud, data_center: dataCenter })
  const { host, port, database, username, password } = postgres
  return {
    description: {
      url: outflow.url,
      api_key: outflow.apiKey,
      output_root: outflow.outputRoot,
      control: administrator.origin,
      cloud: { url: cloud.url, ...cloud.credentials },
      data_center: { url: dataCenter.url, ...dataCenter.credentials },
      postgres: { host, port, database, username, password },
    },
    cloud,
    postgres: { host, port, database, username, password },
    newDatabase: () => postgres.newDatabase(),
    stop: async () => {
      await outflow.stop()
      await Promise.all([cloud.close(), dataCenter.close(), postgres.stop(), administrator.close()])
    },
  }
}

/** Does in a sample wiki what is posted as `{"wiki": "cloud"|"data_center", "action": "close"|"open"}`, and tells of which page. */
function startAdministrator(wikis: Readonly<Record<string, Pick<Sandbox, 'world'>>>) {
  return serveLoopback(({ body }, response) => {
    const { wiki, action } = JSON.parse(body) as { wiki: string; action: 'close' | 'open' }
    const world = wikis[wiki]!.world as ReturnType<typeof sampleWorld>
    const page = pageCalled(world, 'Notice board')
    const leadership = world.groups.find(({ name }) => name === 'leadership')!
    world.restrict(page, 'read', action === 'close' ? [leadership, world.crawler] : [])
    sendJson(response, 200, { page: page.id })
  })
}

function pageCalled(world: World, title: string) {
  const pages = world.list(world.spaces[0]!.id, 'page')
  return Array.from({ length: pages.length }, (_, index) => pages.at(index)).find(
    (page) => page.title === title,
  )!
}

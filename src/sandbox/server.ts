/**
 * Starting a sandbox: its origins, its routes, and what a caller needs to use them.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import { registerCloud, registerGateway } from './cloud/cloud.ts'
import { registerMedia } from './cloud/media.ts'
import { defaultTraps, type RegisterFlavour, type SandboxContext, type Traps } from './context.ts'
import { capabilitiesOf } from './data-center/capabilities.ts'
import { registerDataCenter } from './data-center/register.ts'
import type { Fault } from './faults/fault.ts'
import { createFaults } from './faults/faults.ts'
import { type Listener, listen, serve } from './listener.ts'
import { createSearch } from './search.ts'
import { addStatsRoutes, createStats, type StatsRecorder } from './stats.ts'
import type { World } from './world.ts'

export interface SandboxOptions {
  readonly world: World
  readonly flavour: 'cloud' | 'data-center'
  /** Data Center only: which release to answer like, from 7.4 on. Default `10.0.3`. */
  readonly version?: string
  /** Data Center only: path under which Confluence lives, such as `/confluence`. Default: none. */
  readonly contextPath?: string
  /** Port of the site on loopback. Default: any that is free. */
  readonly port?: number
  /** Oddities of real servers, to be switched on or tuned. */
  readonly traps?: Partial<Traps>
  /** What goes wrong on purpose. Default: nothing. */
  readonly faults?: readonly Fault[]
  /** Added to every answer, in milliseconds. Default 0. */
  readonly latencyMs?: number
  /** How many requests the statistics keep one by one. Default 10,000. */
  readonly keepRequests?: number
}

export interface Sandbox {
  /** What a person would type as `CONFLUENCE_URL`. */
  readonly url: string
  /** Where Cloud's scoped tokens have to go: this plus `/ex/confluence/{cloudId}`. */
  readonly gatewayUrl: string
  /** Where attachment downloads are redirected to on Cloud. */
  readonly mediaUrl: string
  /** How the world's crawler signs in. */
  readonly credentials: {
    readonly username: string
    /** Cloud: with the user name, at the site. */
    readonly api_token: string
    /** Cloud: scoped token, at the gateway only. Data Center: personal access token. */
    readonly token: string
    /** Data Center: with the user name. */
    readonly password: string
  }
  readonly world: World
  /** What was asked of all its servers. */
  readonly stats: Pick<StatsRecorder, 'read' | 'reset'>
  /** Adds a fault while it runs; the returned function takes it away again. */
  addFault(fault: Fault): () => void
  close(): Promise<void>
}

/**
 * Listens on loopback until closed.
 *
 * @throws {OutflowError} `sandbox.port.unusable`, `sandbox.version.unknown`
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { world, flavour, version = '10.0.3', keepRequests: keep } = options
  capabilitiesOf(version)
  const faults = createFaults(options)
  const site = await listen(options.port ?? 0)
  const [gateway, media] = await Promise.all([listen(0), listen(0)])
  const context = contextOf(options, { site, gateway, media, version })
  const stats = createStats(keep === undefined ? {} : { keep })
  const serveWatched = (name: string, listener: Listener, routes: (app: FastifyInstance) => void) => {
    stats.watch(listener.server, name)
    return serve(listener, (app) => {
      stats.register(app, name)
      faults.register(app)
      routes(app)
    })
  }
  const apps = await Promise.all([
    serveWatched('site', site, (app) => {
      addStatsRoutes(app, stats)
      register[flavour](app, context)
    }),
    serveWatched('gateway', gateway, (app) => registerGateway(app, context)),
    serveWatched('media', media, (app) => registerMedia(app, context)),
  ])
  return {
    url: flavour === 'cloud' ? site.origin : `${site.origin}${context.contextPath}`,
    gatewayUrl: gateway.origin,
    mediaUrl: media.origin,
    credentials: credentialsOf(options),
    world,
    stats,
    addFault: (fault) => faults.add(fault),
    close: async () => {
      context.search.close()
      await Promise.all(apps.map((app) => app.close()))
      await Promise.all([site, gateway, media].map((listener) => listener.close()))
    },
  }
}

const register: Readonly<Record<SandboxOptions['flavour'], RegisterFlavour>> = {
  cloud: registerCloud,
  'data-center': registerDataCenter,
}

interface Addresses {
  readonly site: Listener
  readonly gateway: Listener
  readonly media: Listener
  readonly version: string
}

function contextOf(
  { world, flavour, contextPath = '', traps }: SandboxOptions,
  { site, gateway, media, version }: Addresses,
): SandboxContext {
  const set = { ...defaultTraps, ...traps }
  return {
    world,
    traps: set,
    search: createSearch(world, set.indexLagMs),
    origin: site.origin,
    contextPath: flavour === 'cloud' ? '/wiki' : asPrefix(contextPath),
    gatewayUrl: gateway.origin,
    mediaUrl: media.origin,
    version,
  }
}

/** `wiki/` as routes want it: `/wiki`; nothing for the root. */
const asPrefix = (path: string) =>
  path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => `/${part}`)
    .join('')

function credentialsOf({ world, flavour }: SandboxOptions): Sandbox['credentials'] {
  const { email, username, password, apiToken, personalAccessToken } = world.crawler
  return {
    username: flavour === 'cloud' ? email : username,
    api_token: apiToken,
    token: personalAccessToken,
    password,
  }
}

/**
 * Starting a sandbox: its origins, its routes, and what a caller needs to use them.
 *
 * @module
 */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type FastifyInstance, fastify } from 'fastify'
import { registerCloud, registerGateway } from './cloud/cloud.ts'
import { registerMedia } from './cloud/media.ts'
import { defaultTraps, type SandboxContext, type Traps } from './context.ts'
import { capabilitiesOf } from './data-center/capabilities.ts'
import { registerDataCenter } from './data-center/register.ts'
import type { Fault } from './faults/fault.ts'
import { createFaults } from './faults/faults.ts'
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
 * @throws when the port is taken
 * @throws {OutflowError} `sandbox.version.unknown`
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { world, flavour, version = '10.0.3', keepRequests: keep } = options
  capabilitiesOf(version)
  const [site, gateway, media] = await Promise.all([listen(options.port ?? 0), listen(0), listen(0)])
  const traps = { ...defaultTraps, ...options.traps }
  const register = flavour === 'cloud' ? registerCloud : registerDataCenter
  const context: SandboxContext = {
    world,
    traps,
    search: createSearch(world, traps.indexLagMs),
    origin: site.origin,
    contextPath: flavour === 'cloud' ? '/wiki' : (options.contextPath ?? '').replace(/\/$/, ''),
    gatewayUrl: gateway.origin,
    mediaUrl: media.origin,
    version,
  }
  const stats = createStats(keep === undefined ? {} : { keep })
  const faults = createFaults(options)
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
      register(app, context)
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
    addFault: faults.add,
    close: async () => {
      context.search.close()
      await Promise.all(apps.map((app) => app.close()))
      await Promise.all([site, gateway, media].map(stop))
    },
  }
}

function credentialsOf({ world, flavour }: SandboxOptions): Sandbox['credentials'] {
  const { email, username, password, apiToken, personalAccessToken } = world.crawler
  return {
    username: flavour === 'cloud' ? email : username,
    api_token: apiToken,
    token: personalAccessToken,
    password,
  }
}

interface Listener {
  readonly server: Server
  readonly origin: string
}

/** Listens before anything is served: routes have to know their own address. */
async function listen(port: number): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: 60_000 })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address() as AddressInfo
  return { server, origin: `http://127.0.0.1:${address.port}` }
}

async function serve(
  { server }: Listener,
  register: (app: FastifyInstance) => void,
): Promise<FastifyInstance> {
  const app = fastify({ routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1000 } })
  register(app)
  await app.ready()
  server.on('request', (request, response) => app.routing(request, response))
  return app
}

async function stop({ server }: Listener): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

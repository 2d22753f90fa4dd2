/**
 * `outflow serve`: the service, API and worker in one process or apart. `outflow work`: a worker alone.
 *
 * @module
 */

import { once } from 'node:events'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { OutflowError } from '../../model/errors.ts'
import { currentActivity } from '../../platform/activity.ts'
import { defaultWorkspace } from '../../platform/keys.ts'
import { createMetrics, type Metrics } from '../../platform/metrics.ts'
import { openService, type Service } from '../../platform/service.ts'
import { openState, stateFolder } from '../../platform/state.ts'
import { startTelemetry, type Telemetry } from '../../platform/telemetry.ts'
import { createMonitor } from '../../server/monitor.ts'
import { createServer, type Server } from '../../server/server.ts'
import { type Capacity, startWorker } from '../../worker/worker.ts'
import { exitCodes } from '../exit.ts'
import { createLog, type Log } from '../log.ts'
import type { Terminal } from '../terminal.ts'

const loopback = '127.0.0.1'
const usualPort = 8000

const roles = ['all', 'api', 'worker'] as const
type Role = (typeof roles)[number]

interface WorkFlags {
  readonly state?: string
  readonly outputRoot?: string
  readonly jobs: number
  readonly parcels: number
  readonly documents: number
  readonly keepDays: number
  readonly json?: boolean
}

interface ListenFlags {
  readonly host: string
  /** Of a worker: where it tells how it is; without it, nowhere. */
  readonly port?: number
}

export interface ServeFlags extends WorkFlags, ListenFlags {
  /** Another one will do when it is taken. */
  readonly anyPort?: boolean
  readonly role: Role
}

/** Says that it is ready. */
type Announce = (url: string, service: Service, flags: ServeFlags, terminal: Terminal) => Promise<void>

export function addServe(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  withWorkFlags(program.command('serve'))
    .summary('run as a service')
    .description(
      'Serves the API, does jobs, and begins what is scheduled. On its own state folder it is one process; with DATABASE_URL there can be any number of each role.',
    )
    .option('--host <address>', 'address to listen on', loopback)
    .option('--port <number>', `port to listen on; 0: any that is free (default: ${usualPort})`, port)
    .addOption(new Option('--role <role>', 'what this process does').choices(roles).default('all'))
    .action(async (flags: ServeFlags) => exit(await serve(flags, terminal)))
}

export function addWork(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  withWorkFlags(program.command('work'))
    .summary('run a worker')
    .description('Does jobs and nothing else, beside others that share the database of DATABASE_URL.')
    .option('--host <address>', 'address to listen on, with --port', loopback)
    .option('--port <number>', 'port for /healthz, /readyz and /metrics (default: none)', port)
    .action(async (flags: WorkFlags & ListenFlags) =>
      exit(await serve({ ...flags, role: 'worker' }, terminal)),
    )
}

function withWorkFlags(command: Command): Command {
  return command
    .option(
      '--state <folder>',
      'the state folder (default: .outflow in the working directory, or DATABASE_URL)',
    )
    .option(
      '--output-root <folder>',
      'folder that destinations of type "local" write below (default: OUTFLOW_OUTPUT_ROOT, else outflow-output)',
    )
    .option('--jobs <number>', 'jobs that this process conducts at the same time', count, 16)
    .option('--parcels <number>', 'parcels of documents that it has in hand at the same time', count, 2)
    .option('--documents <number>', 'documents of one parcel under way at the same time', count, 8)
    .option('--keep-days <number>', 'days that jobs are kept once they have ended', count, 30)
    .option('--json', 'one line of JSON on stdout when it is ready')
}

/** Runs until it is told to end, and then in good order. */
export async function serve(
  flags: ServeFlags,
  terminal: Terminal,
  announce: Announce = announceServer,
): Promise<number> {
  const { environment, signal } = terminal
  const outputRoot = flags.outputRoot ?? environment.OUTFLOW_OUTPUT_ROOT ?? 'outflow-output'
  const { role } = flags
  const log = createLog(environment, terminal.say)
  const stateDir = stateFolder({ stateDir: flags.state, environment }, undefined)
  if (stateDir !== undefined && role !== 'all') throw rolesNeedServer(role)
  const telemetry = await startTelemetry(environment)
  const choice = { stateDir: flags.state, environment, command: 'outflow serve' }
  const store = await openState(choice, undefined, { signal })
  let service: Service | undefined
  const metrics = createMetrics({
    depths: async () => (await service?.queue.depths()) ?? {},
    ages: store.records.ages.ofWorkflows,
    onTrouble: (thrown) => log.trouble('metrics', thrown),
  })
  let server: Server | undefined
  try {
    service = await openService({
      ...{ store, environment, stateDir },
      outputRoot: resolve(outputRoot),
      supervise: role !== 'api',
      documents: flags.documents,
      keepDays: flags.keepDays,
      hear: listener(log, metrics, telemetry),
      onTrouble: log.trouble,
    })
    if (role !== 'api') await work(service, flags, stateDir !== undefined)
    if (role !== 'worker') {
      server = await createServer({ platform: service.platform, log: log.request, metrics: metrics.render })
      await announce(await listen(server, flags), service, flags, terminal)
    } else if (flags.port !== undefined) {
      server = await createMonitor({ platform: service.platform, metrics: metrics.render })
      announceWorker(await listen(server, flags), flags, terminal)
    } else announceWorker(undefined, flags, terminal)
    if (!signal.aborted) await once(signal, 'abort')
    log.info('closing')
    return exitCodes.done
  } finally {
    await server?.close()
    await service?.close()
    metrics.close()
    await telemetry.close()
    await store.close()
  }
}

/** @param alone nobody else works on this state: what is in hand is in nobody's hand */
async function work(service: Service, { jobs, parcels }: Capacity, alone: boolean): Promise<void> {
  if (alone) await service.engine.recover()
  await service.engine.revive()
  await service.platform.connectors.reviveChecks()
  await service.restoreSchedules()
  await startWorker(service, { ...(jobs && { jobs }), ...(parcels && { parcels }) })
}

function listener(log: Log, metrics: Metrics, telemetry: Telemetry) {
  const hear: NonNullable<Parameters<typeof openService>[0]['hear']> = (job, event) => {
    const source = currentActivity().source ?? job.plan.sources[0] ?? 'upload'
    const activity = { job: job.id, workflow: job.workflow, source }
    log.hear(activity, event)
    metrics.hear({ source }, event)
    if (event.type === 'job.finished') telemetry.jobFinished(activity, job.startedAt ?? job.createdAt, event)
  }
  return hear
}

async function listen(
  server: Server,
  { host, port = usualPort, anyPort = false }: ServeFlags,
): Promise<string> {
  try {
    return await server.listen({ host, port })
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE') throw thrown
    if (anyPort) return server.listen({ host, port: 0 })
    throw portInUse(host, port)
  }
}

/** Where it is, and, the first time, the key to it. */
async function announceServer(
  url: string,
  { platform }: Service,
  { json = false, state }: ServeFlags,
  terminal: Terminal,
): Promise<void> {
  const apiKey = await firstKey(platform)
  if (json) {
    terminal.out(JSON.stringify({ type: 'server.ready', url, ...(apiKey && { api_key: apiKey }) }))
    return
  }
  terminal.out(`Outflow listens on ${url}; its API is described at ${url}/docs.`)
  if (apiKey) terminal.out(`API key, told this once: ${apiKey}`)
  else
    terminal.out(
      `Keys: "outflow keys create" makes another one${state === undefined ? '' : ` (--state ${state})`}, while the server is stopped or with DATABASE_URL.`,
    )
}

function announceWorker(url: string | undefined, { json = false }: ServeFlags, terminal: Terminal): void {
  if (json) terminal.out(JSON.stringify({ type: 'worker.ready', url }))
  else terminal.out(`This worker waits for tasks${url ? `, and tells how it is on ${url}` : ''}.`)
}

/** Made where there is none at all. */
async function firstKey({ keys }: Service['platform']): Promise<string | undefined> {
  if ((await keys.list()).length > 0) return undefined
  const { secret } = await keys.create({ name: 'first key', workspace: defaultWorkspace })
  return secret
}

function rolesNeedServer(role: Role): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'cli.role_needs_server',
    message: `The role "${role}" makes no sense on a state folder: one process alone can use it.`,
    fix: 'Set DATABASE_URL to a PostgreSQL server that all processes share, or serve with the role "all".',
  })
}

function portInUse(host: string, port: number): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'cli.port_in_use',
    message: `Somebody listens on ${host}:${port} already.`,
    fix: 'End it, or choose another port: --port 0 takes any that is free.',
  })
}

function port(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}

function count(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 1 && number <= 1000) return number
  throw new InvalidArgumentError('Give a whole number from 1 to 1000.')
}

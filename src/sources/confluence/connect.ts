/**
 * From settings to a signed-in connection: which site this is, through which door its API is reached, and as whom.
 *
 * @module
 */

import { readFile } from 'node:fs/promises'
import type { PluginContext } from '../../kit/define.ts'
import { createHttp, type HttpClient } from '../../kit/http.ts'
import type { CallContext } from '../../model/call.ts'
import type { SourceUsage } from '../../model/contracts.ts'
import { OutflowError } from '../../model/errors.ts'
import { parseAddress } from './address.ts'
import type { Account, Site } from './api.ts'
import type { ConfluenceSettings } from './config.ts'
import { findGround, type Ground } from './ground.ts'
import type { Seat } from './seat.ts'
import { takenForAnonymous, type Way, waysIn, whoAmI } from './sign-in.ts'

export interface Connection extends Seat {
  readonly account: Account
  /** How we signed in, for people: `API token of bot@acme.com at acme.atlassian.net`. */
  readonly signedInBy: string
  /** @throws {OutflowError} `credentials` when the site does not know us any more */
  confirmSignIn(context: CallContext): Promise<void>
}

type ReachOptions = CallContext & PluginContext

export interface ConnectOptions extends CallContext, PluginContext {
  /** Told whenever the site makes us wait. */
  readonly onWait?: (seconds: number, reason: string) => void
  /** Told what was spent when there is no connection in the end. */
  readonly onFailure?: (usage: SourceUsage) => void
}

/** Seconds: the hourly budgets of Cloud come back on the hour. What asks for more has blocked the account. */
const patience = 3700

/**
 * Opens the site. The connection's `http` counts everything that was sent on the way, and has to be closed.
 *
 * @throws {OutflowError} `config` (address, kind of credential), `credentials` (refused, or taken for anonymous; names what was
 * tried), `permission` (no access to Confluence), `transient` (unreachable)
 */
export async function connect(settings: ConfluenceSettings, options: ConnectOptions): Promise<Connection> {
  const doors = createDoors(settings, await readTrust(settings), options)
  try {
    const visitor = doors.open(originOf(settings))
    const ground = await findGround(settings, visitor, options)
    const { http, way, account } = await signIn(waysIn(settings, ground), doors, options.signal)
    const site = await siteOf(ground, { http, way, signal: options.signal })
    return {
      http: doors.asOne(http),
      visitor,
      site,
      apiPath: way.apiPath,
      account,
      signedInBy: way.name,
      confirmSignIn: async ({ signal }) => void (await whoAmI(http, way, signal)),
    }
  } catch (thrown) {
    options.onFailure?.(doors.usage())
    await doors.close()
    throw thrown
  }
}

/** Which site this is, without signing in. @throws {OutflowError} as {@link findGround} */
export async function reach(settings: ConfluenceSettings, options: ReachOptions): Promise<Ground> {
  const doors = createDoors(settings, await readTrust(settings), options)
  try {
    return await findGround(settings, doors.open(originOf(settings)), options)
  } finally {
    await doors.close()
  }
}

const originOf = ({ url }: ConfluenceSettings) => new URL(parseAddress(url).baseUrl).origin

interface SignedIn {
  readonly http: HttpClient
  readonly way: Way
  readonly account: Account
}

interface Refusal {
  readonly way: Way
  readonly error: OutflowError
}

/** Tries one way after the other; only a refusal leads on to the next one. */
async function signIn(ways: readonly Way[], doors: Doors, signal: AbortSignal): Promise<SignedIn> {
  const refused: Refusal[] = []
  for (const way of ways) {
    const http = doors.open(way.origin, way.authorization)
    try {
      return { http, way, account: await whoAmI(http, way, signal) }
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown
      refused.push({ way, error: thrown.code === 'http.anonymous' ? takenForAnonymous(way) : thrown })
    }
  }
  throw rejected(refused)
}

/** A lock is no refusal: another try would make it worse. */
function isRefusal(thrown: unknown): thrown is OutflowError {
  if (!(thrown instanceof OutflowError) || thrown.code === 'http.captcha') return false
  return thrown.kind === 'credentials' || thrown.kind === 'permission'
}

/** A plain "wrong credential" is told with all that was tried; what says more speaks for itself. */
function rejected(refused: readonly Refusal[]): OutflowError {
  const telling = refused.find(({ error }) => error.code !== 'http.unauthorized')
  if (telling !== undefined) return telling.error
  const { error } = refused[0]!
  const tried = refused.map(({ way }) => way.name).join(', then ')
  return new OutflowError({
    kind: 'credentials',
    code: 'confluence.sign_in.rejected',
    message: `Sign-in was refused (tried: ${tried}). ${error.message}`,
    fix: 'Check that the credential is complete, not expired or revoked, and belongs to this user and site. docs/confluence/sign-in.md shows how to make one.',
    cause: error,
  })
}

/** A signed-in question. */
interface Asking extends CallContext {
  readonly http: HttpClient
  readonly way: Way
}

async function siteOf(ground: Ground, asking: Asking): Promise<Site> {
  const { deployment, cloudId } = ground
  const webUrl = ground.isGateway ? ((await askWebUrl(asking)) ?? ground.baseUrl) : ground.baseUrl
  const { host, pathname } = new URL(webUrl)
  const id = cloudId ?? `${host}${pathname}`.replace(/\/$/, '')
  if (deployment === 'cloud') return { deployment, webUrl, id, ...(cloudId ? { cloudId } : {}) }
  const version = ground.version ?? (await askVersion(asking))
  return { deployment, webUrl, id, ...(version ? { version } : {}) }
}

/** Through the gateway, too, Cloud's lists name the site's own address. */
async function askWebUrl({ http, way, signal }: Asking): Promise<string | undefined> {
  const path = `${way.apiPath}/api/v2/spaces`
  const { body } = await http.json<{ _links?: { base?: string } }>({ path, query: { limit: 1 }, signal })
  return body._links?.base
}

/** For Data Center that hides its manifest; the question exists since 9.0. */
async function askVersion({ http, way, signal }: Asking): Promise<string | undefined> {
  const { status, body } = await http.json<{ version?: string } | undefined>({
    path: `${way.apiPath}/rest/api/server-information`,
    accept: [401, 403, 404],
    signal,
  })
  return status === 200 ? body?.version : undefined
}

interface Doors {
  open(origin: string, authorization?: string): HttpClient
  /** This client, with the requests of all others counted in, and closing them all. */
  asOne(http: HttpClient): HttpClient
  /** Of all clients together. */
  usage(): SourceUsage
  close(): Promise<void>
}

/** The clients that are opened while we look for the right one; each has credentials for its own origin alone. */
function createDoors(
  { proxy, concurrency, requests_per_second, timeout }: ConfluenceSettings,
  ca: string | undefined,
  { onWait, sharing, lookup }: Pick<ConnectOptions, 'onWait' | keyof PluginContext>,
): Doors {
  const opened: HttpClient[] = []
  const close = async () => {
    await Promise.all(opened.map((http) => http.close()))
  }
  const usage = () => opened.map((each) => each.usage()).reduce(sum, unspent)
  return {
    open(origin, authorization) {
      const http = createHttp({
        origin,
        concurrency,
        patience,
        timeout,
        ...(authorization === undefined ? {} : { authorization }),
        ...(ca === undefined ? {} : { ca }),
        ...(proxy === undefined ? {} : { proxy }),
        ...(requests_per_second === undefined ? {} : { requestsPerSecond: requests_per_second }),
        ...(onWait === undefined ? {} : { onWait }),
        ...(sharing === undefined ? {} : { sharing }),
        ...(lookup === undefined ? {} : { lookup }),
      })
      opened.push(http)
      return http
    },
    asOne: (http) => ({ ...http, close, usage }),
    usage,
    close,
  }
}

/** What a client has cost before its first request. */
export const unspent: SourceUsage = { requests: 0, retries: 0, waitedSeconds: 0 }

export function sum(one: SourceUsage, other: SourceUsage): SourceUsage {
  return {
    requests: one.requests + other.requests,
    retries: one.retries + other.retries,
    waitedSeconds: one.waitedSeconds + other.waitedSeconds,
  }
}

/** @throws {OutflowError} `config` when the file of `ca_file` is not there or holds no certificate */
async function readTrust({ ca_file }: ConfluenceSettings): Promise<string | undefined> {
  if (ca_file === undefined) return undefined
  const pem = await readFile(ca_file, 'utf8').catch((cause: unknown) => {
    throw unusableTrust(`The file ${ca_file} of \`ca_file\` cannot be read.`, cause)
  })
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw unusableTrust(`The file ${ca_file} of \`ca_file\` holds no certificate in PEM form.`)
  return pem
}

function unusableTrust(message: string, cause?: unknown): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'confluence.ca_file.unusable',
    message,
    fix: 'Name a readable file that begins with -----BEGIN CERTIFICATE-----.',
    cause,
  })
}

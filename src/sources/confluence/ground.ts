/**
 * What kind of Confluence an address leads to, found out by questions that anybody may ask: no credentials travel before the answer
 * is known.
 *
 * @module
 */

import type { HttpClient } from '../../kit/http.ts'
import type { CallContext } from '../../model/call.ts'
import { OutflowError } from '../../model/errors.ts'
import { parseAddress } from './address.ts'
import type { ConfluenceSettings } from './config.ts'

export interface Ground {
  readonly deployment: 'cloud' | 'data-center'
  /** Address of the site with its context path, no slash at the end. From a gateway address: the gateway's. */
  readonly baseUrl: string
  readonly cloudId?: string
  /** Data Center, where it says so without a sign-in. */
  readonly version?: string
  /** The address given was the gateway's: the site's own is not known yet. */
  readonly isGateway: boolean
  /** The site said nothing about itself, so that it is Data Center is a guess. */
  readonly assumed?: true
}

type GroundSettings = Pick<ConfluenceSettings, 'url' | 'cloud' | 'cloud_id'>

/** Where Data Center often lives when an address names the host alone. */
const usualPaths = ['', '/confluence', '/wiki'] as const

const refusals = [400, 401, 403, 404, 405, 410]

/**
 * @param http A client for the address's origin, without credentials.
 * @throws {OutflowError} `config` when the address cannot be that of a Confluence site, `transient` when it does not answer
 */
export async function findGround(
  settings: GroundSettings,
  http: HttpClient,
  { signal }: CallContext,
): Promise<Ground> {
  const address = parseAddress(settings.url)
  if (settings.cloud === false && address.deployment === 'cloud') throw cloudAfterAll(address.baseUrl)
  if (address.cloudId !== undefined)
    return { deployment: 'cloud', baseUrl: address.baseUrl, cloudId: address.cloudId, isGateway: true }
  if (address.deployment === 'cloud') refuseHttp(address.baseUrl)
  const isCloud = settings.cloud === true || address.deployment === 'cloud'
  if (isCloud) return cloudGround(address.baseUrl, settings.cloud_id ?? (await askTenant(http, signal)))
  const cloudId = settings.cloud === false ? undefined : await shrugged(askTenant(http, signal))
  if (cloudId !== undefined) return cloudGround(address.baseUrl, settings.cloud_id ?? cloudId)
  return dataCenterGround(address.baseUrl, http, signal)
}

/** Documents are known by the id of their site for ever: it is told, or nothing is read. */
function cloudGround(baseUrl: string, cloudId: string | undefined): Ground {
  refuseHttp(baseUrl)
  if (cloudId === undefined) throw unidentified(baseUrl)
  const { origin } = new URL(baseUrl)
  return { deployment: 'cloud', baseUrl: `${origin}/wiki`, isGateway: false, cloudId }
}

/** Undocumented, but answered by every Cloud site, also under a domain of its own: `{"cloudId": "…"}`. */
async function askTenant(http: HttpClient, signal: AbortSignal): Promise<string | undefined> {
  const { status, body } = await http.json<{ readonly cloudId?: unknown } | null>({
    ...{ path: '/_edge/tenant_info', accept: refusals, signal, retries: 1 },
  })
  const cloudId = status === 200 ? body?.cloudId : undefined
  return typeof cloudId === 'string' && cloudId !== '' ? cloudId : undefined
}

/** A server that knows nothing of the question may answer whatever it likes. */
const shrugged = (answer: Promise<string | undefined>) => silentAt(answer, shrugs)

const shrugs: readonly string[] = [
  'http.login_page',
  'http.not_json',
  'http.truncated',
  'http.server_error',
  'http.unavailable',
]

async function silentAt(
  answer: Promise<string | undefined>,
  codes: readonly string[],
): Promise<string | undefined> {
  try {
    return await answer
  } catch (thrown) {
    if (thrown instanceof OutflowError && codes.includes(thrown.code)) return undefined
    throw thrown
  }
}

async function dataCenterGround(baseUrl: string, http: HttpClient, signal: AbortSignal): Promise<Ground> {
  const { origin, pathname } = new URL(baseUrl)
  const paths = pathname === '/' ? usualPaths : [pathname]
  for (const path of paths) {
    const manifest = await askManifest(http, path, signal)
    if (manifest === undefined) continue
    if (manifest.product !== 'confluence') throw otherProduct(`${origin}${path}`, manifest.product)
    const version = manifest.version === undefined ? {} : { version: manifest.version }
    return { deployment: 'data-center', baseUrl: `${origin}${path}`, isGateway: false, ...version }
  }
  return { deployment: 'data-center', baseUrl, isGateway: false, assumed: true }
}

interface Manifest {
  readonly product: string
  readonly version?: string
}

/** Atlassian's server products introduce themselves to one another, without a sign-in, in XML (or JSON). */
async function askManifest(
  http: HttpClient,
  path: string,
  signal: AbortSignal,
): Promise<Manifest | undefined> {
  const question = { path: `${path}/rest/applinks/1.0/manifest`, accept: refusals, signal }
  // A site that wants a sign-in even for this has not said anything about itself: that is no error yet.
  const said = await silentAt(ask(http, question), ['http.login_page'])
  const product = valueIn(said ?? '', 'typeId')
  if (product === undefined) return undefined
  const version = valueIn(said ?? '', 'version')
  return version === undefined ? { product } : { product, version }
}

function valueIn(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]+)</|"${name}"\\s*:\\s*"([^"]+)"`).exec(text)?.slice(1).find(Boolean)
}

async function ask(
  http: HttpClient,
  { path, accept, signal }: { path: string; accept: readonly number[]; signal: AbortSignal },
): Promise<string | undefined> {
  const { status, body } = await http.text({ path, accept, signal, retries: 1 })
  return status === 200 ? body.trim() : undefined
}

function unidentified(baseUrl: string): OutflowError {
  return new OutflowError({
    kind: 'transient',
    code: 'confluence.site.unidentified',
    message: `${new URL(baseUrl).host} did not say which Cloud site it is.`,
    fix: 'Run again. Where a sign-in page stands in front of the site, set `cloud_id`; a site administrator finds it in the address of admin.atlassian.com.',
  })
}

function refuseHttp(baseUrl: string): void {
  const { origin, protocol, hostname } = new URL(baseUrl)
  if (protocol === 'http:' && !isLoopback(hostname)) throw useHttps(origin)
}

export function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/i.test(hostname)
}

function useHttps(origin: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'confluence.url.use_https',
    message: `${origin} is a Cloud site, and those are reached by https alone; no credential was sent.`,
    fix: `Write https:// in \`url\`: ${origin.replace(/^http:/, 'https:')}`,
  })
}

function cloudAfterAll(baseUrl: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'confluence.url.cloud_mismatch',
    message: `${baseUrl} is a Cloud site, but \`cloud\` says false.`,
    fix: 'Leave `cloud` out, or set it to true.',
  })
}

function otherProduct(address: string, product: string): OutflowError {
  return new OutflowError({
    kind: 'config',
    code: 'confluence.url.other_product',
    message: `${address} is ${product[0]?.toUpperCase()}${product.slice(1)}, not Confluence.`,
    fix: 'Open Confluence in a browser and copy its address.',
  })
}

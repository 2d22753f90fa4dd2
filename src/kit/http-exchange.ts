/**
 * One request and its answer, redirects included. Here is decided where credentials may go, and nowhere else.
 *
 * @module
 */

import { isIP, type LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { type RequestMessage, requestChannel } from '../model/diagnostics.ts'
import { OutflowError } from '../model/errors.ts'
import { type Headers, headerOf } from './http-rate.ts'

export interface Order {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly signal: AbortSignal
  /** Whether a host other than the origin may be asked (never with credentials). */
  readonly mayLeaveFor: (url: URL) => boolean
  /** Without credentials, wherever it leads, and never to the origin: where others name the address, it may be one of the origin's secrets. */
  readonly foreign?: true
  /** Where the body of a success goes, instead of being kept in memory. */
  readonly sink?: Sink
  /** Told of each part of a body that goes to the sink. */
  readonly onBytes?: (bytes: number) => void
}

/** An answer without its body. */
export type Head = Pick<Answer, 'url' | 'status' | 'headers'>

/** Takes bodies as they come. Where one broke off, the same order is sent again, and the sink says what is still missing. */
export interface Sink {
  /** To be sent along with the next try. */
  headers(): Readonly<Record<string, string>>
  /** @returns the bytes that came */
  take(head: Head, body: AsyncIterable<Buffer>): Promise<number>
}

export interface Answer {
  /** Where it came from in the end. */
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
  /** Bytes that travelled, before decompression. */
  readonly bytes: number
  /** Whether our credentials were shown for it. */
  readonly signedIn: boolean
}

export interface ExchangeOptions {
  /** `scheme://host:port`, as `URL.origin` spells it. */
  readonly origin: string
  readonly authorization: string | undefined
  readonly dispatcher: Dispatcher
  /** The dispatcher's own, if it has one: asked about addresses that are no names, too. */
  readonly lookup?: LookupFunction | undefined
  /** Told of each request before it leaves. */
  readonly onSend: () => void
}

const mostRedirects = 5
/** Node cannot make a string much longer than twice this. */
const mostBytes = 256 * 1024 * 1024
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const unzip = promisify(gunzip)
const unbrotli = promisify(brotliDecompress)

/** What sign-in pages elsewhere have in their addresses. */
const foreignSignIn = /log-?in|sign-?in|sso\b|saml|oauth|openid|adfs|\bauth|\bidp\b|os_destination/i
/** Sign-in pages of Confluence itself and its single sign-on plugins; a space may well be called AUTH. */
const ownSignIn =
  /\/(?:(?:do)?log-?in|sign-?in|authenticate)(?:\.\w+|\/|\?|$)|os_destination=|\/servlet\/(?:saml|sso|oauth|oidc|external-login)/i

/**
 * @returns a function that throws `OutflowError` for a redirect that must not be followed, and whatever the connection throws.
 */
export function createExchange(options: ExchangeOptions): (order: Order) => Promise<Answer> {
  async function send(order: Order, told: RequestMessage): Promise<{ answer: Answer; next?: URL }> {
    const { url, method, signal } = order
    const signedIn = !order.foreign && options.authorization !== undefined && url.origin === options.origin
    options.onSend()
    const response = await options.dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: {
        'user-agent': 'Outflow',
        'accept-encoding': 'gzip, br',
        ...order.headers,
        ...order.sink?.headers(),
        ...(signedIn ? { authorization: options.authorization! } : {}),
      },
      body: order.body ?? null,
      signal,
    })
    const { statusCode: status, headers } = response
    told.status = status
    const { body, bytes } = await receive(order, { url, status, headers }, response.body)
    const answer: Answer = { url, status, headers, body, bytes, signedIn }
    const location = redirects.has(status) ? headerOf(headers, 'location') : undefined
    return location === undefined ? { answer } : { answer, next: new URL(location, url) }
  }

  return async function exchange(order) {
    let current = order
    for (let hop = 0; hop <= mostRedirects; hop++) {
      checkDestination(current, options.origin)
      if (current.url.origin !== options.origin) await checkAddress(current.url, options.lookup)
      const told: RequestMessage = { method: current.method, url: current.url }
      const { answer, next } = await requestChannel.tracePromise(send, told, undefined, current, told)
      if (next === undefined) return answer
      checkRedirect(current, next, options.origin)
      current = redirected(current, next, answer.status)
    }
    throw new OutflowError({
      kind: 'config',
      code: 'http.redirect_loop',
      message: `${order.url.host} keeps redirecting ${order.url.pathname}: more than ${mostRedirects} times.`,
      fix: 'Open `url` in a browser and use the address it ends at. A loop is often a proxy that wants a browser’s cookies.',
    })
  }
}

/** @throws {OutflowError} `bug` for a request to a host that neither the settings nor the caller name. */
function checkDestination({ url, mayLeaveFor, foreign }: Order, origin: string) {
  if (url.origin === origin ? !foreign : mayLeaveFor(url)) return
  throw new OutflowError({
    kind: 'bug',
    code: 'http.foreign_host',
    message: `A request to ${url.host} was stopped: the settings name ${new URL(origin).host} alone.`,
    fix: 'Please report this with the command that led to it.',
  })
}

/** A socket looks up names alone; an address in place of one has to pass all the same. */
async function checkAddress({ hostname }: URL, lookup: LookupFunction | undefined): Promise<void> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  if (!lookup || isIP(host) === 0) return
  await new Promise<void>((resolve, reject) => {
    lookup(host, { all: true }, (error) => (error ? reject(error) : resolve()))
  })
}

/** @throws {OutflowError} `credentials` for the way to a login page, `config` for any other host that nobody named. */
function checkRedirect({ url, mayLeaveFor, foreign }: Order, next: URL, origin: string) {
  const home = next.origin === origin
  if (foreign && home) throw redirectRefused(url, next)
  const wantsSignIn = home ? ownSignIn.test(next.pathname + next.search) : foreignSignIn.test(next.href)
  if (home && !wantsSignIn) return
  if (!home && mayLeaveFor(next)) return
  if (!home && next.protocol === 'https:' && url.protocol === 'http:' && next.hostname === url.hostname)
    throw new OutflowError({
      kind: 'config',
      code: 'http.use_https',
      message: `${url.host} sends http visitors on to https, and credentials never travel by http on the way there.`,
      fix: `Write https:// in \`url\`: https://${next.host}`,
    })
  if (wantsSignIn) throw loginPage(url, `sent us on to a sign-in page at ${next.host}`)
  throw redirectRefused(url, next)
}

const redirectRefused = (url: URL, next: URL): OutflowError =>
  new OutflowError({
    kind: 'config',
    code: 'http.redirect_refused',
    message: `${url.host} redirects ${url.pathname} to ${next.origin}, which the settings do not name; nothing was sent there.`,
    fix: `If ${next.host} is your Confluence, use its address as \`url\`.`,
  })

/** Instead of data, the site wants somebody to sign in. */
export function loginPage(url: URL, what: string): OutflowError {
  return new OutflowError({
    kind: 'credentials',
    code: 'http.login_page',
    message: `${url.host} did not accept our sign-in: for ${url.pathname} it ${what} instead of data.`,
    fix: 'Check the credentials. Where single sign-on stands in front of Confluence, its administrator has to let API calls with tokens through.',
  })
}

function redirected(order: Order, next: URL, status: number): Order {
  const url = new URL(next)
  url.username = ''
  url.password = ''
  const keepsMethod = order.method === 'GET' || status === 307 || status === 308
  return keepsMethod ? { ...order, url } : { ...order, url, method: 'GET', body: undefined }
}

async function receive(
  { sink, onBytes }: Order,
  head: Head,
  stream: AsyncIterable<Buffer>,
): Promise<{ body: Buffer; bytes: number }> {
  const { status, headers, url } = head
  if (!sink || (status !== 200 && status !== 206)) return readBody(stream, headers, url)
  return { body: Buffer.alloc(0), bytes: await sink.take(head, counted(stream, onBytes)) }
}

async function* counted(stream: AsyncIterable<Buffer>, onBytes: Order['onBytes']): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    onBytes?.(chunk.length)
    yield chunk
  }
}

async function readBody(
  stream: AsyncIterable<Buffer>,
  headers: Headers,
  url: URL,
): Promise<{ body: Buffer; bytes: number }> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > mostBytes) throw tooLarge(url, mostBytes)
    chunks.push(chunk)
  }
  const raw = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes)
  return { body: await decompressed(raw, headerOf(headers, 'content-encoding'), url), bytes }
}

async function decompressed(raw: Buffer, encoding: string | undefined, url: URL): Promise<Buffer> {
  if (raw.length === 0) return raw
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') return await unzip(raw, { maxOutputLength: mostBytes })
    if (encoding === 'br') return await unbrotli(raw, { maxOutputLength: mostBytes })
    return raw
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(url, mostBytes)
    throw thrown
  }
}

/** @param most bytes that it may have */
export function tooLarge(url: URL, most: number): OutflowError {
  return new OutflowError({
    kind: 'content',
    code: 'http.answer_too_large',
    message: `The answer to ${url.pathname} is larger than ${Math.round(most / 1_000_000)} MB.`,
    fix: 'Nothing that Confluence sends as text should be this large, and no file larger than it says; look at it in a browser.',
  })
}

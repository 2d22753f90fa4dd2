/**
 * The one HTTP client: pooled connections, sign-in, retry, limits, redaction, and the table from status to error.
 *
 * @module
 */

import type { LookupFunction } from 'node:net'
import { getCACertificates } from 'node:tls'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import type { SourceUsage } from '../model/contracts.ts'
import { OutflowError } from '../model/errors.ts'
import { backoff } from '../util/backoff.ts'
import { createLimiter } from '../util/limiter.ts'
import { redactor, secretsOf } from '../util/redact.ts'
import { type Answer, createExchange, type Order, type Sink } from './http-exchange.ts'
import { createFileSink } from './http-file.ts'
import { networkProblem, timeoutError } from './http-network.ts'
import { createPace } from './http-pace.ts'
import { serverTime } from './http-rate.ts'
import { processSharing, type Sharing } from './http-sharing.ts'
import {
  type Asked,
  defaultRetries,
  fewRetries,
  judge,
  type Retry,
  readJson,
  type Setback,
  textOf,
  type Verdict,
} from './http-verdict.ts'

export interface HttpOptions {
  /** Where credentials may go; scheme, host and port are compared parsed, on each request and each redirect. */
  readonly origin: string
  /** Value of the `Authorization` header; absent = anonymous. Never appears in errors or events. */
  readonly authorization?: string
  /** PEM certificates to trust beside the system's. */
  readonly ca?: string
  /** Proxy URL. */
  readonly proxy?: string
  /** Parallel requests. */
  readonly concurrency: number
  readonly requestsPerSecond?: number
  /** How long one request may wait in all for a site that asks for patience, in seconds. */
  readonly patience: number
  /** How long one answer may take, in seconds. */
  readonly timeout: number
  /** Told whenever the client waits for the site's sake: it was asked to, goes slower as a budget runs low, or tries again. */
  readonly onWait?: (seconds: number, reason: string) => void
  /** Whom it shares pauses, budget and parallel requests with. Default: all clients of this process with its origin and credential. */
  readonly sharing?: Sharing
  /** Finds the address of a host, and may refuse it: what it throws is what the call throws. Default: the system's. */
  readonly lookup?: LookupFunction
}

export interface HttpRequest {
  /** `POST` is for questions with a body: it is retried as `GET` is, except after a 500. */
  readonly method?: 'GET' | 'POST'
  /** Absolute path on the origin, or an absolute URL. Another host than the origin's has to pass `allowRedirectTo`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>
  /** Sent as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /**
   * Statuses that the caller wants to see instead of an error, and without a retry. With 504, an answer that is late or breaks off on
   * its way is not retried either: an error at once. A site that asks for patience is given it whatever the status.
   */
  readonly accept?: readonly number[]
  /**
   * At most so many retries of what failed, where fewer than usual are wanted. A site that asks for patience is given it all the same.
   */
  readonly retries?: number
  /** Hosts beside the origin that may be asked, by redirect or directly, such as a media host; never with credentials. Default: none. */
  readonly allowRedirectTo?: (url: URL) => boolean
}

interface SaveTarget {
  /** Path of the file that is made; there must be none yet. */
  readonly file: string
  /** Bytes that it may have at most. */
  readonly most: number
}

interface SaveRequest extends HttpRequest, SaveTarget {}

interface ForeignRequest extends SaveTarget {
  readonly url: URL
  /** Whether this host may be asked; the one that it redirects to has to pass as well. */
  readonly isAllowed: (url: URL) => boolean
  readonly signal: AbortSignal
}

export interface HttpResponse<Body> {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Body
  /** What travelled, compressed as it came. */
  readonly bytes: number
}

export interface HttpClient {
  /** @throws {OutflowError} when the answer is not JSON: a login page instead of an answer is `credentials`, never data. */
  json<Body>(request: HttpRequest): Promise<HttpResponse<Body>>
  text(request: HttpRequest): Promise<HttpResponse<string>>
  /**
   * Streams an answer to a file. What broke off is gone on from where the server can do that. Its time is up when nothing comes any more,
   * not when all of it takes long.
   *
   * @throws {OutflowError} also kind `content`, `http.answer_too_large`; then, as after every error, there may be a part of the file
   */
  save(request: SaveRequest): Promise<HttpResponse<undefined>>
  /**
   * The same from a host that is not the origin: tried once, without credentials, never at the origin, and whatever comes of it changes nothing
   * for other requests.
   *
   * @throws {OutflowError} kind `content`, code `http.foreign_unavailable` or `http.answer_too_large`
   */
  saveForeign(request: ForeignRequest): Promise<HttpResponse<undefined>>
  usage(): SourceUsage
  /** How far the site's clock is ahead of ours, by its latest answer, in milliseconds; 0 as long as it has not said. */
  clockAhead(): number
  close(): Promise<void>
}

/**
 * Opens nothing yet: connections come with the first request.
 *
 * What is retried, and how often, stands in `http-verdict.ts` and `http-network.ts`; all waiting of one request together never
 * exceeds `patience`. Every wait ends at once when the request's signal is aborted, with the signal's reason.
 *
 * @throws {OutflowError} from its calls: `credentials`, `permission`, `missing`, `throttled`, `transient`, `config`; codes `http.…`.
 */
export function createHttp(options: HttpOptions): HttpClient {
  const origin = new URL(options.origin).origin
  const dispatcher = createDispatcher(options)
  const shared = (options.sharing ?? processSharing).join({ ...options, origin }, options.concurrency)
  const places = createLimiter(options.concurrency)
  const pace = createPace({ ...options, throttle: shared.throttle, host: new URL(origin).host })
  const redact = redactor([...secretsOf(options.authorization), ...secretsOfProxy(options.proxy)])
  let requests = 0
  let retries = 0
  let answered = false
  let clockAhead = 0
  /** Set by the answer after which nothing more may be sent. */
  let stopped: OutflowError | undefined

  const exchange = createExchange({
    origin,
    authorization: options.authorization,
    dispatcher,
    lookup: options.lookup,
    onSend: () => requests++,
  })

  /** One try: an answer with its verdict, or a verdict on there being none. */
  async function attempt(order: Order, asked: Asked): Promise<{ answer?: Answer; verdict: Verdict }> {
    const deadline = startDeadline(order.signal, options.timeout)
    let told: Answer['headers'] | undefined
    try {
      if (stopped) throw stopped
      const answer = await exchange({ ...order, signal: deadline.signal, onBytes: deadline.moved })
      answered = true
      clockAhead = serverTime(answer.headers) - Date.now()
      // Another host, such as one for media, has another budget.
      if (answer.signedIn || options.authorization === undefined) told = answer.headers
      return { answer, verdict: judge(answer, asked) }
    } catch (thrown) {
      order.signal.throwIfAborted()
      if (thrown instanceof OutflowError) throw thrown
      return { verdict: deadline.passed() ? tooLate(order) : unanswered(thrown, order) }
    } finally {
      deadline.clear()
      await pace.ended(told)
    }
  }

  async function askForeign(order: Order): Promise<Answer> {
    const deadline = startDeadline(order.signal, options.timeout)
    try {
      const answer = await exchange({ ...order, signal: deadline.signal, onBytes: deadline.moved })
      if (answer.status === 200) return answer
      throw foreignUnavailable(order.url, `it answers with ${answer.status}`)
    } catch (thrown) {
      order.signal.throwIfAborted()
      if (thrown instanceof OutflowError && ['bug', 'content'].includes(thrown.kind)) throw thrown
      const reason = thrown instanceof OutflowError ? thrown.code : 'it cannot be reached'
      throw foreignUnavailable(order.url, deadline.passed() ? 'it takes too long' : reason, thrown)
    } finally {
      deadline.clear()
    }
  }

  function tooLate({ url }: Order): Setback {
    const error = timeoutError(url, options.timeout)
    const reason = `an answer took longer than ${options.timeout} s`
    return { outcome: 'retry', error, retries: fewRetries, everybody: false, notAcross: true, reason }
  }

  /** A host that has answered before is there: only then is every network trouble worth another try. */
  function unanswered(thrown: unknown, { url }: Order): Setback {
    const { error, settled } = networkProblem(thrown, url, options.proxy)
    if (settled && !answered) return { outcome: 'failed', error, forGood: false }
    const retry = { outcome: 'retry', error, retries: defaultRetries, everybody: false } as const
    const broken = error.code === 'http.connection_broken'
    return { ...retry, ...(broken ? { notAcross: true } : {}), reason: error.message }
  }

  const inPlace = <Result>(signal: AbortSignal, task: () => Promise<Result>) =>
    places.run(signal, () => shared.limiter.run(signal, task))

  /** Tries until `read` is content with an answer. */
  async function perform<Result>(request: HttpRequest, read: Reader<Result>, sink?: Sink): Promise<Result> {
    const order = { ...orderFor(request, origin), ...(sink && { sink }) }
    const asked: Asked = { method: order.method, accept: request.accept ?? [] }
    let waited = 0
    for (let retry = 0; ; retry++) {
      const { answer, verdict } = await inPlace(request.signal, async () => {
        waited += await pace.turn(options.patience - waited, request.signal)
        return attempt(order, asked)
      })
      const outcome = verdict.outcome === 'answered' ? read(answer!) : { verdict }
      if ('result' in outcome) return outcome.result
      const next = outcome.verdict
      if (next.outcome === 'failed' && next.forGood) stopped = next.error
      if (next.outcome !== 'retry' || (next.notAcross && asked.accept.includes(504))) throw next.error
      if (retry >= retriesLeft(next, request.retries)) throw next.error
      waited += await waitForRetry(next, retry, { left: options.patience - waited, signal: request.signal })
      retries++
    }
  }

  /** @returns the seconds that this request waited here; a pause for everybody is waited out at the next turn. */
  async function waitForRetry(
    { error, after, everybody, reason }: Retry,
    retry: number,
    { left, signal }: { left: number; signal: AbortSignal },
  ): Promise<number> {
    // A site that says "0 seconds" over and over is still met with growing waits.
    const seconds = Math.max(after ?? 0, backoff(retry))
    if (everybody) await pace.pause(seconds, reason)
    if (seconds > left) throw outOfPatience(error, options.patience)
    if (everybody) return 0
    await pace.rest(seconds, reason, signal)
    return seconds
  }

  /** Whatever a server says may end in an error's words: titles, traces, hosts it redirects to. No secret gets out with them. */
  async function discreetly<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work
    } catch (thrown) {
      throw thrown instanceof OutflowError ? redacted(thrown, redact) : thrown
    }
  }

  /** @param fetch sends what is asked for to the sink */
  async function toFile(
    { file, most }: SaveTarget,
    fetch: (sink: Sink) => Promise<Answer>,
  ): Promise<HttpResponse<undefined>> {
    const sink = await createFileSink(file, most)
    try {
      return { ...responseOf(await discreetly(fetch(sink)), undefined), bytes: sink.size() }
    } finally {
      await sink.close()
    }
  }

  return {
    json: <Body>(request: HttpRequest) => discreetly(perform(request, readJsonAnswer<Body>)),
    text: (request) =>
      discreetly(perform(request, (answer) => ({ result: responseOf(answer, textOf(answer)) }))),
    save: (request) => toFile(request, (sink) => perform(request, (result) => ({ result }), sink)),
    saveForeign(request) {
      const { url, isAllowed: allowRedirectTo, signal } = request
      const order = orderFor({ path: url.href, signal, allowRedirectTo }, origin)
      return toFile(request, (sink) => inPlace(signal, () => askForeign({ ...order, foreign: true, sink })))
    },
    clockAhead: () => clockAhead,
    usage: () => ({ requests, retries, waitedSeconds: pace.waitedSeconds() }),
    close() {
      shared.leave()
      return dispatcher.destroy()
    },
  }
}

const foreignUnavailable = ({ host, pathname }: URL, reason: string, cause?: unknown): OutflowError =>
  new OutflowError({
    kind: 'content',
    code: 'http.foreign_unavailable',
    message: `${host} does not give ${pathname}: ${reason}.`,
    fix: 'Open the address in a browser. Only what it shows to everybody can be had.',
    cause,
  })

function retriesLeft({ retries, everybody }: Retry, wanted: number = retries): number {
  return everybody ? retries : Math.min(retries, wanted)
}

type Reader<Result> = (answer: Answer) => { readonly result: Result } | { readonly verdict: Setback }

function readJsonAnswer<Body>(answer: Answer) {
  const read = readJson(answer)
  return 'data' in read ? { result: responseOf(answer, read.data as Body) } : read
}

function responseOf<Body>({ status, headers, bytes }: Answer, body: Body): HttpResponse<Body> {
  return { status, headers, body, bytes }
}

/** HTTP/1.1 with one request per connection at a time; as many connections as parallel requests, kept alive. */
function createDispatcher({ ca, proxy, concurrency, lookup }: HttpOptions): Dispatcher {
  const trust =
    ca === undefined ? {} : { ca: [...getCACertificates('default'), ...getCACertificates('system'), ca] }
  const first = { ...trust, ...(lookup && { lookup }) }
  const pool = {
    connections: concurrency,
    pipelining: 1,
    allowH2: false,
    // Each request brings its own deadline.
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  return proxy === undefined
    ? new Agent({ ...pool, connect: first })
    : new ProxyAgent({ ...pool, uri: proxy, requestTls: trust, proxyTls: first })
}

function orderFor(request: HttpRequest, origin: string): Order {
  const url = new URL(request.path, origin)
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value === undefined) continue
    for (const each of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(each))
  }
  const hasBody = request.body !== undefined
  return {
    method: request.method ?? 'GET',
    url,
    headers: {
      accept: 'application/json, */*;q=0.5',
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...request.headers,
    },
    body: hasBody ? JSON.stringify(request.body) : undefined,
    signal: request.signal,
    mayLeaveFor: request.allowRedirectTo ?? (() => false),
  }
}

/** What has to come of a streamed answer in the time that one may take. */
const enoughBytes = 256_000

/** A signal of its own for one try, which leaves no listener behind on the caller's long-lived one. */
function startDeadline(signal: AbortSignal, seconds: number) {
  const controller = new AbortController()
  let passed = false
  const cancel = () => controller.abort(signal.reason)
  const timer = setTimeout(() => {
    passed = true
    controller.abort()
  }, seconds * 1000)
  if (signal.aborted) cancel()
  else signal.addEventListener('abort', cancel, { once: true })
  let bytes = 0
  return {
    signal: controller.signal,
    passed: () => passed,
    /** Time begins anew whenever enough has come: a trickle is none. */
    moved(some: number) {
      bytes += some
      if (bytes < enoughBytes) return
      bytes = 0
      timer.refresh()
    },
    clear() {
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
    },
  }
}

function secretsOfProxy(proxy: string | undefined): string[] {
  const password = proxy === undefined ? '' : new URL(proxy).password
  return password === '' ? [] : [password, decodeURIComponent(password)]
}

/** The error itself unless it, or what caused it, tells a secret; then another one without the cause. */
function redacted(error: OutflowError, redact: (text: string) => string): OutflowError {
  const { kind, code, message, fix } = error
  const told = [message, fix ?? '', ...causesOf(error)]
  if (told.every((text) => redact(text) === text)) return error
  return new OutflowError({ kind, code, message: redact(message), ...(fix ? { fix: redact(fix) } : {}) })
}

const causesOf = ({ cause }: Error): string[] =>
  cause instanceof Error ? [cause.message, ...causesOf(cause)] : []

/** Throttling that outlasts patience stays throttling; any other trouble keeps its own name. */
function outOfPatience(error: OutflowError, patience: number): OutflowError {
  const { kind, code, message, fix } = error
  const given = `${message} (given up: the patience of ${patience} s for one request is used up)`
  return new OutflowError({ kind, code, message: given, ...(fix ? { fix } : {}), cause: error })
}

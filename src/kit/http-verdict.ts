/**
 * The one table from an answer to what becomes of it: data, another try, or an error.
 *
 * @module
 */

import { type ErrorKind, OutflowError } from '../model/errors.ts'
import { parseRetryAfter } from '../util/retry-after.ts'
import { type Answer, loginPage } from './http-exchange.ts'
import { messageOf, traceOf } from './http-message.ts'
import { budgetBackIn, headerOf, readRateState, serverTime } from './http-rate.ts'

export type Verdict = { readonly outcome: 'answered' } | Setback

export type Setback =
  | Retry
  /** `forGood`: no further request of this client may leave. */
  | { readonly outcome: 'failed'; readonly error: OutflowError; readonly forGood: boolean }

export interface Retry {
  readonly outcome: 'retry'
  /** What to throw when no try is left. */
  readonly error: OutflowError
  /** How many retries at most; time is bounded besides, by the client's patience. */
  readonly retries: number
  /** As the site asked, in seconds; absent = our own backoff. */
  readonly after?: number
  /** Whether every other request has to wait as well. */
  readonly everybody: boolean
  /** The answer was late or broke off on its way: to who accepts a 504 that is the same. */
  readonly notAcross?: true
  readonly reason: string
}

/** What the verdict needs to know of the request. */
export interface Asked {
  readonly method: 'GET' | 'POST'
  readonly accept: readonly number[]
}

/**
 * Retries for troubles that pass: half a minute on average, which a restart behind a load balancer takes. 429, and 503 with a date,
 * are bounded by patience instead.
 */
export const defaultRetries = 7
/** For what costs the site much work each time. */
export const fewRetries = 2
/** For a site that asks for time: it is given what the client has. */
const untilPatienceEnds = Number.POSITIVE_INFINITY
/** A site that wants more patience than this has blocked the account (Data Center sends 2^63-1). */
const longestRetryAfter = 3600

interface Meaning {
  readonly kind: ErrorKind
  readonly code: string
  readonly said: string
  readonly fix: string
}

const transient = (code: string, said: string): Meaning => ({
  kind: 'transient',
  code,
  said,
  fix: 'Run again later; nothing that was done is lost.',
})

/** What a status means when it is final. */
const meanings: Readonly<Record<number, Meaning>> = {
  401: {
    kind: 'credentials',
    code: 'http.unauthorized',
    said: 'did not accept our sign-in',
    fix: 'Check the credentials: that they are complete, not expired or revoked, and of the kind this site takes.',
  },
  403: {
    kind: 'permission',
    code: 'http.forbidden',
    said: 'does not allow this account',
    fix: 'Somebody who administers the space or the site can give the account the permission.',
  },
  404: {
    kind: 'missing',
    code: 'http.not_found',
    said: 'has nothing for this account',
    fix: 'It was deleted, or this account may not see it; Confluence answers the same to both.',
  },
  407: {
    kind: 'config',
    code: 'http.proxy_refused',
    said: 'cannot be reached: the proxy wants a sign-in',
    fix: 'Put user and password into `proxy`: http://user:password@host:port.',
  },
  410: {
    kind: 'missing',
    code: 'http.gone',
    said: 'has removed what was asked for',
    fix: 'If this is about a part of the API, a newer Outflow may know its successor.',
  },
  429: {
    kind: 'throttled',
    code: 'http.throttled',
    said: 'keeps asking us to slow down',
    fix: 'Run again later, or lower `concurrency` and `requests_per_second`.',
  },
  500: transient('http.server_error', 'failed'),
  502: transient('http.unavailable', 'cannot be reached behind its gateway'),
  503: transient('http.unavailable', 'is not available'),
  504: transient('http.unavailable', 'took too long'),
}

const rejected: Meaning = {
  kind: 'bug',
  code: 'http.rejected',
  said: 'did not understand a request',
  fix: 'Please report this with the command that led to it.',
}

const scopeMissing: Meaning = {
  kind: 'permission',
  code: 'http.scope_missing',
  said: 'says that the token lacks a scope',
  fix: 'Create a token with the scopes that docs/confluence/sign-in.md lists.',
}

/** By status and headers alone; whether an accepted answer is the JSON that was wanted, `readJson` says. */
export function judge(answer: Answer, asked: Asked): Verdict {
  const refusal = refusedLogin(answer)
  if (refusal !== undefined) return { outcome: 'failed', error: refusal, forGood: true }
  const throttle = throttleIn(answer)
  const welcome = (answer.status >= 200 && answer.status < 300) || asked.accept.includes(answer.status)
  if (welcome && throttle !== 'said') return { outcome: 'answered' }
  if (throttle !== undefined) return throttled(answer, asked, throttle)
  const error = errorFor(answer, asked)
  const retries = retriesFor(answer.status, asked.method)
  if (retries === 0) return { outcome: 'failed', error, forGood: false }
  const after = answer.status === 503 ? retryAfter(answer) : undefined
  if (after !== undefined && after > longestRetryAfter) return { outcome: 'failed', error, forGood: false }
  const reason = `the site answered ${answer.status}`
  return after === undefined
    ? { outcome: 'retry', error, retries, everybody: false, reason }
    : { outcome: 'retry', error, retries: untilPatienceEnds, after, everybody: true, reason }
}

const retryAfter = ({ headers }: Answer) => parseRetryAfter(headers['retry-after'], serverTime(headers))

function retriesFor(status: number, method: 'GET' | 'POST'): number {
  if (status === 502 || status === 503 || status === 504) return defaultRetries
  return status === 500 && method === 'GET' ? fewRetries : 0
}

function throttled(answer: Answer, asked: Asked, evidence: 'said' | 'counted'): Setback {
  const after = retryAfter(answer)
  if (after !== undefined && after > longestRetryAfter)
    return { outcome: 'failed', error: blocked(answer, after), forGood: true }
  const reason = `the site asked us to slow down (${[answer.status, ...limitNamed(answer)].join(', ')})`
  const retry = { outcome: 'retry', everybody: true, reason } as const
  if (evidence === 'counted') return { ...retry, error: errorFor(answer, asked), retries: fewRetries }
  const error = errorFor(answer, asked, meanings[429])
  const wait = after ?? budgetBack(answer)
  return { ...retry, error, retries: untilPatienceEnds, ...(wait === undefined ? {} : { after: wait }) }
}

/** For a refusal that names no time itself. What no budget takes to come back is a wrong date. */
function budgetBack({ headers }: Answer): number | undefined {
  const state = readRateState(headers)
  const seconds = state && budgetBackIn(state)
  return seconds !== undefined && seconds <= longestRetryAfter ? seconds : undefined
}

/** Cloud has several limits, and says which one was reached: `confluence-quota-tenant-based`. */
function limitNamed({ headers }: Answer): readonly string[] {
  const name = headerOf(headers, 'ratelimit-reason') ?? ''
  return /^[a-z-]{1,60}$/.test(name) ? [name] : []
}

function blocked(answer: Answer, after: number): OutflowError {
  const wait = after > 1e9 ? 'for ever' : `${(after / 3600).toFixed(1)} hours`
  return new OutflowError({
    kind: 'throttled',
    code: 'http.blocked',
    message: `${answer.url.host} tells this account to wait ${wait} before its next request: its request budget is used up or set to nothing.`,
    fix: 'A Confluence administrator can raise the limit for this account under Rate limiting, or exempt it.',
  })
}

/**
 * Data Center behind some proxies says 403 where it means 429. Its own words or a date to come back are believed; an empty budget
 * alone may be a coincidence.
 */
function throttleIn({ status, headers, body }: Answer): 'said' | 'counted' | undefined {
  if (status === 429) return 'said'
  if (status !== 403) return undefined
  if (headers['retry-after'] !== undefined) return 'said'
  if (body.length < 10_000 && /rate.?limit|too many requests/i.test(body.toString())) return 'said'
  return headerOf(headers, 'x-ratelimit-remaining') === '0' ? 'counted' : undefined
}

/**
 * Confluence says in headers what became of a login, also when it then serves the request as an anonymous visitor's. After a refused
 * one nothing more is sent: each further try brings the account closer to a lock, and an anonymous visitor's view is no data.
 */
function refusedLogin({ url, headers, signedIn }: Answer): OutflowError | undefined {
  if (!signedIn) return undefined
  const reason = [headers['x-seraph-loginreason'] ?? ''].flat().join()
  if (/AUTHENTICATION_DENIED/i.test(reason))
    return credentialError('http.captcha', {
      message: `${url.host} has locked this account for the API after failed logins: it wants a CAPTCHA solved.`,
      fix: 'Sign in once with a browser as this account and solve the CAPTCHA (or have an administrator reset the failed logins), then correct the password.',
    })
  if (/AUTHENTICATED_FAILED/i.test(reason))
    return credentialError('http.unauthorized', {
      message: `${url.host} did not accept our sign-in (${url.pathname}). No further request was sent.`,
      fix: meanings[401]!.fix,
    })
  if (headerOf(headers, 'x-ausername') !== 'anonymous') return undefined
  return credentialError('http.anonymous', {
    message: `${url.host} took no notice of our sign-in and answered ${url.pathname} as to an anonymous visitor.`,
    fix: meanings[401]!.fix,
  })
}

function credentialError(code: string, words: { message: string; fix: string }): OutflowError {
  return new OutflowError({ kind: 'credentials', code, ...words })
}

function errorFor(answer: Answer, asked: Asked, final?: Meaning): OutflowError {
  const words = messageOf(answer.body.subarray(0, 100_000).toString())
  const meaning = final ?? meaningOf(answer, words)
  const trace = traceOf(answer.headers)
  const details = [words === undefined ? '' : `: ${words}`, trace ? ` (trace ${trace})` : '']
  return new OutflowError({
    kind: meaning.kind,
    code: meaning.code,
    message: `${answer.url.host} ${meaning.said}: ${asked.method} ${answer.url.pathname} answered ${answer.status}${details.join('')}`,
    fix: meaning.fix,
  })
}

function meaningOf({ status, signedIn }: Answer, words: string | undefined): Meaning {
  if ((status === 401 || status === 403) && /scope/i.test(words ?? '')) return scopeMissing
  if (status === 400 && /plain HTTP request was sent to HTTPS/i.test(words ?? '')) return httpsWanted
  if (status === 401 && !signedIn) return meanings[403]!
  return meanings[status] ?? (status >= 500 ? meanings[500]! : rejected)
}

const httpsWanted: Meaning = {
  kind: 'config',
  code: 'http.use_https',
  said: 'speaks https on this port',
  fix: 'Write https:// in `url`.',
}

/** Data, or what stands in its place. */
export function readJson(answer: Answer): { readonly data: unknown } | { readonly verdict: Setback } {
  if (answer.body.length === 0) return { data: undefined }
  const isSuccess = answer.status < 300
  try {
    return { data: JSON.parse(textOf(answer)) }
  } catch (thrown) {
    if (!isSuccess) return { data: undefined }
    return { verdict: looksLikePage(answer) ? webPage(answer) : truncated(answer, thrown) }
  }
}

/** UTF-8 without a byte order mark. */
export function textOf({ body }: Answer): string {
  const text = body.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function looksLikePage({ headers, body }: Answer): boolean {
  if (/html/i.test(headerOf(headers, 'content-type') ?? '')) return true
  return /^\s*<(!doctype html|html)/i.test(body.subarray(0, 200).toString())
}

function webPage(answer: Answer): Setback {
  const start = answer.body.subarray(0, 100_000).toString()
  const title = messageOf(start)
  const named = title === undefined ? 'a web page' : `a web page ("${title}")`
  if (/log.?in|sign.?in|sso\b|saml|password|auth/i.test(start))
    return { outcome: 'failed', forGood: false, error: loginPage(answer.url, `showed ${named} to sign in`) }
  const error = new OutflowError({
    kind: 'config',
    code: 'http.not_json',
    message: `${answer.url.host} answered ${answer.url.pathname} with ${named} instead of data.`,
    fix: 'Check that `url` is the address of Confluence itself, with its path (such as /confluence) where it has one.',
  })
  return { outcome: 'failed', error, forGood: false }
}

function truncated({ url, bytes }: Answer, cause: unknown): Setback {
  const error = new OutflowError({
    kind: 'transient',
    code: 'http.truncated',
    message: `The answer of ${url.host} to ${url.pathname} is not complete JSON (${bytes} bytes came).`,
    fix: 'Run again; if it stays, a proxy between here and the site cuts long answers.',
    cause,
  })
  const reason = 'an answer was cut off'
  return { outcome: 'retry', error, retries: fewRetries, everybody: false, notAcross: true, reason }
}

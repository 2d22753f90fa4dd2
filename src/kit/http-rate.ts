/**
 * What a site's rate-limit headers say, in either of Atlassian's dialects, as one plain fact: how far apart requests should be.
 *
 * Cloud: `X-RateLimit-Limit`, `-Remaining`, `-Reset` (a date) and `-NearLimit` (`true` below a fifth). Data Center (7.3 and
 * later, a token bucket): `-Limit`, `-Remaining`, `-Interval-Seconds` and `-FillRate` (tokens per interval).
 *
 * @module
 */

export type Headers = Readonly<Record<string, string | string[] | undefined>>

export interface RateState {
  readonly limit: number | undefined
  readonly remaining: number | undefined
  readonly nearLimit: boolean
  /** Seconds until the budget is whole again. */
  readonly resetIn: number | undefined
  /** So many tokens come back, all at once, every so many seconds. */
  readonly refill: { readonly tokens: number; readonly seconds: number } | undefined
}

/** Slow down when less than this share of the budget is left. */
export const scarce = 0.2
/** Seconds: the slowest that we go of ourselves; beyond it the site has to say so, by 429. */
export const longestInterval = 30
/** Seconds: for a site that says it runs low, and not how long that lasts. */
export const politeInterval = 0.25

/** A header's single value. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** The server's own clock, where it tells: dates in its headers are meant by it, however wrong ours goes. Epoch milliseconds. */
export function serverTime(headers: Headers): number {
  const date = Date.parse(headerOf(headers, 'date') ?? '')
  return Number.isNaN(date) ? Date.now() : date
}

export function readRateState(headers: Headers, now: number = serverTime(headers)): RateState | undefined {
  const limit = numberOf(headers, 'x-ratelimit-limit')
  const remaining = numberOf(headers, 'x-ratelimit-remaining')
  const nearLimit = headerOf(headers, 'x-ratelimit-nearlimit')?.toLowerCase() === 'true'
  if (limit === undefined && remaining === undefined && !nearLimit) return undefined
  const seconds = numberOf(headers, 'x-ratelimit-interval-seconds')
  const tokens = numberOf(headers, 'x-ratelimit-fillrate')
  const refill = seconds && tokens ? { tokens, seconds } : undefined
  return { limit, remaining, nearLimit, resetIn: resetIn(headers, now), refill }
}

/**
 * Seconds between the starts of two requests that spread what is left of the budget; 0 while there is plenty.
 *
 * @param cost What one request takes from it.
 */
export function intervalFor(state: RateState, cost: number): number {
  const { limit, remaining, nearLimit, resetIn, refill } = state
  const low = remaining !== undefined && limit !== undefined && remaining < limit * scarce
  if (!low && !nearLimit) return 0
  const wholeIn = resetIn ?? refill?.seconds
  if (wholeIn === undefined || remaining === undefined) return politeInterval
  // A bucket may be filled at any moment of its interval, so what is left has to do for all of it.
  const untilThen = (wholeIn * cost) / Math.max(remaining, cost)
  const flowing = refill === undefined ? 0 : (refill.seconds * cost) / refill.tokens
  return Math.min(Math.max(untilThen, flowing), longestInterval)
}

/**
 * Seconds until a budget that is used up has something again; `undefined` while there is something, or when the site does not say.
 */
export function budgetBackIn({ remaining, resetIn, refill }: RateState): number | undefined {
  if (remaining !== 0) return undefined
  return resetIn ?? (refill && refill.seconds / refill.tokens)
}

function numberOf(headers: Headers, name: string): number | undefined {
  const text = headerOf(headers, name)?.trim()
  if (!text || !/^\d+(\.\d+)?$/.test(text)) return undefined
  return Number(text)
}

/** `2026-03-02T10:00Z` (Cloud, sometimes without seconds), epoch seconds, or plain seconds to go. */
function resetIn(headers: Headers, now: number): number | undefined {
  const text = headerOf(headers, 'x-ratelimit-reset')?.trim()
  if (!text) return undefined
  const number = numberOf(headers, 'x-ratelimit-reset')
  if (number !== undefined) return number < 1e9 ? number : Math.max(0, number - now / 1000)
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000)
}

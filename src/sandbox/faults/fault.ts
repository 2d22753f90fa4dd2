/**
 * What can go wrong on purpose: an effect, and the requests that it strikes.
 *
 * @module
 */

import type { World } from '../world.ts'

/** How a refusal asks for patience. `never` is what Data Center sends to a blocked user: 2^63-1 seconds. */
export type RetryAfter = { readonly seconds: number; readonly as: 'seconds' | 'date' } | 'never'

export type FaultEffect =
  /** Answers with this status, and the body that goes with it: HTML where a proxy speaks, JSON where Confluence does. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: RetryAfter }
  /** 200 with a login page in HTML, as single sign-on does. */
  | { readonly kind: 'login-page' }
  /** The connection is reset after half of the body. */
  | { readonly kind: 'reset' }
  /** A well-formed answer whose body ends in the middle. */
  | { readonly kind: 'truncate' }
  /** No answer at all. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** 504 for a listing that would carry more bodies than this. */
  | { readonly kind: 'heavy'; readonly bodies: number }
  /** A listing that is not at its beginning names its own cursor (or start) as the next one. */
  | { readonly kind: 'repeat-cursor' }
  /** An empty page with a next link is put before a page behind a cursor; nothing is lost to those who follow the link. */
  | { readonly kind: 'empty-page' }
  /** The next link's start is one too high: an item is lost to those who believe it. */
  | { readonly kind: 'wrong-start' }
  /** The last item of a listing comes again at the head of the page after it, as when something was put in before it meanwhile. */
  | { readonly kind: 'repeat-item' }
  /** A listing leaves out this item, or, without one, the item in its middle: a hole that nothing tells of. */
  | { readonly kind: 'omit'; readonly item?: string }
  /** `X-RateLimit` headers that run low; 429 once the limit of the window is used up. */
  | { readonly kind: 'quota'; readonly limit: number; readonly seconds: number }
  /** From now on the crawling account alone may read this page. Its version stays as it is. */
  | { readonly kind: 'restrict'; readonly page: string }
  /** All grants of this space are taken away. */
  | { readonly kind: 'revoke'; readonly space: string }
  /** Anything else that may happen to the world between two requests. */
  | { readonly kind: 'change'; readonly change: (world: World) => void }

export interface Fault {
  readonly effect: FaultEffect
  /** Part of `GET /path?query`, decoded, letter case aside; `*` stands for anything. Absent: every request. */
  readonly on?: string
  /** The first matching request that is concerned, counted from 1. Default 1. */
  readonly from?: number
  /** How many requests are struck. Default: no end; a change of the world happens once. */
  readonly count?: number
  /** Chance of each request that is concerned, 0 to 1. Default 1. */
  readonly probability?: number
  /** Seed of that chance, so that two runs are equal. Default 1. */
  readonly seed?: number
}

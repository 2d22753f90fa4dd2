/**
 * Listings by `start` and `limit`, with what real servers get wrong about them:
 *
 * - what may be expanded caps the limit without a word; then the next link's `start` counts on from the limit that was asked for and
 *   not from what was given (it skips), and where spaces are capped it counts too little (it repeats);
 * - of content, a full last page has a next link, and the empty page behind it has one again, for ever.
 *
 * @module
 */

import type { FastifyRequest } from 'fastify'
import { queryOf } from '../query.ts'
import type { DataCenterSite } from './site.ts'

const defaultLimit = 25

interface Listing<Item, Json> {
  readonly site: DataCenterSite
  readonly request: FastifyRequest
  /** Read only as far as the page needs. */
  readonly items: Iterable<Item>
  readonly json: (item: Item) => Json
  /** The most that one answer carries. */
  readonly cap: number
  readonly byDefault?: number
  /** What the next link does: `exact` is right, `overruns` skips when capped and never ends, `lags` repeats when capped. */
  readonly next?: 'exact' | 'overruns' | 'lags'
}

export function startLimitPage<Item, Json>(listing: Listing<Item, Json>) {
  const { site, request, json, cap, next = 'exact' } = listing
  const query = queryOf(request)
  const start = query.whole('start', { byDefault: 0, min: 0 })
  const asked = query.whole('limit', { byDefault: listing.byDefault ?? defaultLimit, min: 0 })
  const limit = Math.min(asked, cap)
  const { page, more } = slice(listing.items, start, limit)
  const leadsOn = next === 'overruns' ? page.length === limit || (page.length === 0 && start > 0) : more
  const nextStart = {
    exact: start + page.length,
    overruns: start + asked,
    lags: start + limit - lag(asked, limit),
  }
  return {
    results: page.map(json),
    start,
    limit,
    size: page.length,
    _links: {
      self: linkTo(request, { origin: site.origin }),
      ...(leadsOn && { next: linkTo(request, { site, change: { start: nextStart[next], limit: asked } }) }),
      ...(start > 0 && {
        prev: linkTo(request, { site, change: { start: Math.max(0, start - limit), limit: asked } }),
      }),
      base: site.base,
      context: site.contextPath,
    },
  }
}

const lag = (asked: number, limit: number) => (asked > limit ? Math.ceil(limit / 2) : 0)

function slice<Item>(items: Iterable<Item>, start: number, limit: number) {
  const page: Item[] = []
  let index = 0
  for (const item of items) {
    if (page.length === limit && index >= start) return { page, more: true }
    if (index >= start) page.push(item)
    index += 1
  }
  return { page, more: false }
}

interface Link {
  /** Absolute when given. */
  readonly origin?: string
  /** Without its context path when given, as the links of answers are. */
  readonly site?: DataCenterSite
  readonly change?: Readonly<Record<string, string | number>>
}

/** This request's own address with some parameters set. */
export function linkTo(request: FastifyRequest, { origin, site, change = {} }: Link): string {
  const [path = '', search = ''] = request.url.split('?')
  const parameters = new URLSearchParams(search)
  for (const [name, value] of Object.entries(change)) parameters.set(name, String(value))
  const below = site === undefined ? path : path.slice(site.contextPath.length)
  const query = parameters.toString()
  return `${origin ?? ''}${below}${query === '' ? '' : `?${query}`}`
}

/**
 * Cursor lists of API v2: limits, order, the two places where the next page is announced.
 *
 * A cursor names the last item served by what the list is sorted by, so that items which come and go meanwhile neither shift nor
 * repeat the others.
 *
 * @module
 */

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import { compareIds } from '../../id-order.ts'
import { badRequest } from '../../problem.ts'
import { type Query, queryOf } from '../../query.ts'

const largestLimit = 250

/** What a list is sorted by; ties go by id. */
export interface Order<Item> {
  readonly key: (item: Item) => string | number
  readonly descending: boolean
}

/** The last item served. */
interface Mark {
  readonly key: string | number
  readonly id: string
}

export interface Window {
  readonly limit: number
  readonly after: Mark | undefined
}

/** @throws {Problem} 400 for a limit beyond 250 or a cursor that is none of ours. */
export function windowOf(query: Query, byDefault = 25): Window {
  const limit = query.whole('limit', { byDefault, min: 1 })
  if (limit > largestLimit) throw badRequest(`The limit ${limit} is larger than the maximum ${largestLimit}`)
  const cursor = query.text('cursor')
  return { limit, after: cursor === undefined ? undefined : decodeMark(cursor) }
}

/** What is served of a list at once, and where the rest begins. */
export interface Part<Item> {
  readonly items: readonly Item[]
  readonly next?: Mark | undefined
}

export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** The window of `items` after the mark, in order, and the mark for the next one. */
export function cut<Item extends { readonly id: string }>(
  items: readonly Item[],
  order: Order<Item>,
  { limit, after }: Window,
): Part<Item> {
  const markOf = (item: Item): Mark => ({ key: order.key(item), id: item.id })
  const sorted = items
    .map((item) => ({ item, mark: markOf(item) }))
    .filter(({ mark }) => after === undefined || compareMarks(mark, after, order.descending) > 0)
    .sort((a, b) => compareMarks(a.mark, b.mark, order.descending))
  const served = sorted.slice(0, limit)
  const window = { items: served.map(({ item }) => item) }
  return sorted.length > limit ? { ...window, next: served.at(-1)!.mark } : window
}

function compareMarks(a: Mark, b: Mark, descending: boolean): number {
  const byKey = a.key < b.key ? -1 : a.key > b.key ? 1 : compareIds(a.id, b.id)
  return descending ? -byKey : byKey
}

export function sendList(
  context: SandboxContext,
  { request, reply }: Exchange,
  { items, next }: Part<unknown>,
): FastifyReply {
  const base = `${context.origin}${context.contextPath}`
  const nextLink = next === undefined ? undefined : linkTo(context, request, encodeMark(next))
  const announced = nextLink === undefined ? '' : `<${nextLink}>; rel="next", `
  return reply
    .header('link', `${announced}<${base}>; rel="base"`)
    .send({ results: items, _links: { ...(nextLink && { next: nextLink }), base } })
}

/** This request's address with another cursor, always as the site's own path, also when asked through the gateway. */
function linkTo({ contextPath }: SandboxContext, request: FastifyRequest, cursor: string): string {
  const url = new URL(request.url, 'http://site')
  url.searchParams.set('cursor', cursor)
  return `${url.pathname.slice(url.pathname.indexOf(`${contextPath}/api/`))}${url.search}`
}

const encodeMark = (mark: Mark) => Buffer.from(JSON.stringify(mark)).toString('base64')

function decodeMark(cursor: string): Mark {
  try {
    const { key, id } = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8')) as Mark
    if (key !== undefined && typeof id === 'string') return { key, id }
  } catch {
    // Falls through: not one of our cursors.
  }
  throw badRequest(`Invalid cursor: ${cursor}`)
}

/** Serves a short list of things that are in memory anyway, by id. */
export function sendById<Item extends { readonly id: string }>(
  context: SandboxContext,
  exchange: Exchange,
  items: readonly Item[],
): FastifyReply {
  return sendList(
    context,
    exchange,
    cut(items, { key: () => 0, descending: false }, windowOf(queryOf(exchange.request))),
  )
}

/**
 * Spoiling answers that Confluence has already given: cut, reset, or with listings that do not add up.
 *
 * @module
 */

import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FaultEffect } from './fault.ts'
import { proxyPage } from './refusals.ts'

/** One answer on its way out; `payload` is what the routes made of it. */
export interface Answer {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly payload: unknown
}

interface Listing {
  results: unknown[]
  size?: number
  nextCursor?: string
  _links: { next?: string }
}

/** The payload that goes out instead; the same one where the fault has nothing to spoil. */
export function spoil(effect: FaultEffect, answer: Answer): unknown {
  if (effect.kind === 'truncate') return half(answer.payload)
  if (effect.kind === 'reset') return resetting(answer)
  const listing = listingOf(answer)
  if (listing === undefined) return answer.payload
  if (effect.kind === 'heavy') return heavy(effect.bodies, listing, answer)
  const changed = spoilListing(effect, listing, answer.request)
  if (changed === undefined) return answer.payload
  relink(answer.reply, listing, changed)
  return JSON.stringify(changed)
}

const bytesOf = (payload: unknown): Buffer =>
  Buffer.isBuffer(payload) ? payload : Buffer.from(typeof payload === 'string' ? payload : '')

function half(payload: unknown): Buffer {
  const bytes = bytesOf(payload)
  return bytes.subarray(0, Math.floor(bytes.length / 2))
}

/** Promises all of the body, sends half of it, and drops the connection the hard way. */
function resetting({ request, reply, payload }: Answer): Readable {
  reply.header('content-length', bytesOf(payload).length)
  const first = half(payload)
  let sent = false
  return new Readable({
    read() {
      if (!sent) {
        sent = true
        this.push(first.length > 0 ? first : Buffer.from(' '))
        return
      }
      setTimeout(() => request.raw.socket.resetAndDestroy(), 10)
    },
  })
}

/** The answer's list; `undefined` where it is none. */
export function listingOf({ reply, payload }: Answer): Listing | undefined {
  const type = String(reply.getHeader('content-type') ?? '')
  if (typeof payload !== 'string' || !type.startsWith('application/json')) return undefined
  const body = JSON.parse(payload) as Partial<Listing> | null
  if (!Array.isArray(body?.results)) return undefined
  return { ...body, results: body.results, _links: body._links ?? {} }
}

function heavy(most: number, { results }: Listing, { reply, payload }: Answer): unknown {
  const bodies = results.filter((result) => holdsBody(result)).length
  if (bodies <= most) return payload
  reply.code(504).type('text/html')
  return proxyPage(504)
}

function holdsBody(result: unknown): boolean {
  const body = (result as { body?: unknown } | null)?.body
  if (typeof body !== 'object' || body === null) return false
  return Object.values(body).some((one) => typeof (one as { value?: unknown } | null)?.value === 'string')
}

function spoilListing(effect: FaultEffect, listing: Listing, request: FastifyRequest): Listing | undefined {
  const query = request.query as Readonly<Record<string, string | undefined>>
  const { next } = listing._links
  if (effect.kind === 'omit') return without(effect.item, listing)
  if (effect.kind === 'wrong-start') return shiftStart(listing)
  if (effect.kind === 'repeat-cursor') return repeat(listing, request, query)
  const byCursor =
    query.cursor !== undefined ||
    (next !== undefined && new URLSearchParams(next.split('?')[1]).has('cursor'))
  if (effect.kind !== 'empty-page' || !byCursor) return undefined
  const cursor = `${query.cursor ?? ''}${emptyPageMark}`
  return withResults(withNext(listing, request, { cursor }), [])
}

/** The listing with other items, its size told accordingly. */
export function withResults(listing: Listing, results: unknown[]): Listing {
  return { ...listing, results, ...(listing.size !== undefined && { size: results.length }) }
}

function without(item: string | undefined, listing: Listing): Listing {
  const { results } = listing
  const middle = Math.floor(results.length / 2)
  const kept = results.filter((result, index) =>
    item === undefined ? index !== middle : idOf(result) !== item,
  )
  return withResults(listing, kept)
}

interface Named {
  readonly id?: string | number
  /** Search wraps what it found. */
  readonly content?: { readonly id?: string | number }
}

function idOf(result: unknown): string | undefined {
  const { id, content } = (result ?? {}) as Named
  const own = id ?? content?.id
  return own === undefined ? undefined : String(own)
}

/** Ends a cursor that leads from an empty page to the page it was put before. */
const emptyPageMark = '.after-empty'

/** Takes the mark of an empty page off a request's cursor. True: this is the page behind an empty one. */
export function forgetEmptyPage(request: FastifyRequest): boolean {
  const query = request.query as Record<string, unknown>
  const { cursor } = query
  if (typeof cursor !== 'string' || !cursor.endsWith(emptyPageMark)) return false
  const own = cursor.slice(0, -emptyPageMark.length)
  if (own === '') delete query.cursor
  else query.cursor = own
  return true
}

function shiftStart(listing: Listing): Listing | undefined {
  const [path, search] = (listing._links.next ?? '').split('?')
  const parameters = new URLSearchParams(search)
  const start = parameters.get('start')
  if (start === null) return undefined
  parameters.set('start', String(Number(start) + 1))
  return { ...listing, _links: { ...listing._links, next: `${path}?${parameters.toString()}` } }
}

function repeat(
  listing: Listing,
  request: FastifyRequest,
  { cursor, start }: Readonly<Record<string, string | undefined>>,
): Listing | undefined {
  if (cursor !== undefined) return withNext(listing, request, { cursor })
  if (start !== undefined && Number(start) > 0) return withNext(listing, request, { start })
  return undefined
}

/** The listing with a next link that says so; where it had none, its own address is the pattern. */
function withNext(
  listing: Listing,
  request: FastifyRequest,
  change: Readonly<Record<string, string>>,
): Listing {
  const [path, search] = (listing._links.next ?? ownLink(listing, request)).split('?')
  const parameters = new URLSearchParams(search)
  for (const [name, value] of Object.entries(change)) parameters.set(name, value)
  const inBody = listing.nextCursor !== undefined || request.url.includes('/content/scan')
  return {
    ...listing,
    ...(inBody && change.cursor !== undefined && { nextCursor: change.cursor }),
    _links: { ...listing._links, next: `${path}?${parameters.toString()}` },
  }
}

/** This request as its own answers would link to it: v1 leaves the context path out, v2 does not. */
function ownLink(listing: Listing, request: FastifyRequest): string {
  const { context } = listing._links as { readonly context?: string }
  return context === undefined
    ? request.url
    : request.url.slice(request.url.indexOf(context) + context.length)
}

/** Cloud's v2 gives the next link in a header as well. */
function relink(reply: FastifyReply, before: Listing, after: Listing): void {
  const header = reply.getHeader('link')
  const next = after._links.next
  if (header === undefined || next === undefined || next === before._links.next) return
  const others = String(header)
    .split(/,\s*(?=<)/)
    .filter((link) => !link.includes('rel="next"'))
  reply.header('link', [`<${next}>; rel="next"`, ...others].join(', '))
}

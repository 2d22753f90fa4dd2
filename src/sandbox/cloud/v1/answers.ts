/**
 * Answers to searches, page by page. What a query found is kept for the pages that follow the first, so that all of them see one
 * and the same order.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import { badRequest } from '../../problem.ts'
import { queryOf } from '../../query.ts'
import type { SearchRequest } from '../../search.ts'
import type { WorldNode } from '../../world.ts'
import { listLinks, pathOf } from './shapes.ts'

interface AnswerPage {
  readonly nodes: readonly WorldNode[]
  readonly start: number
  readonly limit: number
  readonly total: number
  readonly links: object
}

interface Answers {
  read(request: FastifyRequest, asked: { readonly asked: SearchRequest; readonly limit: number }): AnswerPage
}

/** How many answers are kept for the pages that follow; the oldest goes first, and is found anew when asked for. */
const keptAnswers = 64

export function createAnswers(context: SandboxContext): Answers {
  const kept = new Map<string, readonly WorldNode[]>()

  const keep = (nodes: readonly WorldNode[]) => {
    const key = randomUUID()
    kept.set(key, nodes)
    const oldest = kept.keys().next().value
    if (kept.size > keptAnswers && oldest !== undefined) kept.delete(oldest)
    return key
  }

  return {
    read: (request, { asked, limit }) => {
      const cursor = readCursor(queryOf(request).text('cursor'))
      const remembered = cursor === undefined ? undefined : kept.get(cursor.answer)
      const all = remembered ?? context.search.find(asked, request.viewer)
      const start = cursor?.start ?? 0
      const end = start + limit
      const page = all.slice(start, end)
      const nodes = page.filter((node) => remembered === undefined || request.viewer.may('read', node))
      const more = end < all.length && limit > 0
      if (!more && cursor !== undefined) kept.delete(cursor.answer)
      const answer = remembered === undefined && more ? keep(all) : (cursor?.answer ?? '')
      const links = listLinks(context, pathOf(request))
      const next = more ? { next: nextLink(request, { answer, start: end }, limit) } : {}
      return { nodes, start, limit, total: all.length, links: { ...links, ...next } }
    },
  }
}

interface Cursor {
  readonly answer: string
  readonly start: number
}

function readCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined
  const [, answer, start] = /^_t_([\w-]*)_(\d+)$/.exec(text) ?? []
  if (answer === undefined) throw badRequest(`Invalid cursor: ${text}`)
  return { answer, start: Number(start) }
}

/** Relative to the context path, which it leaves out; everything that was asked for comes along. */
function nextLink(request: FastifyRequest, { answer, start }: Cursor, limit: number): string {
  const url = new URL(pathOf(request), 'http://site')
  const search = new URLSearchParams({ next: 'true', cursor: `_t_${answer}_${start}` })
  for (const [name, value] of url.searchParams)
    if (!['next', 'cursor', 'limit', 'start'].includes(name)) search.append(name, value)
  search.set('limit', String(limit))
  search.set('start', String(start))
  return `/rest/api${url.pathname}?${search.toString()}`
}

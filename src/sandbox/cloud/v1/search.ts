/**
 * `content/search`, `search` and `search/user`: CQL with cursors and silent caps.
 *
 * @module
 */

import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import { plainText } from '../../cql-match.ts'
import { badRequest, Problem } from '../../problem.ts'
import { type Query, queryOf } from '../../query.ts'
import type { SearchRequest } from '../../search.ts'
import type { WorldNode } from '../../world.ts'
import { spaceOf, webLink } from '../links.ts'
import { ancestorsOf } from '../v2/tree.ts'
import { contentShape, type Expansion, expansionOf } from './content-shape.ts'
import { listLinks, spaceShape, userShape } from './shapes.ts'

export function addSearch(app: FastifyInstance, context: SandboxContext): void {
  const answers = createAnswers(context)

  app.get('/content/search', (request) => {
    const query = queryOf(request)
    const expansion = expansionOf(query.list('expand'))
    const { nodes, limit, start, links } = answers.read(request, {
      asked: askedOf(query, false),
      limit: Math.min(query.whole('limit', { byDefault: 25, min: 0 }), capOf(expansion)),
    })
    if (expansion.has('ancestors.restrictions')) refuseUnpublishedAncestors(context, nodes)
    const reading = { context, viewer: request.viewer }
    const results = nodes.map((node) => contentShape(reading, node, expansion))
    return { results, start, limit, size: results.length, _links: links }
  })

  app.get('/search', (request) => {
    const query = queryOf(request)
    const { nodes, total, ...page } = answers.read(request, {
      asked: askedOf(query, query.flag('includeArchivedSpaces')),
      limit: Math.min(query.whole('limit', { byDefault: 25, min: 0 }), 1000),
    })
    const expansion = expansionOf(query.list('expand').map((path) => path.replace(/^content\./, '')))
    const results = nodes.map((node) => resultShape({ context, viewer: request.viewer }, node, expansion))
    return {
      results,
      start: page.start,
      limit: page.limit,
      size: results.length,
      totalSize: total,
      cqlQuery: query.text('cql'),
      searchDuration: 1,
      _links: page.links,
    }
  })

  app.get('/search/user', (request) => {
    const query = queryOf(request)
    const start = query.whole('start', { byDefault: 0, min: 0 })
    const limit = Math.min(query.whole('limit', { byDefault: 25, min: 1 }), 200)
    const users = usersMatching(context, query.text('cql'))
    const results = users.slice(start, start + limit).map((user) => ({
      user: userShape(context, user),
      title: user.displayName,
      excerpt: '',
      url: `/people/${user.accountId}`,
      breadcrumbs: [],
      entityType: 'user',
      iconCssClass: 'aui-icon content-type-profile',
      lastModified: new Date(0).toISOString(),
      score: 0,
    }))
    return {
      results,
      start,
      limit,
      size: results.length,
      totalSize: users.length,
      cqlQuery: query.text('cql'),
      searchDuration: 1,
      _links: listLinks(context, '/search/user'),
    }
  })
}

/** Asking for more is not refused: the page is smaller than was asked for. */
function capOf(expansion: Expansion): number {
  if (expansion.has('body.export_view') || expansion.has('body.styled_view')) return 25
  if (expansion.has('body')) return 50
  return expansion.any ? 200 : 1000
}

function askedOf(query: Query, archivedSpaces: boolean): SearchRequest {
  const cql = query.text('cql')
  if (cql === undefined || cql.trim() === '') throw badRequest('Required parameter cql is missing')
  return { cql, archivedSpaces, statuses: statusesOf(query.text('cqlcontext')) }
}

function statusesOf(cqlContext: string | undefined): readonly WorldNode['status'][] {
  if (cqlContext === undefined) return ['current']
  try {
    const { contentStatuses = ['current'] } = JSON.parse(cqlContext) as { contentStatuses?: string[] }
    return (['current', 'archived'] as const).filter((status) => contentStatuses.includes(status))
  } catch {
    throw badRequest(`cqlcontext is not JSON: ${cqlContext}`)
  }
}

/** One draft or deleted page among the ancestors fails the whole page of results (CONFCLOUD-77618). */
function refuseUnpublishedAncestors({ world }: SandboxContext, nodes: readonly WorldNode[]): void {
  const unpublished = nodes
    .flatMap((node) => ancestorsOf(world, node))
    .find(({ status }) => status === 'draft' || status === 'trashed')
  if (unpublished === undefined) return
  throw new Problem(
    404,
    'NOT_FOUND',
    `Cannot find content <ContentId{id=${unpublished.id}}>. Outdated version/old_draft/trashed? Please provide valid ContentId.`,
  )
}

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

function createAnswers(context: SandboxContext): Answers {
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

const pathOf = (request: FastifyRequest) => request.url.replace(/^.*?\/rest\/api/, '')

/** Relative to the context path, which it leaves out; everything that was asked for comes along. */
function nextLink(request: FastifyRequest, { answer, start }: Cursor, limit: number): string {
  const url = new URL(pathOf(request), 'http://site')
  const search = new URLSearchParams({ next: 'true', cursor: `_t_${answer}_${start}` })
  for (const [name, value] of url.searchParams)
    if (!['next', 'cursor', 'limit', 'start'].includes(name)) search.append(name, value)
  search.set('limit', String(limit))
  search.set('start', String(start))
  return `/rest/api${url.pathname}?${search}`
}

function resultShape(reading: Parameters<typeof contentShape>[0], node: WorldNode, expansion: Expansion) {
  const { context } = reading
  const space = spaceOf(context.world, node)
  return {
    content: contentShape(reading, node, expansion),
    title: node.title,
    excerpt: plainText(context.world, node).replaceAll(/\s+/g, ' ').trim().slice(0, 200),
    url: webLink(context.world, node),
    resultGlobalContainer: { title: space.name, displayUrl: spaceShape(context, space)._links.webui },
    breadcrumbs: [],
    entityType: 'content',
    iconCssClass: `aui-icon content-type-${node.type}`,
    lastModified: node.version.createdAt.toISOString(),
    friendlyLastModified: node.version.createdAt.toISOString().slice(0, 10),
    score: 0,
  }
}

/** `type=user`, `user = "id"`, `user.accountid = "id"`, `user.fullname ~ "words"`. */
function usersMatching({ world }: SandboxContext, cql: string | undefined) {
  const text = cql?.trim() ?? ''
  if (/^type\s*=\s*"?user"?$/i.test(text)) return world.users
  const [, field, value] = /^(user(?:\.\w+)?)\s*[=~]\s*"?([^"]+)"?$/i.exec(text) ?? []
  if (value === undefined) throw badRequest(`Could not parse cql : ${cql}`)
  if (field!.toLowerCase() === 'user.fullname')
    return world.users.filter(({ displayName }) => displayName.toLowerCase().includes(value.toLowerCase()))
  return world.users.filter(({ accountId }) => accountId === value)
}

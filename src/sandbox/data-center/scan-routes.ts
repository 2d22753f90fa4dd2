/**
 * `content/scan`: content by id behind a cursor, `content:false:393229` leading on from that id and `content:true:393229` back
 * from it. Pages from 7.18 on, blog posts and comments from 8.3 on.
 *
 * @module
 */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { badRequest } from '../problem.ts'
import { queryOf } from '../query.ts'
import type { NodeList, WorldNode } from '../world.ts'
import { contentJson } from './content-json.ts'
import { listsOf, statusesOf } from './content-routes.ts'
import { parseExpansion, resultCap } from './expansion.ts'
import { linkTo } from './paging.ts'
import { type DataCenterSite, type Visit, visit } from './site.ts'
import { nodesAfter, nodesBefore } from './walk.ts'

interface Cursor {
  readonly backwards: boolean
  /** Absent: from the beginning. */
  readonly id?: string
}

export function addScan(app: FastifyInstance, site: DataCenterSite): void {
  if (!site.capabilities.scanOfPages) return
  app.get('/rest/api/content/scan', (request) => scan(visit(site, request), request))
}

function scan(visitor: Visit, request: FastifyRequest) {
  const query = queryOf(request)
  const types = visitor.capabilities.scanOfPostsAndComments ? ['page', 'blogpost', 'comment'] : ['page']
  const type = query.choice('type', types as ['page', 'blogpost', 'comment']) ?? 'page'
  const expansion = parseExpansion(query.list('expand'))
  const limit = Math.min(query.whole('limit', { byDefault: 25, min: 1 }), resultCap(expansion))
  const cursor = readCursor(query.text('cursor'))
  const statuses = statusesOf(query)
  const { page, more } = take({
    lists: listsOf(visitor, query.text('spaceKey'), type),
    cursor,
    limit,
    keep: (node) => statuses.includes(node.status) && visitor.viewer.may('read', node),
  })
  const leadsOn = page.length > 0 && (cursor.backwards || more)
  const leadsBack = page.length > 0 && (cursor.backwards ? more : cursor.id !== undefined)
  const next = leadsOn ? writeCursor({ backwards: false, id: page.at(-1)!.id }) : undefined
  const previous = leadsBack ? writeCursor({ backwards: true, id: page[0]!.id }) : undefined
  return {
    results: page.map((node) => contentJson(visitor, node, expansion)),
    cursor: writeCursor(cursor),
    ...(next && { nextCursor: next }),
    ...(previous && { prevCursor: previous }),
    limit,
    size: page.length,
    _links: {
      self: linkTo(request, { origin: visitor.origin }),
      ...(next && { next: linkTo(request, { site: visitor, change: { cursor: next } }) }),
      ...(previous && { prev: linkTo(request, { site: visitor, change: { cursor: previous } }) }),
      base: visitor.base,
      context: visitor.contextPath,
    },
  }
}

interface Taking {
  readonly lists: readonly NodeList[]
  readonly cursor: Cursor
  readonly limit: number
  readonly keep: (node: WorldNode) => boolean
}

/** One page in ascending order, and whether there is more in the cursor's direction. */
function take({ lists, cursor, limit, keep }: Taking): { page: readonly WorldNode[]; more: boolean } {
  const { backwards, id } = cursor
  const nodes = backwards && id !== undefined ? nodesBefore(lists, id) : nodesAfter(lists, id)
  const page: WorldNode[] = []
  for (const node of nodes) {
    if (!keep(node)) continue
    if (page.length === limit) return { page: inOrder(page, backwards), more: true }
    page.push(node)
  }
  return { page: inOrder(page, backwards), more: false }
}

const inOrder = (page: readonly WorldNode[], backwards: boolean) => (backwards ? page.toReversed() : page)

function readCursor(text: string | undefined): Cursor {
  if (text === undefined || text === '') return { backwards: false }
  const [, direction, id] = /^content:(true|false):(\d+|null)$/.exec(text) ?? []
  if (direction === undefined) throw badRequest(`Invalid cursor: ${text}`)
  return id === 'null' ? { backwards: false } : { backwards: direction === 'true', id: id! }
}

const writeCursor = ({ backwards, id }: Cursor) => `content:${backwards}:${id ?? null}`

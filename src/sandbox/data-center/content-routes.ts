/**
 * Content: by id, by filters, by space, and what hangs on it.
 *
 * @module
 */

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { badRequest } from '../problem.ts'
import { type Query, queryOf } from '../query.ts'
import type { NodeList, WorldNode, WorldNodeType } from '../world.ts'
import { childrenJson, childrenOf, contentJson } from './content-json.ts'
import { parseExpansion, resultCap } from './expansion.ts'
import { historyJson } from './history-json.ts'
import { labelsJson } from './metadata-json.ts'
import { startLimitPage } from './paging.ts'
import { noSuchRoute } from './problem.ts'
import { contentById, type DataCenterSite, spaceByKey, type Visit, visit } from './site.ts'
import { nodesAfter } from './walk.ts'

interface ById {
  readonly Params: { readonly id: string }
}

interface ByIdAndType {
  readonly Params: { readonly id: string; readonly type: string }
}

const singleDefault = 'history,space,version'

export function addContent(app: FastifyInstance, site: DataCenterSite): void {
  addLists(app, site)
  addSingle(app, site)
  addBelow(app, site)
}

/** A page of content, capped and linked as real servers do. */
export function contentPage(visitor: Visit, request: FastifyRequest, items: Iterable<WorldNode>) {
  const expansion = parseExpansion(queryOf(request).list('expand'))
  return startLimitPage({
    site: visitor,
    request,
    items,
    json: (node) => contentJson(visitor, node, expansion),
    cap: resultCap(expansion),
    next: 'overruns',
  })
}

function addLists(app: FastifyInstance, site: DataCenterSite): void {
  app.get('/rest/api/content', (request) => {
    const visitor = visit(site, request)
    return contentPage(visitor, request, listed(visitor, queryOf(request)))
  })

  app.get<{ Params: { key: string; type: string } }>(
    '/rest/api/space/:key/content/:type',
    (request, reply) => {
      const visitor = visit(site, request)
      const space = spaceByKey(visitor, request.params.key)
      const { type } = request.params
      if (type !== 'page' && type !== 'blogpost') return noSuchRoute(request, reply)
      const rootOnly = queryOf(request).choice('depth', ['all', 'root']) === 'root'
      const nodes = readable(visitor, [visitor.world.list(space.id, type)], ['current'])
      return contentPage(visitor, request, rootOnly ? rootsOf(nodes) : nodes)
    },
  )
}

/** `ids` name content of any type; without them the other filters choose pages or posts. */
function listed(visitor: Visit, query: Query): Iterable<WorldNode> {
  const statuses = statusesOf(query)
  const ids = query.list('ids')
  if (ids.length > 0) return byIds(visitor, ids, statuses)
  const type = query.choice('type', ['page', 'blogpost']) ?? 'page'
  const [title, day] = [query.text('title'), query.text('postingDay')]
  const nodes = readable(visitor, listsOf(visitor, query.text('spaceKey'), type), statuses)
  return filter(
    nodes,
    (node) =>
      (title === undefined || node.title.toLowerCase() === title.toLowerCase()) &&
      (day === undefined || node.createdAt.toISOString().startsWith(day)),
  )
}

function byIds(
  { world, viewer }: Visit,
  ids: readonly string[],
  statuses: readonly string[],
): readonly WorldNode[] {
  return ids.flatMap((id) => {
    const node = world.node(id.replace(/^att/, ''))
    return node !== undefined && statuses.includes(node.status) && viewer.may('read', node) ? [node] : []
  })
}

/** The lists of one space, or of all. A space that the caller does not see has nothing to list. */
export function listsOf(
  { world, viewer }: Visit,
  spaceKey: string | undefined,
  type: WorldNodeType,
): readonly NodeList[] {
  const asked = spaceKey?.toLowerCase()
  return world.spaces
    .filter((space) => (asked === undefined || space.key.toLowerCase() === asked) && viewer.sees(space))
    .map(({ id }) => world.list(id, type))
}

/** Content of these statuses that the caller may read, by id. */
function readable(
  { viewer }: Visit,
  lists: readonly NodeList[],
  statuses: readonly string[],
): Generator<WorldNode> {
  return filter(nodesAfter(lists), (node) => statuses.includes(node.status) && viewer.may('read', node))
}

const rootsOf = (nodes: Iterable<WorldNode>) => filter(nodes, ({ parentId }) => parentId === undefined)

function* filter(nodes: Iterable<WorldNode>, keep: (node: WorldNode) => boolean): Generator<WorldNode> {
  for (const node of nodes) if (keep(node)) yield node
}

/** `status`, `current` by default; `any` is the current and the trashed. */
export function statusesOf(query: Query): readonly string[] {
  const asked = query.list('status').map((status) => status.toLowerCase())
  const known = ['current', 'trashed', 'archived', 'draft', 'any']
  for (const status of asked)
    if (!known.includes(status)) throw badRequest(`Invalid content status: ${status}`)
  if (asked.includes('any')) return ['current', 'trashed']
  return asked.length === 0 ? ['current'] : asked
}

function addSingle(app: FastifyInstance, site: DataCenterSite): void {
  app.get<ById>('/rest/api/content/:id', (request) => {
    const visitor = visit(site, request)
    const query = queryOf(request)
    const node = contentById(visitor, request.params.id, statusesOf(query))
    const expand = query.list('expand')
    return contentJson(visitor, node, parseExpansion(expand.length > 0 ? expand : singleDefault))
  })

  app.get<ById>('/rest/api/content/:id/history', (request) => {
    const visitor = visit(site, request)
    const expansion = parseExpansion(queryOf(request).list('expand'))
    return historyJson(visitor, contentById(visitor, request.params.id), expansion)
  })

  app.get<ById>('/rest/api/content/:id/label', (request) => {
    const visitor = visit(site, request)
    const prefixes = queryOf(request).list('prefix')
    const labels = labelsJson(contentById(visitor, request.params.id)).filter(
      ({ prefix }) => prefixes.length === 0 || prefixes.includes(prefix),
    )
    return startLimitPage({ site, request, items: labels, json: (label) => label, cap: 200, byDefault: 200 })
  })
}

function addBelow(app: FastifyInstance, site: DataCenterSite): void {
  app.get<ById>('/rest/api/content/:id/child', (request) => {
    const visitor = visit(site, request)
    const expansion = parseExpansion(queryOf(request).list('expand'))
    return childrenJson(visitor, contentById(visitor, request.params.id), expansion)
  })

  app.get<ByIdAndType>('/rest/api/content/:id/child/:type', (request) => {
    const visitor = visit(site, request)
    const query = queryOf(request)
    const children = childrenOf(visitor, contentById(visitor, request.params.id), request.params.type)
    const [filename, mediaType] = [query.text('filename'), query.text('mediaType')]
    const wanted = children.filter(
      (child) =>
        (filename === undefined || child.title === filename) &&
        (mediaType === undefined || child.attachment?.mediaType === mediaType),
    )
    return contentPage(visitor, request, wanted)
  })

  app.get<ByIdAndType>('/rest/api/content/:id/descendant/:type', (request, reply) => {
    const visitor = visit(site, request)
    if (request.params.type !== 'comment') return noSuchRoute(request, reply)
    const { id } = contentById(visitor, request.params.id)
    const comments = visitor.world.attached(id, 'comment')
    const seen = comments.filter((one) => one.status === 'current' && visitor.viewer.may('read', one))
    return contentPage(visitor, request, seen)
  })
}

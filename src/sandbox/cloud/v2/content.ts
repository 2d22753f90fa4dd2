/**
 * Pages and blog posts: by id, by space, site-wide, with bodies.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { Viewer } from '../../access.ts'
import type { SandboxContext } from '../../context.ts'
import { badRequest, found, Problem } from '../../problem.ts'
import { type Query, queryOf } from '../../query.ts'
import type { Reading } from '../../view/rendering.ts'
import { renderedBody } from '../../view/view.ts'
import type { NodeList, World, WorldNode } from '../../world.ts'
import { sendList, windowOf } from './lists.ts'
import { select } from './nodes.ts'
import { type Bodies, blogPostShape, labelShape, listedPageShape, pageShape, versionShape } from './shapes.ts'

const listFormats = ['storage', 'atlas_doc_format'] as const
const singleFormats = [
  ...listFormats,
  'view',
  'export_view',
  'anonymous_export_view',
  'styled_view',
  'editor',
] as const

type Shape = (world: World, node: WorldNode, body: Bodies) => object

interface Kind {
  readonly type: 'page' | 'blogpost'
  readonly path: 'pages' | 'blogposts'
  readonly statuses: readonly WorldNode['status'][]
  readonly listed: Shape
  readonly single: Shape
}

const kinds: readonly Kind[] = [
  {
    type: 'page',
    path: 'pages',
    statuses: ['current', 'archived'],
    listed: listedPageShape,
    single: pageShape,
  },
  {
    type: 'blogpost',
    path: 'blogposts',
    statuses: ['current'],
    listed: blogPostShape,
    single: blogPostShape,
  },
]

export function addContent(app: FastifyInstance, context: SandboxContext): void {
  for (const kind of kinds) {
    addLists(app, context, kind)
    addSingle(app, context, kind)
  }
}

function addLists(
  app: FastifyInstance,
  context: SandboxContext,
  { type, path, statuses, listed }: Kind,
): void {
  const { world } = context

  const answer = (query: Query, viewer: Viewer, lists: readonly NodeList[]) => {
    const format = query.choice('body-format', listFormats)
    const { items, next } = select({
      lists,
      keep: filterOf(query, viewer, statuses),
      sort: query.text('sort'),
      window: windowOf(query),
    })
    return {
      items: items.map((node) => listed(world, node, bodiesOf({ context, viewer }, node, format))),
      next,
    }
  }

  app.get(`/${path}`, (request, reply) => {
    const query = queryOf(request)
    return sendList(context, { request, reply }, answer(query, request.viewer, listsFor(world, type, query)))
  })

  app.get<{ Params: { id: string } }>(`/spaces/:id/${path}`, (request, reply) => {
    const space = world.spaces.find(({ id }) => id === request.params.id)
    if (!request.viewer.sees(found(space))) found(undefined)
    const lists = [world.list(request.params.id, type)]
    return sendList(context, { request, reply }, answer(queryOf(request), request.viewer, lists))
  })
}

/** The lists that `id` and `space-id` name: all spaces without them. */
function listsFor(world: World, type: Kind['type'], query: Query): readonly NodeList[] {
  const ids = query.list('id')
  const spaceIds = query.list('space-id')
  if (ids.length > 250) throw badRequest(`At most 250 ids can be asked for at once, not ${ids.length}`)
  if (spaceIds.length > 100) throw badRequest(`At most 100 spaces can be asked for at once`)
  if (ids.length > 0) {
    return [...new Set(ids)].flatMap((id) => {
      const node = world.node(id)
      return node?.type === type ? [{ length: 1, at: () => node }] : []
    })
  }
  return world.spaces
    .filter(({ id }) => spaceIds.length === 0 || spaceIds.includes(id))
    .map(({ id }) => world.list(id, type))
}

function filterOf(query: Query, viewer: Viewer, byDefault: readonly string[]) {
  const asked = query.list('status')
  const statuses = asked.length === 0 ? byDefault : asked
  const spaceIds = query.list('space-id')
  const title = query.text('title')
  const subtype = query.text('subtype')
  const rootOnly = query.choice('depth', ['all', 'root']) === 'root'
  return (node: WorldNode) =>
    statuses.includes(node.status) &&
    node.status !== 'draft' &&
    (spaceIds.length === 0 || spaceIds.includes(node.spaceId)) &&
    (title === undefined || node.title === title) &&
    (subtype === undefined || (node.subtype ?? 'page') === subtype) &&
    (!rootOnly || node.parentId === undefined) &&
    viewer.may('read', node)
}

function addSingle(app: FastifyInstance, context: SandboxContext, { type, path, single }: Kind): void {
  app.get<{ Params: { id: string } }>(`/${path}/:id`, (request) => {
    const query = queryOf(request)
    const node = visible(context.world, request.viewer, request.params.id, [type])
    if (node.status === 'draft' && !query.flag('get-draft')) found(undefined)
    const statuses = query.list('status')
    if (statuses.length > 0 && !statuses.includes(node.status)) found(undefined)
    const format = query.choice('body-format', singleFormats)
    return {
      ...single(context.world, node, bodiesOf({ context, viewer: request.viewer }, node, format)),
      ...extrasOf(query, request.viewer, node),
    }
  })
}

/** What `include-labels` and its kind add. */
function extrasOf(query: Query, viewer: Viewer, node: WorldNode): object {
  const embedded = (results: readonly unknown[]) => ({
    results,
    meta: { hasMore: false, cursor: '' },
    _links: {},
  })
  return {
    ...(query.flag('include-labels') && { labels: embedded(node.labels.map(labelShape)) }),
    ...(query.flag('include-versions') && { versions: embedded([versionShape(node.version)]) }),
    ...(query.flag('include-properties') && { properties: embedded([]) }),
    ...(query.flag('include-operations') && { operations: embedded(operationsOf(viewer, node)) }),
  }
}

export function operationsOf(viewer: Viewer, node: WorldNode) {
  return (['read', 'update', 'delete'] as const)
    .filter((operation) => viewer.may(operation, node))
    .map((operation) => ({ operation, targetType: node.type }))
}

/** The node with this id, if it is of one of these types and the caller may read it. @throws {Problem} 404. */
export function visible(
  world: World,
  viewer: Viewer,
  id: string,
  types: readonly WorldNode['type'][],
): WorldNode {
  const node = found(world.node(id.replace(/^att/, '')))
  if (!types.includes(node.type) || !viewer.may('read', node)) throw found<Problem>(undefined)
  return node
}

export function bodiesOf(
  reading: Reading,
  node: WorldNode,
  format: (typeof singleFormats)[number] | undefined,
): Bodies {
  if (format === undefined) return {}
  if (format === 'atlas_doc_format' || format === 'editor')
    throw new Problem(501, 'NOT_IMPLEMENTED', `The sandbox does not write ${format}`)
  const value =
    format === 'storage' ? reading.context.world.storage(node.id) : renderedBody(reading, node, format)
  return { [format]: { representation: format, value } }
}

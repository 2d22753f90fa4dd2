/**
 * Pages and blog posts: by id, by space, site-wide, with bodies.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { Viewer } from '../../access.ts'
import type { SandboxContext } from '../../context.ts'
import { badRequest, notFound } from '../../problem.ts'
import { type Query, queryOf } from '../../query.ts'
import type { NodeList, World, WorldNode } from '../../world.ts'
import { bodiesOf, listFormats, singleFormats } from './bodies.ts'
import { sendList, windowOf } from './lists.ts'
import { select } from './nodes.ts'
import { type Bodies, blogPostShape, labelShape, listedPageShape, pageShape, versionShape } from './shapes.ts'
import { type ById, operationsOf, visible, visibleSpace } from './visible.ts'

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

  app.get<ById>(`/spaces/:id/${path}`, (request, reply) => {
    const { id } = visibleSpace({ world, viewer: request.viewer }, request.params.id)
    const lists = [world.list(id, type)]
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
  const { world } = context
  app.get<ById>(`/${path}/:id`, (request) => {
    const query = queryOf(request)
    const { viewer } = request
    const node = visible({ world, viewer }, request.params.id, [type])
    const statuses = query.list('status')
    const asked = statuses.length === 0 || statuses.includes(node.status)
    if (!asked || (node.status === 'draft' && !query.flag('get-draft'))) throw notFound()
    const body = bodiesOf({ context, viewer }, node, query.choice('body-format', singleFormats))
    return { ...single(world, node, body), ...extrasOf(query, viewer, node) }
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

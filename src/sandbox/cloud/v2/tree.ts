/**
 * The content tree: containers, ancestors, children, descendants.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { Viewer } from '../../access.ts'
import type { SandboxContext } from '../../context.ts'
import { queryOf } from '../../query.ts'
import type { World, WorldNode } from '../../world.ts'
import { cut, sendList, windowOf } from './lists.ts'
import { orderBy } from './nodes.ts'
import { containerShape } from './shapes.ts'
import { type ById, visible } from './visible.ts'

const containers = [
  { path: 'folders', type: 'folder' },
  { path: 'whiteboards', type: 'whiteboard' },
  { path: 'databases', type: 'database' },
  { path: 'embeds', type: 'embed' },
] as const

const treeTypes = [{ path: 'pages', type: 'page' }, ...containers] as const

export function addTree(app: FastifyInstance, context: SandboxContext): void {
  const { world } = context
  for (const { path, type } of containers)
    app.get<ById>(`/${path}/:id`, (request) =>
      containerShape(world, visible({ world, viewer: request.viewer }, request.params.id, [type])),
    )
  for (const { path, type } of treeTypes) {
    addAncestors(app, context, { path, type })
    addChildren(app, context, { path: `/${path}/:id/direct-children`, type, pagesOnly: false })
    addDescendants(app, context, { path, type })
  }
  addChildren(app, context, { path: '/pages/:id/children', type: 'page', pagesOnly: true })
}

interface TreeRoute {
  readonly path: string
  readonly type: WorldNode['type']
}

/** The nearest `limit` ancestors, root first; there is no cursor: ask again for the first one's ancestors. */
function addAncestors(app: FastifyInstance, context: SandboxContext, { path, type }: TreeRoute): void {
  app.get<ById>(`/${path}/:id/ancestors`, (request, reply) => {
    const { limit } = windowOf(queryOf(request))
    const node = visible({ world: context.world, viewer: request.viewer }, request.params.id, [type])
    const items = ancestorsOf(context.world, node)
      .slice(-limit)
      .map((ancestor) => ({ id: ancestor.id, type: ancestor.type }))
    return sendList(context, { request, reply }, { items })
  })
}

export function ancestorsOf(world: World, node: WorldNode): WorldNode[] {
  const ancestors: WorldNode[] = []
  let parent = node.parentId === undefined ? undefined : world.node(node.parentId)
  while (parent !== undefined) {
    ancestors.unshift(parent)
    parent = parent.parentId === undefined ? undefined : world.node(parent.parentId)
  }
  return ancestors
}

const listed = (node: WorldNode, viewer: Viewer) =>
  (node.status === 'current' || node.status === 'archived') && viewer.may('read', node)

function addChildren(
  app: FastifyInstance,
  context: SandboxContext,
  { path, type, pagesOnly }: TreeRoute & { readonly pagesOnly: boolean },
): void {
  const { world } = context
  app.get<ById>(path, (request, reply) => {
    const query = queryOf(request)
    const { id } = visible({ world, viewer: request.viewer }, request.params.id, [type])
    const children = world
      .children(id)
      .filter((child) => listed(child, request.viewer) && (!pagesOnly || child.type === 'page'))
    const order = orderBy(query.text('sort') ?? 'child-position')
    const { items, next } = cut(children, order, windowOf(query))
    return sendList(context, { request, reply }, { items: items.map(childShape(pagesOnly)), next })
  })
}

const childShape =
  (pagesOnly: boolean) =>
  ({ id, status, title, type, spaceId, position }: WorldNode) => ({
    id,
    status,
    title,
    ...(!pagesOnly && { type }),
    spaceId,
    childPosition: position,
  })

function addDescendants(app: FastifyInstance, context: SandboxContext, { path, type }: TreeRoute): void {
  const { world } = context
  app.get<ById>(`/${path}/:id/descendants`, (request, reply) => {
    const query = queryOf(request)
    const depth = Math.min(query.whole('depth', { byDefault: 2, min: 1 }), 10)
    const { id } = visible({ world, viewer: request.viewer }, request.params.id, [type])
    const below = [...descendantsOf(world, id, { viewer: request.viewer, depth })]
    const { items, next } = cut(below, { key: (each) => each.depth, descending: false }, windowOf(query))
    return sendList(context, { request, reply }, { items, next })
  })
}

interface Descendant {
  readonly id: string
  readonly status: string
  readonly title: string
  readonly type: string
  readonly parentId: string
  readonly depth: number
  readonly childPosition: number
}

function* descendantsOf(
  world: World,
  id: string,
  { viewer, depth }: { readonly viewer: Viewer; readonly depth: number },
  level = 1,
): Generator<Descendant> {
  for (const child of world.children(id)) {
    if (!listed(child, viewer)) continue
    const { title, status, type, position } = child
    yield { id: child.id, status, title, type, parentId: id, depth: level, childPosition: position }
    if (level < depth) yield* descendantsOf(world, child.id, { viewer, depth }, level + 1)
  }
}

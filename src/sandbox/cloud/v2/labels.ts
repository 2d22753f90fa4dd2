/**
 * Labels across the site, and what carries them.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { Viewer } from '../../access.ts'
import type { SandboxContext } from '../../context.ts'
import { queryOf } from '../../query.ts'
import type { World, WorldNode } from '../../world.ts'
import { bodiesOf, listFormats } from './bodies.ts'
import { sendById, sendList, windowOf } from './lists.ts'
import { select } from './nodes.ts'
import { blogPostShape, labelId, labelShape, listedPageShape } from './shapes.ts'

const carriers = [
  { path: 'pages', type: 'page', shape: listedPageShape },
  { path: 'blogposts', type: 'blogpost', shape: blogPostShape },
] as const

export function addLabels(app: FastifyInstance, context: SandboxContext): void {
  const { world } = context

  app.get('/labels', (request, reply) =>
    sendById(context, { request, reply }, labelsSeen(world, request.viewer).map(labelShape)),
  )

  for (const { path, type, shape } of carriers)
    app.get<{ Params: { id: string } }>(`/labels/:id/${path}`, (request, reply) => {
      const query = queryOf(request)
      const spaceIds = query.list('space-id')
      const { items, next } = select({
        lists: world.spaces
          .filter(({ id }) => spaceIds.length === 0 || spaceIds.includes(id))
          .map(({ id }) => world.list(id, type)),
        keep: (node) =>
          node.labels.some((label) => labelId(label) === request.params.id) && seen(node, request.viewer),
        sort: query.text('sort'),
        window: windowOf(query),
      })
      const format = query.choice('body-format', listFormats)
      const shaped = items.map((node) =>
        shape(world, node, bodiesOf({ context, viewer: request.viewer }, node, format)),
      )
      return sendList(context, { request, reply }, { items: shaped, next })
    })
}

const seen = (node: WorldNode, viewer: Viewer) => node.status === 'current' && viewer.may('read', node)

function labelsSeen(world: World, viewer: Viewer): string[] {
  const names = new Set<string>()
  for (const { id } of world.spaces)
    for (const { type } of carriers) {
      const list = world.list(id, type)
      for (let index = 0; index < list.length; index += 1) {
        const node = list.at(index)
        if (node.labels.length > 0 && seen(node, viewer)) for (const label of node.labels) names.add(label)
      }
    }
  return [...names]
}

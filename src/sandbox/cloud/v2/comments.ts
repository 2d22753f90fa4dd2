/**
 * Comments, in the margin and below: threads of a page or post, answers, and all of the site.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import { notFound } from '../../problem.ts'
import { queryOf } from '../../query.ts'
import type { WorldNode } from '../../world.ts'
import { bodiesOf, listFormats, singleFormats } from './bodies.ts'
import { cut, type Exchange, type Part, sendList, windowOf } from './lists.ts'
import { orderBy, select } from './nodes.ts'
import { commentShape } from './shapes.ts'
import { type ById, visible } from './visible.ts'

type Location = 'footer' | 'inline'

export function addComments(app: FastifyInstance, context: SandboxContext): void {
  for (const location of ['footer', 'inline'] as const) {
    addThreads(app, context, { path: 'pages', type: 'page', location })
    addThreads(app, context, { path: 'blogposts', type: 'blogpost', location })
    addOfSite(app, context, location)
    addSingle(app, context, location)
  }
}

function send(context: SandboxContext, exchange: Exchange, { items, next }: Part<WorldNode>) {
  const { request } = exchange
  const format = queryOf(request).choice('body-format', listFormats)
  const reading = { context, viewer: request.viewer }
  const shaped = items.map((node) => commentShape(context.world, node, bodiesOf(reading, node, format)))
  return sendList(context, exchange, { items: shaped, next })
}

/** The comments that begin a thread; the others are children of theirs. */
function addThreads(
  app: FastifyInstance,
  context: SandboxContext,
  {
    path,
    type,
    location,
  }: { readonly path: string; readonly type: WorldNode['type']; readonly location: Location },
): void {
  const { world } = context
  app.get<ById>(`/${path}/:id/${location}-comments`, (request, reply) => {
    const query = queryOf(request)
    const { id } = visible({ world, viewer: request.viewer }, request.params.id, [type])
    const resolutions = query.list('resolution-status')
    const asked = query.list('status')
    const statuses = asked.length === 0 ? ['current'] : asked
    const threads = world
      .attached(id, 'comment')
      .filter(
        ({ comment, parentId, status }) =>
          comment!.location === location &&
          parentId === undefined &&
          statuses.includes(status) &&
          (resolutions.length === 0 || resolutions.includes(comment!.resolution)),
      )
    return send(context, { request, reply }, cut(threads, orderBy(query.text('sort')), windowOf(query)))
  })
}

function addOfSite(app: FastifyInstance, context: SandboxContext, location: Location): void {
  const { world } = context
  app.get(`/${location}-comments`, (request, reply) => {
    const query = queryOf(request)
    const part = select({
      lists: world.spaces.map(({ id }) => world.list(id, 'comment')),
      keep: (node) =>
        node.comment!.location === location && node.status === 'current' && request.viewer.may('read', node),
      sort: query.text('sort'),
      window: windowOf(query),
    })
    return send(context, { request, reply }, part)
  })
}

function addSingle(app: FastifyInstance, context: SandboxContext, location: Location): void {
  const { world } = context

  app.get<ById>(`/${location}-comments/:id`, (request) => {
    const { viewer, params } = request
    const node = visible({ world, viewer }, params.id, ['comment'])
    if (node.comment!.location !== location) throw notFound()
    const format = queryOf(request).choice('body-format', singleFormats)
    return commentShape(world, node, bodiesOf({ context, viewer }, node, format))
  })

  app.get<ById>(`/${location}-comments/:id/children`, (request, reply) => {
    const query = queryOf(request)
    const thread = visible({ world, viewer: request.viewer }, request.params.id, ['comment'])
    const answers = world
      .attached(thread.containerId!, 'comment')
      .filter(({ parentId, status }) => parentId === thread.id && status === 'current')
    return send(context, { request, reply }, cut(answers, orderBy(query.text('sort')), windowOf(query)))
  })
}

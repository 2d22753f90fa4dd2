/**
 * Attachments: of a page, of a blog post, of the whole site.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import { type Query, queryOf } from '../../query.ts'
import type { WorldNode } from '../../world.ts'
import { cut, type Exchange, type Part, sendList, windowOf } from './lists.ts'
import { orderBy, select } from './nodes.ts'
import { attachmentShape } from './shapes.ts'
import { type ById, visible } from './visible.ts'

/** Other lists give 25 unless asked for more. */
const byDefault = 50

export function addAttachments(app: FastifyInstance, context: SandboxContext): void {
  const { world } = context

  const send = (exchange: Exchange, { items, next }: Part<WorldNode>) =>
    sendList(context, exchange, { items: items.map((node) => attachmentShape(world, node)), next })

  for (const { path, type } of [
    { path: 'pages', type: 'page' },
    { path: 'blogposts', type: 'blogpost' },
  ] as const)
    app.get<ById>(`/${path}/:id/attachments`, (request, reply) => {
      const query = queryOf(request)
      const { id } = visible({ world, viewer: request.viewer }, request.params.id, [type])
      const attachments = world.attached(id, 'attachment').filter(filterOf(query))
      return send(
        { request, reply },
        cut(attachments, orderBy(query.text('sort')), windowOf(query, byDefault)),
      )
    })

  app.get('/attachments', (request, reply) => {
    const query = queryOf(request)
    const matches = filterOf(query)
    const part = select({
      lists: world.spaces.map(({ id }) => world.list(id, 'attachment')),
      keep: (node) => matches(node) && request.viewer.may('read', node),
      sort: query.text('sort'),
      window: windowOf(query, byDefault),
    })
    return send({ request, reply }, part)
  })

  app.get<ById>('/attachments/:id', ({ params, viewer }) =>
    attachmentShape(world, visible({ world, viewer }, params.id, ['attachment'])),
  )
}

function filterOf(query: Query): (node: WorldNode) => boolean {
  const asked = query.list('status')
  const statuses = asked.length === 0 ? ['current', 'archived'] : asked
  const [mediaType, filename] = [query.text('mediaType'), query.text('filename')]
  return (node) =>
    statuses.includes(node.status) &&
    (mediaType === undefined || node.attachment?.mediaType === mediaType) &&
    (filename === undefined || node.title === filename)
}

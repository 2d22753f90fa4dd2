/**
 * Labels, versions and permitted operations of one page, post or attachment.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import { queryOf } from '../../query.ts'
import type { WorldNode } from '../../world.ts'
import { sendById, sendList } from './lists.ts'
import { labelShape, versionShape } from './shapes.ts'
import { type ById, operationsOf, visible } from './visible.ts'

const described = [
  { path: 'pages', type: 'page' },
  { path: 'blogposts', type: 'blogpost' },
  { path: 'attachments', type: 'attachment' },
] as const

export function addDetails(app: FastifyInstance, context: SandboxContext): void {
  const { world } = context
  for (const { path, type } of described) {
    app.get<ById>(`/${path}/:id/labels`, (request, reply) => {
      const { labels } = visible({ world, viewer: request.viewer }, request.params.id, [type])
      const prefix = queryOf(request).text('prefix')
      const shown = prefix === undefined || prefix === 'global' ? labels.map(labelShape) : []
      return sendById(context, { request, reply }, shown)
    })

    app.get<ById>(`/${path}/:id/versions`, (request, reply) => {
      const node = visible({ world, viewer: request.viewer }, request.params.id, [type])
      return sendList(context, { request, reply }, { items: [versionEntry(node)] })
    })

    app.get<ById>(`/${path}/:id/operations`, ({ params, viewer }) => ({
      operations: operationsOf(viewer, visible({ world, viewer }, params.id, [type])),
    }))
  }
}

/** In version lists the version names what it is a version of. */
function versionEntry(node: WorldNode) {
  const { ncsStepVersion: _, ...version } = versionShape(node.version)
  return { ...version, [node.type]: { id: node.id, title: node.title } }
}

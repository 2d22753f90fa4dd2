/**
 * Attachment downloads: a redirect to the media host, whose address alone opens the file for a short while.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import { notFound, Problem } from '../../problem.ts'
import { queryOf } from '../../query.ts'
import { versionOf } from '../../send-file.ts'
import { mediaPath } from '../media.ts'
import { noContent } from './restrictions.ts'

export function addDownload(app: FastifyInstance, context: SandboxContext): void {
  const { world } = context
  app.get<{ Params: { id: string; attachment: string } }>(
    '/content/:id/child/attachment/:attachment/download',
    (request, reply) => {
      const { id, attachment } = request.params
      const node = world.node(attachment.replace(/^att/, ''))
      if (node?.type !== 'attachment' || node.containerId !== id || !request.viewer.may('read', node))
        throw noContent(attachment)
      const version = versionOf(node, queryOf(request).text('version'))
      if (node.status !== 'current' || version === undefined) throw notFound()
      return reply.redirect(`${context.mediaUrl}${mediaPath(node, version.number)}`, 302)
    },
  )
}

/** The old address no longer takes API tokens (CHANGE-2735). */
export function addLegacyDownload(app: FastifyInstance, context: SandboxContext): void {
  app.get('/download/attachments/*', () => {
    const realm = encodeURIComponent(`${context.origin}${context.contextPath}`)
    throw new Problem(401, 'UNAUTHORIZED', 'Unauthorized', { 'www-authenticate': `OAuth realm="${realm}"` })
  })
}

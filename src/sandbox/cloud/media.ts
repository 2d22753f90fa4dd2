/**
 * The media host: a third origin that serves files by an address with a token in it and turns away whoever sends credentials.
 *
 * @module
 */

import { createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { World, WorldNode } from '../world.ts'

/** How long an address opens its file, in seconds. */
const lifetime = 60

/** No secret: it keeps clients from guessing addresses they were not redirected to. */
const signingKey = 'outflow-sandbox-media'

export function mediaPath(node: WorldNode, now = Date.now()): string {
  const expires = Math.floor(now / 1000) + lifetime
  return `/file/${node.attachment!.fileId}/binary?token=${node.id}.${expires}.${signatureOf(node.id, expires)}`
}

const signatureOf = (id: string, expires: number) =>
  createHmac('sha256', signingKey).update(`${id}.${expires}`).digest('base64url')

export function registerMedia(app: FastifyInstance, { world }: { readonly world: World }): void {
  app.get<{ Params: { fileId: string }; Querystring: { token?: string } }>(
    '/file/:fileId/binary',
    (request, reply) => {
      if (request.headers.authorization !== undefined)
        return reply
          .code(400)
          .send({ error: { code: 'BadRequest', title: 'Only one form of authentication is accepted' } })
      const node = fileBehind(world, request.query.token)
      if (node?.attachment?.fileId !== request.params.fileId)
        return reply
          .code(403)
          .send({ error: { code: 'Forbidden', title: 'The token does not open this file' } })
      const name = encodeURIComponent(node.title)
      return reply
        .header('content-type', node.attachment.mediaType)
        .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
        .send(Buffer.from(node.attachment.bytes()))
    },
  )
}

function fileBehind(world: World, token = ''): WorldNode | undefined {
  const [id, expires, signature] = token.split('.')
  if (id === undefined || signature !== signatureOf(id, Number(expires))) return undefined
  return Number(expires) * 1000 >= Date.now() ? world.node(id) : undefined
}

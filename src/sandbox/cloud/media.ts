/**
 * The media host: a third origin that serves files by an address with a token in it and turns away whoever sends credentials.
 *
 * @module
 */

import { createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { sendFile, versionOf } from '../send-file.ts'
import type { World, WorldNode } from '../world.ts'

/** How long an address opens its file, in seconds. */
const lifetime = 60

/** No secret: it keeps clients from guessing addresses they were not redirected to. */
const signingKey = 'outflow-sandbox-media'

/** What a token opens, and until when, in epoch seconds. */
interface Claims {
  readonly id: string
  readonly version: number
  readonly exp: number
}

/** The token looks as real ones do: header, claims and signature, each in Base64. */
export function mediaPath(node: WorldNode, version: number, now = Date.now()): string {
  const claims: Claims = { id: node.id, version, exp: Math.floor(now / 1000) + lifetime }
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims].map(encoded).join('.')
  return `/file/${node.attachment!.fileId}/binary?token=${signed}.${signatureOf(signed)}`
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const signatureOf = (signed: string) => createHmac('sha256', signingKey).update(signed).digest('base64url')

export function registerMedia(app: FastifyInstance, { world }: { readonly world: World }): void {
  app.get<{ Params: { fileId: string }; Querystring: { token?: string } }>(
    '/file/:fileId/binary',
    (request, reply) => {
      const { authorization, cookie } = request.headers
      if (authorization !== undefined || cookie !== undefined)
        return reply
          .code(400)
          .send({ error: { code: 'BadRequest', title: 'Only one form of authentication is accepted' } })
      const claims = claimsIn(request.query.token)
      const node = claims && world.node(claims.id)
      const version = node?.attachment && versionOf(node, String(claims?.version))
      if (!node || !version || node.attachment?.fileId !== request.params.fileId)
        return reply
          .code(403)
          .send({ error: { code: 'Forbidden', title: 'The token does not open this file' } })
      return sendFile(request, reply, node, version)
    },
  )
}

/** Of a token that is ours and has not expired. */
function claimsIn(token = ''): Claims | undefined {
  const [, claims = '', signature] = token.split('.')
  if (signature !== signatureOf(token.slice(0, token.lastIndexOf('.')))) return undefined
  const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Claims
  return read.exp * 1000 >= Date.now() ? read : undefined
}

/**
 * People by id, in bulk, and the types behind content ids.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import { badRequest } from '../../problem.ts'
import type { WorldNode } from '../../world.ts'
import { sendList } from './lists.ts'
import { userShape } from './shapes.ts'

export function addUsers(app: FastifyInstance, context: SandboxContext): void {
  const { world } = context

  app.post<{ Body: { accountIds?: unknown } | undefined }>('/users-bulk', (request, reply) => {
    const ids = request.body?.accountIds
    if (!Array.isArray(ids) || ids.length === 0) throw badRequest('accountIds must hold at least one id')
    if (ids.length > 250) throw badRequest(`accountIds can hold at most 250 ids, not ${ids.length}`)
    const items = world.users.filter(({ accountId }) => ids.includes(accountId))
    return sendList(context, { request, reply }, { items: items.map((user) => userShape(world, user)) })
  })

  app.post<{ Body: { contentIds?: readonly (string | number)[] } | undefined }>(
    '/content/convert-ids-to-types',
    (request) => {
      const ids = (request.body?.contentIds ?? []).map(String)
      const typeOf = (id: string) => {
        const node = world.node(id)
        return node !== undefined && request.viewer.may('read', node) ? typeName(node) : null
      }
      return { results: Object.fromEntries(ids.map((id) => [id, typeOf(id)])) }
    },
  )
}

const typeName = (node: WorldNode) =>
  node.comment === undefined ? node.type : `${node.comment.location}-comment`

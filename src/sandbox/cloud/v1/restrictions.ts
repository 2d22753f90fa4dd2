/**
 * Restrictions of one node, and the check whether somebody may do something with it.
 *
 * @module
 */

import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Operation, type Viewer, viewerOf } from '../../access.ts'
import type { SandboxContext } from '../../context.ts'
import { badRequest, found, notFound, Problem } from '../../problem.ts'
import { queryOf } from '../../query.ts'
import type { User, World, WorldNode } from '../../world.ts'
import { ownRestriction, type RestrictedOperation, restrictionShape } from './restriction-shapes.ts'
import { listLinks, restUrl } from './shapes.ts'

interface ById {
  readonly Params: { readonly id: string }
}

const operations: readonly RestrictedOperation[] = ['read', 'update']

export function addRestrictions(app: FastifyInstance, context: SandboxContext): void {
  app.get<ById>('/content/:id/restriction', (request) => {
    const node = readable(context.world, request)
    const asked = askedOf(request)
    return {
      results: operations.map((operation) => restrictionShape(context, { node, operation }, asked)),
      ...asked.span,
      size: operations.length,
      restrictionsHash: hashOf(node),
      _links: listLinks(context, `/content/${node.id}/restriction`),
    }
  })

  app.get<ById>('/content/:id/restriction/byOperation', (request) => {
    const node = readable(context.world, request)
    const asked = askedOf(request)
    return {
      read: restrictionShape(context, { node, operation: 'read' }, asked),
      update: restrictionShape(context, { node, operation: 'update' }, asked),
      _links: { self: restUrl(context, `/content/${node.id}/restriction/byOperation`) },
    }
  })

  app.get<{ Params: { id: string; operation: string } }>(
    '/content/:id/restriction/byOperation/:operation',
    (request) => {
      const operation = operations.find((each) => each === request.params.operation)
      if (operation === undefined) throw badRequest(`No such operation: ${request.params.operation}`)
      const node = readable(context.world, request)
      return restrictionShape(context, { node, operation }, askedOf(request))
    },
  )
}

export const noContent = (id: string) => notFound(`No content found with id: ContentId{id=${id}}`)

function readable(world: World, request: FastifyRequest): WorldNode {
  const { id } = request.params as { readonly id: string }
  const node = world.node(id.replace(/^att/, ''))
  if (node === undefined || !request.viewer.may('read', node)) throw noContent(id)
  return node
}

function askedOf(request: FastifyRequest) {
  const query = queryOf(request)
  const start = query.whole('start', { byDefault: 0, min: 0 })
  const limit = Math.min(query.whole('limit', { byDefault: 100, min: 1 }), 200)
  return { users: true, groups: true, span: { start, limit } }
}

const hashOf = (node: WorldNode) =>
  createHash('sha256')
    .update(JSON.stringify(operations.map((operation) => ownRestriction(node, operation))))
    .digest('base64')

interface CheckBody {
  readonly subject?: { readonly type?: string; readonly identifier?: string }
  readonly operation?: string
}

/** A denial is an answer (200), not an error. Only administrators may ask about others. */
export function addPermissionCheck(app: FastifyInstance, { world }: SandboxContext): void {
  app.post<ById & { readonly Body: CheckBody | undefined }>('/content/:id/permission/check', (request) => {
    const { subject, operation } = request.body ?? {}
    const asked = (['read', 'update', 'delete'] as const).find((each) => each === operation)
    if (asked === undefined)
      throw badRequest(`The operation must be read, update or delete, not ${operation}`)
    const isSelf = subject?.type === 'user' && subject.identifier === request.viewer.user?.accountId
    if (!isSelf && !request.viewer.isAdmin)
      throw new Problem(
        403,
        'FORBIDDEN',
        'Only Confluence administrators can check the permissions of others',
      )
    const node = world.node(request.params.id.replace(/^att/, ''))
    if (node === undefined) throw noContent(request.params.id)
    return { hasPermission: subjectMay(world, subject, { operation: asked, node }) }
  })
}

function subjectMay(
  world: World,
  subject: CheckBody['subject'],
  { operation, node }: { readonly operation: Operation; readonly node: WorldNode },
): boolean {
  if (subject?.type === 'group') return memberOf(world, subject.identifier).may(operation, node)
  if (subject?.type !== 'user') throw badRequest('The subject must be a user or a group')
  if (subject.identifier === 'anonymous') return viewerOf(world, undefined).may(operation, node)
  const user = world.users.find(({ accountId }) => accountId === subject.identifier)
  return viewerOf(world, found(user, `No user found with account id ${subject.identifier}`)).may(
    operation,
    node,
  )
}

/** Somebody who is in this group and in no other. */
function memberOf(world: World, groupId: string | undefined): Viewer {
  const group = found(
    world.groups.find(({ id }) => id === groupId),
    `No group found with id ${groupId}`,
  )
  const member: User = { ...world.crawler, accountId: `member-of-${group.id}`, active: true }
  const alone = { ...group, members: new Set([member.accountId]) }
  return viewerOf(Object.create(world, { groups: { value: [alone] } }) as World, member)
}

/**
 * Spaces, and who may do what in them: permissions and roles.
 *
 * @module
 */

import type { FastifyInstance } from 'fastify'
import type { SandboxContext } from '../../context.ts'
import { compareIds } from '../../id-order.ts'
import { found } from '../../problem.ts'
import { queryOf } from '../../query.ts'
import type { SpaceOperation, World, WorldPrincipal, WorldSpace } from '../../world.ts'
import { cut, sendById, sendList, windowOf } from './lists.ts'
import { spaceShape } from './shapes.ts'
import { type ById, visibleSpace } from './visible.ts'

export function addSpaces(app: FastifyInstance, context: SandboxContext): void {
  const { world } = context

  app.get('/spaces', (request, reply) => {
    const query = queryOf(request)
    const [ids, keys, types] = [query.list('ids'), query.list('keys'), query.list('type')]
    const status = query.choice('status', ['current', 'archived'])
    const sort = query.choice('sort', ['id', '-id', 'key', '-key', 'name', '-name'])
    const format = query.choice('description-format', ['plain', 'view'])
    const spaces = world.spaces.filter(
      (space) =>
        (ids.length === 0 || ids.includes(space.id)) &&
        (keys.length === 0 || keys.includes(space.key)) &&
        (types.length === 0 || types.includes(space.type)) &&
        (status === undefined || space.status === status) &&
        request.viewer.sees(space),
    )
    const { items, next } = cut(spaces, orderOf(sort), windowOf(query))
    return sendList(
      context,
      { request, reply },
      { items: items.map((space) => spaceShape(space, format)), next },
    )
  })

  app.get<ById>('/spaces/:id', (request) => {
    const query = queryOf(request)
    const space = visibleSpace({ world, viewer: request.viewer }, request.params.id)
    return {
      ...spaceShape(space, query.choice('description-format', ['plain', 'view'])),
      ...(query.flag('include-permissions') && { permissions: embedded(permissionsOf(space)) }),
      ...(query.flag('include-role-assignments') && { roleAssignments: embedded(assignmentsOf(space)) }),
    }
  })

  app.get<ById>('/spaces/:id/permissions', (request, reply) => {
    const space = visibleSpace({ world, viewer: request.viewer }, request.params.id)
    return sendById(context, { request, reply }, permissionsOf(space))
  })
}

export function addRoles(app: FastifyInstance, context: SandboxContext): void {
  const { world } = context

  app.get('/space-role-mode', () => ({ mode: world.roleMode }))

  app.get('/space-roles', (request, reply) =>
    sendById(context, { request, reply }, world.roleMode === 'PRE_ROLES' ? [] : world.roles.map(roleShape)),
  )

  app.get<ById>('/space-roles/:id', (request) =>
    roleShape(found(world.roles.find(({ id }) => id === request.params.id))),
  )

  app.get<ById>('/spaces/:id/role-assignments', (request, reply) => {
    const query = queryOf(request)
    const space = visibleSpace({ world, viewer: request.viewer }, request.params.id)
    const wanted = assignmentsOf(space)
      .map((assignment, index) => ({ id: String(index), assignment }))
      .filter(({ assignment }) => matches(query.text('role-id'), assignment.roleId))
      .filter(({ assignment }) => matches(query.text('principal-id'), assignment.principal.principalId))
      .filter(({ assignment }) => matches(query.text('principal-type'), assignment.principal.principalType))
    const { items, next } = cut(wanted, { key: () => 0, descending: false }, windowOf(query))
    return sendList(context, { request, reply }, { items: items.map(({ assignment }) => assignment), next })
  })
}

function orderOf(sort = 'id') {
  const field = sort.replace('-', '')
  const key = (space: WorldSpace) => (field === 'key' ? space.key : field === 'name' ? space.name : 0)
  return { key, descending: sort.startsWith('-') }
}

const permissionsOf = (space: WorldSpace) =>
  [...space.grants]
    .sort((a, b) => compareIds(a.id, b.id))
    .map(({ id, principal, operation }) => ({ id, principal: principalShape(principal), operation }))

/** Here access classes are written in capitals; role assignments write them with hyphens. */
function principalShape({ type, id }: WorldPrincipal) {
  return { type, id: type === 'access-class' ? id.toUpperCase().replaceAll('-', '_') : id }
}

const principalTypes = { user: 'USER', group: 'GROUP', 'access-class': 'ACCESS_CLASS' } as const

const assignmentsOf = (space: WorldSpace) =>
  space.roleAssignments.map(({ principal, roleId }) => ({
    principal: { principalType: principalTypes[principal.type], principalId: principal.id },
    roleId,
  }))

function roleShape({ id, name, operations }: World['roles'][number]) {
  const permissionId = ({ key, targetType }: SpaceOperation) => `${key}/${targetType}`
  return { id, type: 'CUSTOM', name, description: '', spacePermissions: operations.map(permissionId) }
}

/** The first 50 of a list, inside another answer. */
const embedded = (all: readonly unknown[]) => ({
  results: all.slice(0, 50),
  meta: { hasMore: all.length > 50, cursor: '' },
  _links: {},
})

const matches = (wanted: string | undefined, value: string) => wanted === undefined || wanted === value

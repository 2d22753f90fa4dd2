/**
 * A node's own restrictions as v1 shows them: in lists only to the first page of their principals.
 *
 * @module
 */

import type { SandboxContext } from '../../context.ts'
import type { WorldNode, WorldRestriction } from '../../world.ts'
import { groupShape, personShape, restUrl } from './shapes.ts'

export type RestrictedOperation = 'read' | 'update'

export interface Span {
  readonly start: number
  readonly limit: number
}

export const ownRestriction = (node: WorldNode, operation: RestrictedOperation): WorldRestriction =>
  operation === 'read' ? node.readRestriction : node.updateRestriction

export interface PrincipalsAsked {
  readonly users: boolean
  readonly groups: boolean
  readonly span: Span
}

export function restrictionShape(
  context: SandboxContext,
  { node, operation }: { readonly node: WorldNode; readonly operation: RestrictedOperation },
  { users, groups, span }: PrincipalsAsked,
) {
  const restriction = ownRestriction(node, operation)
  const path = `/content/${node.id}/restriction/byOperation/${operation}`
  const user = listOf(restriction.users, span, (id) => personShape(context, id))
  const group = listOf(restriction.groups, span, (id) => restrictedGroup(context, id))
  return {
    operation,
    restrictions: {
      ...(users && { user }),
      ...(groups && { group }),
      _expandable: { ...(!users && { user: '' }), ...(!groups && { group: '' }) },
    },
    _expandable: { content: `/rest/api/content/${node.id}` },
    _links: { self: restUrl(context, path) },
  }
}

/** Restrictions may still name groups that were deleted. */
function restrictedGroup(context: SandboxContext, id: string) {
  const group = context.world.groups.find((each) => each.id === id)
  return groupShape(context, group ?? { id, name: `deleted-group-${id}` })
}

function listOf<Shape>(ids: readonly string[], { start, limit }: Span, shape: (id: string) => Shape) {
  const results = ids.slice(start, start + limit).map(shape)
  return { results, start, limit, size: results.length }
}

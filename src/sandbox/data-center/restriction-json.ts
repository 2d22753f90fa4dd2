/**
 * Restrictions as Data Center's REST API shows them. What is shown of a piece of content is its own; what it inherits shows only in
 * `relevantViewRestrictions`.
 *
 * @module
 */

import type { WorldNode, WorldRestriction } from '../world.ts'
import type { Expansion } from './expansion.ts'
import { groupJson, unknownUserJson, userJson } from './people-json.ts'
import { restId, type Visit } from './site.ts'

export const restrictionOperations = ['read', 'update'] as const
type RestrictionOperation = (typeof restrictionOperations)[number]

interface PrincipalPage {
  readonly start: number
  readonly limit: number
}

const restrictionOf = (node: WorldNode, operation: RestrictionOperation): WorldRestriction =>
  operation === 'read' ? node.readRestriction : node.updateRestriction

/** The expansion `restrictions`, as far down as it was asked for. */
export function restrictionsJson(visitor: Visit, node: WorldNode, expansion: Expansion) {
  const page = { start: 0, limit: visitor.traps.restrictionListSize }
  const expanded = restrictionOperations
    .filter((operation) => expansion.has(operation))
    .map((operation) => {
      const below = expansion.below(operation)
      const kinds = below.has('restrictions') ? below.below('restrictions').names : undefined
      return [operation, operationJson(visitor, { node, operation, page, ...(kinds && { kinds }) })] as const
    })
  const self = `/rest/api/content/${restId(node)}/restriction/byOperation`
  const unexpanded = restrictionOperations.filter((operation) => !expansion.has(operation))
  return {
    ...Object.fromEntries(expanded),
    _links: { self: `${visitor.base}${self}` },
    _expandable: Object.fromEntries(unexpanded.map((operation) => [operation, `${self}/${operation}`])),
  }
}

interface OperationRequest {
  readonly node: WorldNode
  readonly operation: RestrictionOperation
  readonly page: PrincipalPage
  /** `user`, `group`. Absent: the names of neither. */
  readonly kinds?: readonly string[]
}

export function operationJson(visitor: Visit, { node, operation, page, kinds }: OperationRequest) {
  const content = `/rest/api/content/${restId(node)}`
  const restrictions = kinds && principalsJson(visitor, restrictionOf(node, operation), { page, kinds })
  return {
    operation,
    ...(restrictions && { restrictions }),
    _links: { self: `${visitor.base}${content}/restriction/byOperation/${operation}` },
    _expandable: { content, ...(!restrictions && { restrictions: '' }) },
  }
}

function principalsJson(
  visitor: Visit,
  { users, groups }: WorldRestriction,
  { page, kinds }: { readonly page: PrincipalPage; readonly kinds: readonly string[] },
) {
  const user = (id: string) => {
    const known = visitor.user(id)
    return known === undefined ? unknownUserJson(visitor, id) : userJson(visitor, known)
  }
  // A deleted group goes on being named; here its id is all that is left of the name.
  const group = (id: string) => groupJson(visitor, visitor.group(id) ?? { name: id })
  const unexpanded = ['user', 'group'].filter((kind) => !kinds.includes(kind)).map((kind) => [kind, ''])
  return {
    ...(kinds.includes('user') && { user: slice(users, page, user) }),
    ...(kinds.includes('group') && { group: slice(groups, page, group) }),
    _expandable: Object.fromEntries(unexpanded),
  }
}

function slice<Json>(ids: readonly string[], { start, limit }: PrincipalPage, json: (id: string) => Json) {
  const results = ids.slice(start, start + limit).map(json)
  return { results, start, limit, size: results.length }
}

/** Own and inherited view restrictions, one entry for each restricting page, nearest first. */
export function relevantRestrictions({ world }: Pick<Visit, 'world'>, node: WorldNode): readonly WorldNode[] {
  const parent = node.parentId === undefined ? undefined : world.node(node.parentId)
  const above = parent === undefined ? [] : relevantRestrictions({ world }, parent)
  const { users, groups } = node.readRestriction
  return users.length + groups.length === 0 ? above : [node, ...above]
}

export function relevantRestrictionsJson(visitor: Visit, node: WorldNode) {
  const page = { start: 0, limit: visitor.traps.restrictionListSize }
  const results = relevantRestrictions(visitor, node).map((restricting) => ({
    content: { id: restId(restricting), type: restricting.type, title: restricting.title },
    ...operationJson(visitor, { node: restricting, operation: 'read', page, kinds: ['user', 'group'] }),
  }))
  return { viewContentRestrictions: { results, start: 0, limit: 50, size: results.length } }
}

/**
 * Flat permissions held against the truth: what the emitted lists let each person do, and what the sandbox decides.
 *
 * @module
 */

import type { DocumentPermissions, PrincipalIds } from '../../src/model/permissions.ts'
import { type Operation, viewerOf } from '../../src/sandbox/access.ts'
import type { User, World } from '../../src/sandbox/world.ts'

/** How a deployment names people and groups in what Outflow emits. */
export interface Spelling {
  readonly user: (user: User) => string
  readonly group: (group: { readonly id: string; readonly name: string }) => string
}

export const spellings = {
  cloud: { user: ({ accountId }) => accountId, group: ({ id }) => id },
  'data-center': { user: ({ userKey }) => userKey, group: ({ name }) => name },
} as const satisfies Record<string, Spelling>

export const operations = ['read', 'update', 'delete'] as const

/** Somebody who may, but is not let in; or who is let in, but may not. */
export interface Wrong {
  readonly kind: 'over-grant' | 'under-grant'
  readonly who: string
  readonly operation: Operation
  readonly id: string
  /** Title. */
  readonly page: string
}

export interface Emitted {
  readonly id: string
  readonly permissions: DocumentPermissions
}

/** Everybody who can sign in, and the visitor who does not. Disabled accounts can do nothing and ask for nothing. */
export const visitorsOf = (world: World): readonly (User | undefined)[] => [
  ...world.users.filter(({ active }) => active),
  undefined,
]

/** Compares every visitor and operation on every document. `compared` and `allowed` count, so that nothing compared is no success. */
export function audit(world: World, documents: readonly Emitted[], spelling: Spelling) {
  const wrong: Wrong[] = []
  let compared = 0
  let allowed = 0
  for (const visitor of visitorsOf(world)) {
    const viewer = viewerOf(world, visitor)
    const names = namesOf(visitor, world, spelling)
    for (const { id, permissions } of documents) {
      const node = world.node(id)
      if (node === undefined) throw new Error(`No such page in this world: ${id}`)
      for (const operation of operations) {
        compared++
        const may = viewer.may(operation, node)
        if (may) allowed++
        if (may === lets(listOf(permissions, operation), names)) continue
        const kind = may ? 'under-grant' : 'over-grant'
        wrong.push({ kind, who: visitor?.displayName ?? 'anonymous', operation, id, page: node.title })
      }
    }
  }
  return { wrong, compared, allowed }
}

/** Every name under which a visitor could be let in, as a consumer of the lists would find them. */
export interface Names {
  readonly user: string | undefined
  readonly groups: ReadonlySet<string>
}

export function namesOf(visitor: User | undefined, world: World, spelling: Spelling): Names {
  if (visitor === undefined) return { user: undefined, groups: new Set(['ANONYMOUS_USERS']) }
  const groups = world.groups.filter(({ members }) => members.has(visitor.accountId))
  const classes = ['ANONYMOUS_USERS', 'AUTHENTICATED_USERS']
  if (groups.some(({ access }) => access === 'user')) classes.push('ALL_LICENSED_USERS')
  if (groups.some(({ access }) => access === 'admin')) classes.push('ALL_PRODUCT_ADMINS')
  return { user: spelling.user(visitor), groups: new Set([...groups.map(spelling.group), ...classes]) }
}

function listOf({ data }: DocumentPermissions, operation: Operation): PrincipalIds {
  const [{ read }, { update }, { delete: remove }] = data
  return { read, update, delete: remove }[operation]
}

export const lets = ({ users, groups }: PrincipalIds, names: Names) =>
  (names.user !== undefined && users.includes(names.user)) || groups.some((group) => names.groups.has(group))

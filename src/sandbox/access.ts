/**
 * Who may do what, by Confluence's documented rules, one caller at a time.
 *
 * - Nobody without the site's consent: an anonymous visitor needs anonymous access to the site, a user an active account.
 * - Read: the space's read permission, AND the read restriction of every ancestor (pages, folders and all other containers), AND
 *   the node's own read restriction. A restriction that names nobody restricts nobody.
 * - Update: read, AND the space's create permission for this type of content, AND the node's own update restriction. Update
 *   restrictions do not inherit.
 * - Delete: read, AND the space's delete permission for this type of content, AND the node's own update restriction.
 * - Comments and attachments are decided as the page they belong to; a draft is its author's alone.
 *
 * Written from the documentation and simple on purpose: tests take it for the truth.
 *
 * @module
 */

import type { Group, User, World, WorldNode, WorldPrincipal, WorldRestriction, WorldSpace } from './world.ts'

export type Operation = 'read' | 'update' | 'delete'

/** One caller and what they may do. Decisions are remembered, so take a new viewer for every request. */
export interface Viewer {
  /** Undefined: an anonymous visitor. */
  readonly user: User | undefined
  /** Whether the caller may use the site at all. */
  readonly entersSite: boolean
  /** Whether the caller is in a group that administers the product. */
  readonly isAdmin: boolean
  /** A space permission, as Cloud's v2 names it: `holds(space, 'create', 'page')`. */
  holds(space: WorldSpace, key: string, targetType: string): boolean
  sees(space: WorldSpace): boolean
  may(operation: Operation, node: WorldNode): boolean
}

/** The caller's view of the world; `user` undefined = anonymous. */
export function viewerOf(world: World, user: User | undefined): Viewer {
  const entersSite = user === undefined ? world.anonymousAccess : user.active
  const groups = world.groups.filter((group) => user !== undefined && group.members.has(user.accountId))
  const groupIds = new Set(groups.map((group) => group.id))
  const classes = accessClassesOf(user, groups)

  const isPrincipal = (principal: WorldPrincipal) => {
    if (principal.type === 'user') return principal.id === user?.accountId
    return principal.type === 'group' ? groupIds.has(principal.id) : classes.has(principal.id)
  }

  const passes = (restriction: WorldRestriction) => {
    if (restriction.users.length === 0 && restriction.groups.length === 0) return true
    if (user !== undefined && restriction.users.includes(user.accountId)) return true
    return restriction.groups.some((id) => groupIds.has(id))
  }

  const spaceOf = remember((spaceId: string) => world.spaces.find(({ id }) => id === spaceId))
  const operationsIn = remember((space: WorldSpace) => operationsGranted(world, space, isPrincipal))
  const holds = (space: WorldSpace, key: string, targetType: string) =>
    entersSite && operationsIn(space).has(`${key}/${targetType}`)

  /** Whether the read restrictions of this node and of everything above it are passed. */
  const passesDownTo = remember((id: string): boolean => {
    const node = world.node(id)
    if (node === undefined) return true
    return passes(node.readRestriction) && (node.parentId === undefined || passesDownTo(node.parentId))
  })

  const reads = (page: WorldNode) => {
    const space = spaceOf(page.spaceId)
    if (space === undefined || !holds(space, 'read', 'space')) return false
    if (page.status === 'draft' && page.authorId !== user?.accountId) return false
    return passes(page.readRestriction) && (page.parentId === undefined || passesDownTo(page.parentId))
  }

  const changes = (page: WorldNode, key: 'create' | 'delete') => {
    const space = spaceOf(page.spaceId)
    const targetType = page.type === 'blogpost' ? 'blogpost' : 'page'
    return space !== undefined && holds(space, key, targetType) && passes(page.updateRestriction)
  }

  return {
    user,
    entersSite,
    isAdmin: entersSite && groups.some((group) => group.access === 'admin'),
    holds,
    sees: (space) => holds(space, 'read', 'space'),
    may: (operation, node) => {
      const page = pageOf(world, node)
      if (page === undefined || !reads(page)) return false
      return operation === 'read' || changes(page, operation === 'update' ? 'create' : 'delete')
    },
  }
}

/** The node whose access decides: the container of a comment or attachment, else the node itself. */
function pageOf(world: World, node: WorldNode): WorldNode | undefined {
  return node.containerId === undefined ? node : world.node(node.containerId)
}

/** What the principals that match are granted in a space, as `key/targetType`. Roles count wherever the site has them. */
function operationsGranted(
  world: World,
  space: WorldSpace,
  isPrincipal: (principal: WorldPrincipal) => boolean,
): ReadonlySet<string> {
  const direct = space.grants
    .filter(({ principal }) => isPrincipal(principal))
    .map(({ operation }) => operation)
  const assigned = world.roleMode === 'PRE_ROLES' ? [] : space.roleAssignments
  const roleIds = assigned.filter(({ principal }) => isPrincipal(principal)).map(({ roleId }) => roleId)
  const byRole = world.roles.filter(({ id }) => roleIds.includes(id)).flatMap(({ operations }) => operations)
  return new Set([...direct, ...byRole].map(({ key, targetType }) => `${key}/${targetType}`))
}

/** Everybody is in `anonymous-users`: what is granted to the anonymous serves those signed in as well. */
function accessClassesOf(user: User | undefined, groups: readonly Group[]): ReadonlySet<string> {
  const classes = new Set<string>(['anonymous-users'])
  if (user === undefined) return classes
  classes.add('authenticated-users')
  // To administer the product is no licence to use it.
  if (groups.some(({ access }) => access === 'user')) classes.add('all-licensed-users')
  if (groups.some(({ access }) => access === 'admin')) classes.add('all-product-admins')
  return classes
}

function remember<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return (key) => {
    if (known.has(key)) return known.get(key)!
    const value = compute(key)
    known.set(key, value)
    return value
  }
}

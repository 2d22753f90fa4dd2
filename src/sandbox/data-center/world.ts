/**
 * A world as Data Center can hold it. Its trees hold pages only, so folders and the other containers of Cloud are not there and
 * what hangs on them hangs on the nearest page above: a restriction on a folder does not exist here. It knows no roles and, but
 * for anonymous visitors, no access classes: what roles allow and what classes hold is granted to the groups that stand for them.
 *
 * Everything is looked up in the world behind, so its changes are seen at once; the access rules decide on this world, so that
 * listings, permissions and decisions agree.
 *
 * @module
 */

import type {
  NodeList,
  SpaceGrant,
  World,
  WorldNode,
  WorldNodeType,
  WorldPrincipal,
  WorldSpace,
} from '../world.ts'

const containers: readonly WorldNodeType[] = ['folder', 'whiteboard', 'database', 'embed']
const isContainer = ({ type }: WorldNode) => containers.includes(type)

export function dataCenterWorld(world: World): World {
  const spaces = new WeakMap<WorldSpace, WorldSpace>()
  const spaceOf = (space: WorldSpace): WorldSpace => {
    const known = spaces.get(space) ?? withPlainGrants(world, space)
    spaces.set(space, known)
    return known
  }

  const pageAbove = (id: string | undefined): string | undefined => {
    const parent = id === undefined ? undefined : world.node(id)
    return parent !== undefined && isContainer(parent) ? pageAbove(parent.parentId) : id
  }

  const moved = (node: WorldNode): WorldNode => {
    const parentId = pageAbove(node.parentId)
    return parentId === node.parentId ? node : under(node, parentId)
  }

  const childrenOf = (id: string): readonly WorldNode[] =>
    world.children(id).flatMap((child) => (isContainer(child) ? childrenOf(child.id) : [moved(child)]))

  const listOf = (spaceId: string, type: WorldNodeType): NodeList => {
    const list = world.list(spaceId, type)
    return { length: list.length, at: (index) => moved(list.at(index)) }
  }

  return {
    name: world.name,
    cloudId: world.cloudId,
    roleMode: 'PRE_ROLES',
    users: world.users,
    roles: [],
    crawler: world.crawler,
    get anonymousAccess() {
      return world.anonymousAccess
    },
    get groups() {
      return world.groups
    },
    get spaces() {
      return world.spaces.map(spaceOf)
    },
    node(id) {
      const node = world.node(id)
      return node === undefined || isContainer(node) ? undefined : moved(node)
    },
    list: (spaceId, type) => (containers.includes(type) ? { length: 0, at: noNode } : listOf(spaceId, type)),
    children: childrenOf,
    attached: (containerId, type) => world.attached(containerId, type),
    storage: (id) => world.storage(id),
    view: (id) => world.view?.(id),
  }
}

const noNode = (index: number): never => {
  throw new RangeError(`An empty list has no item ${index}.`)
}

/** The same node with another parent; everything else is read from the node behind. */
function under(node: WorldNode, parentId: string | undefined): WorldNode {
  return Object.create(node, { parentId: { value: parentId, enumerable: true } }) as WorldNode
}

function withPlainGrants(world: World, space: WorldSpace): WorldSpace {
  return Object.create(space, {
    grants: { get: () => plainGrants(world, space) },
    roleAssignments: { value: [] },
  }) as WorldSpace
}

function plainGrants(world: World, space: WorldSpace): SpaceGrant[] {
  const assigned = world.roleMode === 'PRE_ROLES' ? [] : space.roleAssignments
  const fromRoles = assigned.flatMap(({ principal, roleId }, index) => {
    const role = world.roles.find(({ id }) => id === roleId)
    return (role?.operations ?? []).map((operation) => ({ id: `role-${index}`, principal, operation }))
  })
  return [...space.grants, ...fromRoles].flatMap(({ id, principal, operation }) =>
    plainPrincipals(world, principal).map((plain) => ({ id, principal: plain, operation })),
  )
}

/** The groups that stand for an access class; anyone else stands for themselves. */
function plainPrincipals(world: World, principal: WorldPrincipal): readonly WorldPrincipal[] {
  if (principal.type !== 'access-class' || principal.id === 'anonymous-users') return [principal]
  const access: Readonly<Record<string, readonly string[]>> = {
    'authenticated-users': ['user', 'admin'],
    'all-licensed-users': ['user', 'admin'],
    'all-product-admins': ['admin'],
  }
  const wanted = access[principal.id] ?? []
  return world.groups
    .filter((group) => group.access !== undefined && wanted.includes(group.access))
    .map(({ id }) => ({ type: 'group', id }))
}

/**
 * A small wiki made by chance: everything that decides who may do what, in all combinations, and little else.
 *
 * @module
 */

import { type MemoryWorld, memoryWorld } from '../../src/sandbox/memory-world.ts'
import { ADMINISTER, EDIT, type Grantee, type Restricted, VIEW } from '../../src/sandbox/principals.ts'
import { type Random, randomFrom } from '../../src/sandbox/random.ts'
import type { AccessClass, Group, SpaceOperation, WorldNode, WorldSpace } from '../../src/sandbox/world.ts'

/** Worlds of one seed are the same, down to every id. */
export function randomWorld(seed: number): MemoryWorld {
  const random = randomFrom(seed)
  const world = memoryWorld({
    name: `World ${seed}`,
    roleMode: random.pick(['PRE_ROLES', 'ROLES_TRANSITION', 'ROLES']),
    anonymousAccess: random.chance(0.6),
  })
  addPeople(world, random)
  const gone = world.addGroup('disbanded', some(random, world.users, 0.5))
  for (let index = 0; index <= random.below(2); index++) addSpace(world, random, index)
  world.deleteGroup(gone)
  for (const user of world.users) if (user !== world.crawler && random.chance(0.1)) world.deactivate(user)
  return world
}

const some = <Item>(random: Random, items: readonly Item[], share: number) =>
  items.filter(() => random.chance(share))

function addPeople(world: MemoryWorld, random: Random): void {
  for (const name of ['Amy', 'Ben', 'Cy', 'Dan', 'Eve', 'Fay'].slice(random.below(3)))
    world.addUser(name, { licensed: random.chance(0.7) })
  const access = random.pick([undefined, undefined, 'user'] as const)
  world.addGroup('everyone / all', world.users, access)
  world.addGroup('empty', [])
  for (const name of ['team red', 'team blue', 'guild'].slice(random.below(2)))
    world.addGroup(name, some(random, world.users, random.share()))
  // Data Center knows groups by name, and an administrator may give them any.
  const poser = random.pick([undefined, undefined, 'ANONYMOUS_USERS', 'ALL_LICENSED_USERS'])
  if (poser !== undefined) world.addGroup(poser, some(random, world.users, 0.4))
  const admins = some(random, world.users, 0.2).filter((user) => user !== world.crawler)
  // On Data Center only administrators may see who has access, so mostly the crawler is one.
  world.addGroup('admins', random.chance(0.85) ? [world.crawler, ...admins] : admins, 'admin')
}

const classes: readonly AccessClass[] = [
  'anonymous-users',
  'authenticated-users',
  'all-licensed-users',
  'all-licensed-users',
  'all-product-admins',
  'jsm-project-admins',
]

function addSpace(world: MemoryWorld, random: Random, index: number): void {
  const key = ['ONE', '~two'][index]!
  const space = world.addSpace(key, `Space ${index}`, { type: index === 0 ? 'global' : 'personal' })
  // A crawler that sees no space at all has nothing to crawl.
  if (index === 0 || random.chance(0.7))
    world.grant(space, world.crawler, random.pick([VIEW, EDIT, ADMINISTER]))
  for (let count = 1 + random.below(4); count > 0; count--) addGrants(world, random, space)
  addTree(world, random, space)
}

function addGrants(world: MemoryWorld, random: Random, space: WorldSpace): void {
  const grantee: Grantee = random.chance(0.35)
    ? random.pick(classes)
    : random.pick<Grantee>([...world.users, ...world.groups, ...world.groups])
  if (random.chance(0.3)) {
    const role = world.addRole(`Role ${world.roles.length}`, operations(random))
    world.assignRole(space, grantee, role)
  } else world.grant(space, grantee, operations(random))
}

function operations(random: Random): readonly SpaceOperation[] {
  if (random.chance(0.6)) return random.pick([VIEW, EDIT])
  return some(random, EDIT, 0.5)
}

function addTree(world: MemoryWorld, random: Random, space: WorldSpace): void {
  const nodes: WorldNode[] = []
  for (let left = 2 + random.below(8); left > 0; left--) {
    const under = nodes.length > 0 && random.chance(0.8) ? random.pick(nodes) : space
    const title = `Node ${nodes.length} of ${space.key}`
    const read = restriction(world, random, 0.4)
    if (random.chance(0.25)) nodes.push(addContainer(world, random, { under, title, read }))
    else {
      const page = world.addPage(under, title, { read, update: restriction(world, random, 0.3) })
      addFiles(world, random, page)
      nodes.push(page)
    }
  }
  if (!random.chance(0.5)) return
  const post = world.addBlogPost(space, `Post of ${space.key}`, {
    read: restriction(world, random, 0.4),
    update: restriction(world, random, 0.3),
  })
  addFiles(world, random, post)
}

function addFiles(world: MemoryWorld, random: Random, container: WorldNode): void {
  for (let count = random.below(3); count > 0; count--)
    world.addAttachment(container, `File ${count} of ${container.title}.txt`, {
      mediaType: 'text/plain',
      bytes: () => Buffer.from('What is in a file.'),
    })
}

interface Place {
  readonly under: WorldSpace | WorldNode
  readonly title: string
  readonly read: readonly Restricted[]
}

function addContainer(world: MemoryWorld, random: Random, { under, title, read }: Place): WorldNode {
  if (random.chance(0.7)) return world.addFolder(under, title, { read })
  return world.addNode(random.pick(['whiteboard', 'database', 'embed']), under, title, { read })
}

/** Nobody means that nobody is kept out. The crawler is mostly among them, or there would be little to see. */
function restriction(world: MemoryWorld, random: Random, share: number): readonly Restricted[] {
  if (!random.chance(share)) return []
  const people = some(random, world.users, 0.25).filter((user) => user !== world.crawler)
  const groups: readonly Group[] = some(random, world.groups, 0.3)
  return random.chance(0.9) ? [world.crawler, ...people, ...groups] : [...people, ...groups]
}

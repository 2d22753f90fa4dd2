/**
 * A random wiki whose pages look at one another, and random things that happen to it. Everything that may leak is marked: a text holds
 * `Body7x`, a title `Title7x`, where 7 is the id of the page or comment that it belongs to.
 *
 * @module
 */

import type { MemoryWorld } from '../../src/sandbox/index.ts'
import { ADMINISTER, EDIT, type Grantee, type Restricted, VIEW } from '../../src/sandbox/principals.ts'
import type { Random } from '../../src/sandbox/random.ts'
import type { WorldNode, WorldNodeType, WorldSpace } from '../../src/sandbox/world.ts'
import { randomWorld } from '../permissions/random-world.ts'

/** The wiki of a seed, before anything happens to it. */
export function randomWiki(seed: number, random: Random): MemoryWorld {
  const world = randomWorld(seed)
  world.grant(world.spaces[0]!, world.crawler, ADMINISTER)
  for (const node of [...nodesOf(world, 'page', 'blogpost', 'folder')]) retitle(world, node)
  for (const space of world.spaces) {
    const [home] = nodesOf(world, 'page').filter(({ spaceId }) => spaceId === space.id)
    if (home) space.homepageId = home.id
  }
  for (const node of currentOf(world, 'page', 'blogpost')) write(world, random, node)
  for (const node of currentOf(world, 'page', 'blogpost'))
    if (random.chance(0.4)) comment(world, random, node)
  return world
}

function nodesOf(world: MemoryWorld, ...types: readonly WorldNodeType[]): readonly WorldNode[] {
  return world.spaces.flatMap(({ id }) =>
    types.flatMap((type) => {
      const list = world.list(id, type)
      return Array.from({ length: list.length }, (_, index) => list.at(index))
    }),
  )
}

const currentOf = (world: MemoryWorld, ...types: readonly WorldNodeType[]) =>
  nodesOf(world, ...types).filter(({ status }) => status === 'current')

let names = 0

function retitle(world: MemoryWorld, node: WorldNode): void {
  names += 1
  world.rename(node, `Title${node.id}x${names}`)
}

function write(world: MemoryWorld, random: Random, node: WorldNode): void {
  world.edit(node, body(world, random, node))
}

function comment(world: MemoryWorld, random: Random, on: WorldNode): void {
  const inline = on.type !== 'comment' && random.chance(0.4) ? { inline: { selection: 'some words' } } : {}
  const made = world.addComment(on, '', { author: random.pick(world.users), ...inline })
  write(world, random, made)
}

/** A marked text that shows some other pages. */
function body(world: MemoryWorld, random: Random, node: WorldNode): string {
  const shown = Array.from({ length: random.below(3) }, () => random.pick(macros)(world, random))
  return `<p>Body${node.id}x${node.version.number}</p>${shown.join('')}`
}

const pageLink = ({ title }: WorldNode, space: WorldSpace) =>
  `<ac:link><ri:page ri:content-title="${title}" ri:space-key="${space.key}" /></ac:link>`

const macro = (name: string, inside: string) =>
  `<ac:structured-macro ac:name="${name}">${inside}</ac:structured-macro>`

const parameter = (name: string, inside: string) => `<ac:parameter ac:name="${name}">${inside}</ac:parameter>`

type Shows = (world: MemoryWorld, random: Random) => string

/** A macro that names a page. */
const about =
  (name: string, as: string): Shows =>
  (world, random) => {
    const pages = nodesOf(world, 'page')
    if (pages.length === 0) return ''
    const page = random.pick(pages)
    return macro(name, parameter(as, pageLink(page, world.spaces.find(({ id }) => id === page.spaceId)!)))
  }

const macros: readonly Shows[] = [
  about('include', ''),
  about('include', ''),
  about('excerpt-include', ''),
  about('children', 'page'),
  () => macro('children', parameter('all', 'true')),
  () => macro('pagetree', parameter('startDepth', '3')),
  (world, random) =>
    macro('contentbylabel', parameter('labels', 'red') + parameter('spaces', random.pick(world.spaces).key)),
  () => macro('detailssummary', parameter('label', 'red')),
  () => macro('excerpt', '<ac:rich-text-body><p>An excerpt.</p></ac:rich-text-body>'),
  (world, random) => {
    const { accountId, userKey } = random.pick(world.users)
    return `<p>Ask <ac:link><ri:user ri:account-id="${accountId}" ri:userkey="${userKey}" /></ac:link></p>`
  },
]

/** Lets one thing happen; says which. */
export function happen(world: MemoryWorld, random: Random): string {
  const [name, act] = random.pick(happenings)
  act(world, random)
  return name
}

type Happening = (world: MemoryWorld, random: Random) => void

const some = <Item>(random: Random, items: readonly Item[], share: number) =>
  items.filter(() => random.chance(share))

function anyone(world: MemoryWorld, random: Random): readonly Restricted[] {
  if (random.chance(0.35)) return []
  const named = [...some(random, world.users, 0.3), ...some(random, world.groups, 0.3)]
  return random.chance(0.8) ? [world.crawler, ...named] : named
}

/** To one that is there, if there is one. */
const on =
  (
    types: readonly WorldNodeType[],
    status: readonly WorldNode['status'][],
    act: (world: MemoryWorld, node: WorldNode, random: Random) => void,
  ): Happening =>
  (world, random) => {
    const there = nodesOf(world, ...types).filter((node) => status.includes(node.status))
    if (there.length > 0) act(world, random.pick(there), random)
  }

const written = ['page', 'blogpost'] as const
const inTree = ['page', 'folder', 'whiteboard'] as const
const everyStatus = ['current', 'archived', 'trashed', 'draft'] as const

const restrictRead: Happening = on(['page', 'blogpost', 'folder'], everyStatus, (world, node, random) =>
  world.restrict(node, 'read', anyone(world, random)),
)

const grantee = (world: MemoryWorld, random: Random): Grantee =>
  random.pick<Grantee>([...world.users, ...world.groups, 'all-licensed-users', 'anonymous-users'])

const happenings: readonly (readonly [string, Happening])[] = [
  ['edit', on(written, ['current'], (world, node, random) => write(world, random, node))],
  ['edit', on(written, ['current'], (world, node, random) => write(world, random, node))],
  ['rename', on([...written, 'folder'], ['current'], (world, node) => retitle(world, node))],
  ['move', on(inTree, ['current'], move)],
  ['move', on(inTree, ['current'], move)],
  ['restrict', restrictRead],
  ['restrict', restrictRead],
  ['restrict', restrictRead],
  [
    'restrict updates',
    on(written, ['current'], (world, node, random) => world.restrict(node, 'update', anyone(world, random))),
  ],
  [
    'label',
    on(written, ['current'], (world, node, random) => world.label(node, random.chance(0.6) ? ['red'] : [])),
  ],
  ['trash', on(written, ['current'], (world, node) => world.trash(node))],
  ['archive', on(['page'], ['current'], (world, node) => world.archive(node))],
  ['restore', on(written, ['trashed', 'archived'], restore)],
  ['restore', on(written, ['trashed', 'archived'], restore)],
  ['purge', on(written, everyStatus, (world, node) => world.purge(node))],
  [
    'draft',
    on(['page'], ['current'], (_, node) => {
      node.status = 'draft'
    }),
  ],
  ['publish', on(['page'], ['draft'], restore)],
  ['add', add],
  ['add', add],
  [
    'comment',
    on([...written, 'comment'], ['current'], (world, node, random) => comment(world, random, node)),
  ],
  [
    'comment',
    on([...written, 'comment'], ['current'], (world, node, random) => comment(world, random, node)),
  ],
  ['edit a comment', on(['comment'], ['current'], (world, node, random) => write(world, random, node))],
  ['delete a comment', on(['comment'], ['current'], (world, node) => world.purge(node))],
  [
    'resolve',
    on(['comment'], ['current'], (world, node, random) =>
      world.resolve(node, random.pick(['open', 'resolved', 'reopened', 'dangling'])),
    ),
  ],
  ['join', (world, random) => world.join(random.pick(world.users), random.pick(world.groups))],
  ['leave', (world, random) => world.leave(random.pick(world.users), random.pick(world.groups))],
  ['leave', (world, random) => world.leave(random.pick(world.users), random.pick(world.groups))],
  [
    'delete a group',
    (world, random) => {
      const gone = random.pick(world.groups)
      if (gone.access === undefined && random.chance(0.3)) world.deleteGroup(gone)
    },
  ],
  [
    'deactivate',
    (world, random) => {
      const user = random.pick(world.users)
      if (user !== world.crawler) user.active = random.chance(0.4)
    },
  ],
  [
    'grant',
    (world, random) =>
      world.grant(random.pick(world.spaces), grantee(world, random), random.pick([VIEW, EDIT])),
  ],
  ['revoke', revoke],
  ['revoke', revoke],
  [
    'assign a role',
    (world, random) => {
      if (world.roles.length > 0)
        world.assignRole(random.pick(world.spaces), grantee(world, random), random.pick(world.roles))
    },
  ],
  [
    'unassign a role',
    (world, random) => {
      const space = random.pick(world.spaces)
      space.roleAssignments = some(random, space.roleAssignments, 0.5)
    },
  ],
  [
    'anonymous access',
    (world, random) => {
      world.anonymousAccess = random.chance(0.5)
    },
  ],
  [
    'archive a space',
    (world, random) => {
      const [, space] = world.spaces
      if (space) space.status = random.pick(['current', 'archived'])
    },
  ],
  [
    'delete a space',
    (world, random) => {
      const [, space] = world.spaces
      if (space && random.chance(0.3)) world.deleteSpace(space)
    },
  ],
]

function move(world: MemoryWorld, node: WorldNode, random: Random): void {
  const places = [...world.spaces, ...currentOf(world, ...inTree).filter((to) => !isBelow(world, to, node))]
  world.move(node, random.pick(places))
}

function isBelow(world: MemoryWorld, node: WorldNode, top: WorldNode): boolean {
  for (let at: WorldNode | undefined = node; at; at = at.parentId ? world.node(at.parentId) : undefined)
    if (at === top) return true
  return false
}

/** To the root, where what it was under is gone meanwhile. */
function restore(world: MemoryWorld, node: WorldNode): void {
  const above = node.parentId === undefined ? undefined : world.node(node.parentId)
  if (node.parentId !== undefined && above?.status !== 'current')
    world.move(node, world.spaces.find(({ id }) => id === node.spaceId)!)
  world.restore(node)
}

function add(world: MemoryWorld, random: Random): void {
  const under = random.pick([...world.spaces, ...currentOf(world, 'page', 'folder')])
  const read = random.chance(0.3) ? anyone(world, random) : []
  const made = random.chance(0.8)
    ? world.addPage(under, 'New', { read })
    : world.addBlogPost(random.pick(world.spaces), 'New', { read })
  retitle(world, made)
  write(world, random, made)
}

/** The first space goes on showing itself to the crawler: a crawler that sees nothing is an error of its own. */
function revoke(world: MemoryWorld, random: Random): void {
  const space = random.pick(world.spaces)
  const principals = space.grants
    .map(({ principal }) => principal)
    .filter(({ id }) => space !== world.spaces[0] || id !== world.crawler.accountId)
  if (principals.length > 0) world.revoke(space, random.pick(principals))
}

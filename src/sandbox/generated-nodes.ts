/**
 * Nodes of a generated world, each computed from its place: title, dates, labels, restrictions, and where it is in the tree.
 *
 * @module
 */

import { type Ids, type Place, turns } from './generated-ids.ts'
import type { People } from './generated-people.ts'
import { type TreeShape, treeShape } from './generated-tree.ts'
import { labelsOf, titleOf } from './generated-words.ts'
import { mix, type Random, randomFrom } from './random.ts'
import type { WorldNode, WorldRestriction } from './world.ts'

export interface NodesOptions {
  readonly seed: number
  readonly spaces: number
  readonly depth: number
  readonly restrictedShare: number
  readonly editRestrictedShare: number
  readonly people: People
  readonly ids: Ids
}

export interface Nodes {
  node(place: Place): WorldNode
  title(place: Place): string
  children(place: Place): readonly WorldNode[]
  /** Any page of any space; undefined where there is none. */
  somePage(random: Random): Place | undefined
}

const unrestricted: WorldRestriction = { users: [], groups: [] }
const firstDay = Date.parse('2019-01-07T08:00:00Z')
const lastDay = Date.parse('2025-06-30T16:00:00Z')

export function generatedNodes(options: NodesOptions): Nodes {
  const { seed, ids, people } = options
  const tree = generatedTree(options)
  const random = (place: Place, purpose: number) => randomFrom(mix(seed, ids.serial(place).number, purpose))
  const isHome = ({ kind, index }: Place) => kind === 'page' && index === 0

  function title(place: Place): string {
    const text = titleOf(random(place, 1))
    if (place.kind === 'page') return `${text} ${place.index + 1}`
    return place.kind === 'folder' ? `${text} folder ${place.index + 1}` : `${text}, week ${place.index + 1}`
  }

  function dates(place: Place, own: Random) {
    const { number, of } = ids.serial(place)
    const created = firstDay + Math.floor(((number + own.share()) / of) * (lastDay - firstDay))
    const version = 1 + Math.floor(own.share() ** 3 * 30)
    const changed = version === 1 ? created : created + Math.floor(own.share() * (lastDay - created))
    return { createdAt: new Date(created), version, changedAt: new Date(changed) }
  }

  function node(place: Place): WorldNode {
    const own = random(place, 2)
    const { createdAt, changedAt, version } = dates(place, own)
    const [authorId, editorId] = [own.pick(people.users).accountId, own.pick(people.users).accountId]
    const restricted = !isHome(place) && place.kind !== 'blogpost' && own.chance(options.restrictedShare)
    const editRestricted = place.kind === 'page' && own.chance(options.editRestrictedShare)
    const parentId = tree.parentId(place)
    return {
      id: ids.id(place),
      type: place.kind,
      spaceId: ids.spaceId(place.space),
      title: title(place),
      status: 'current',
      ...(parentId !== undefined && { parentId }),
      position: tree.position(place),
      createdAt,
      authorId,
      version: {
        number: version,
        createdAt: changedAt,
        authorId: version === 1 ? authorId : editorId,
        message: '',
        minorEdit: false,
      },
      labels: place.kind === 'folder' ? [] : labelsOf(own),
      readRestriction: restricted ? people.restriction(own) : unrestricted,
      updateRestriction: editRestricted ? people.restriction(own) : unrestricted,
    }
  }

  return {
    node,
    title,
    children: (place) => tree.children(place).map(node),
    somePage(any) {
      const space = any.below(options.spaces)
      const count = ids.count('page', space)
      return count === 0 ? undefined : { kind: 'page', space, index: any.below(count) }
    },
  }
}

/**
 * The content trees of all spaces: pages by `treeShape`, and folders put between the pages of one level (the second, in all but the
 * smallest trees) and some of their children.
 */
function generatedTree({ seed, spaces, depth, ids }: NodesOptions) {
  const shapes = Array.from({ length: spaces }, (_, space) =>
    treeShape(ids.count('page', space), depth, mix(seed, space, 3)),
  )
  const shapeOf = ({ space }: Place) => shapes[space]!
  const numberOf = (place: Place) => shapeOf(place).trade(place.index)
  const page = (space: number, number: number): Place => ({
    kind: 'page',
    space,
    index: shapes[space]!.trade(number),
  })
  const hostLevel = (shape: TreeShape) => (shape.levels > 2 ? 1 : 0)

  /** Folders below one page, in the order of ids: the pages of the host level take turns. */
  function foldersBelow(space: number, number: number): readonly Place[] {
    const shape = shapes[space]!
    const { first, end } = shape.span(hostLevel(shape))
    if (number < first || number >= end) return []
    const count = turns(ids.count('folder', space), end - first, number - first)
    return Array.from({ length: count }, (_, turn) => ({
      kind: 'folder',
      space,
      index: turn * (end - first) + number - first,
    }))
  }

  /** The folder, or else the page, that a child of a page is really in. */
  function holder(space: number, child: number, parent: number): Place {
    const folders = foldersBelow(space, parent)
    return folders[mix(seed, space, child, 4) % (folders.length + 1)] ?? page(space, parent)
  }

  function parent(place: Place): Place | undefined {
    const shape = shapeOf(place)
    if (place.kind === 'blogpost' || shape.size === 0) return undefined
    if (place.kind === 'page') {
      const number = numberOf(place)
      const above = shape.parent(number)
      return above === undefined ? undefined : holder(place.space, number, above)
    }
    const { first, end } = shape.span(hostLevel(shape))
    return page(place.space, first + (place.index % (end - first)))
  }

  function pagesIn(place: Place, above: Place): readonly Place[] {
    const { first, end } = shapeOf(above).children(numberOf(above))
    const numbers = Array.from({ length: end - first }, (_, offset) => first + offset)
    return numbers
      .filter((child) => same(holder(place.space, child, numberOf(above)), place))
      .map((child) => page(place.space, child))
  }

  return {
    position: (place: Place) => (place.kind === 'page' ? numberOf(place) : place.index),
    parentId(place: Place): string | undefined {
      const above = parent(place)
      return above && ids.id(above)
    },
    /** By position: folders come before pages. */
    children(place: Place): readonly Place[] {
      if (place.kind === 'blogpost') return []
      if (place.kind === 'page')
        return [...foldersBelow(place.space, numberOf(place)), ...pagesIn(place, place)]
      const above = parent(place)
      return above === undefined ? [] : pagesIn(place, above)
    },
  }
}

const same = (one: Place, other: Place) =>
  one.kind === other.kind && one.space === other.space && one.index === other.index

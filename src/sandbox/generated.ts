/**
 * A wiki of any size that nobody wrote. Every node and body is computed from the seed and its number when it is asked for, and
 * nothing is kept, so a site of 100,000 pages costs no more memory than one of ten. Equal options make equal wikis, for ever.
 *
 * The crawler administers every space and is in a group that every restriction names, so it sees all of it.
 *
 * @module
 */

import { bodyWriter } from './generated-body.ts'
import { generatedIds, type Ids, kinds } from './generated-ids.ts'
import { generatedNodes } from './generated-nodes.ts'
import { generatedPeople, type People } from './generated-people.ts'
import { sentence, titleOf } from './generated-words.ts'
import { uuidOf } from './principals.ts'
import { mix, type Random, randomFrom } from './random.ts'
import type { NodeList, World, WorldNode, WorldSpace } from './world.ts'

export interface GeneratedOptions {
  /** Pages of all spaces together. Default 1000. */
  readonly pages?: number
  /** Default 4. */
  readonly spaces?: number
  /** Default 1. */
  readonly seed?: number
  /** Share of pages and folders with a view restriction of their own; home pages never have one. Default 0.05. */
  readonly restrictedShare?: number
  /** Share of pages with an edit restriction. Default half of `restrictedShare`. */
  readonly editRestrictedShare?: number
  /** Default 200, the crawler not counted. */
  readonly users?: number
  /** Default 12, `confluence-users` not counted. */
  readonly groups?: number
  /** Levels of each page tree, the home page's included. Default 6. */
  readonly depth?: number
  /** Of all spaces together. Default 0. */
  readonly blogPosts?: number
  /** Of all spaces together; each holds some pages that would else be children of the page it is under. Default 0. */
  readonly folders?: number
  /** Smallest and largest body in characters, with sizes spread evenly over their logarithm. Default 1,000 and 60,000. */
  readonly bodySize?: readonly [number, number]
  /** Decides how bodies name people. Default `cloud`. */
  readonly flavour?: 'cloud' | 'data-center'
}

export function generatedWorld(options: GeneratedOptions = {}): World {
  const { pages = 1000, spaces = 4, seed = 1, users = 200, groups = 12, folders = 0, blogPosts = 0 } = options
  const people = generatedPeople({ users, groups }, randomFrom(mix(seed, 0x9e0)))
  const counts =
    spaces > 0 ? { folder: folders, page: pages, blogpost: blogPosts } : { folder: 0, page: 0, blogpost: 0 }
  const ids = generatedIds(counts, spaces, seed)
  const { depth = 6, restrictedShare = 0.05, editRestrictedShare = restrictedShare / 2 } = options
  const nodes = generatedNodes({ seed, spaces, depth, restrictedShare, editRestrictedShare, people, ids })
  const sites = Array.from({ length: spaces }, (_, space) => makeSpace({ space, seed, people, ids }))
  const spaceNumbers = new Map(sites.map(({ id }, space) => [id, space]))
  const write = bodyWriter({
    seed,
    sizes: options.bodySize ?? [1000, 60_000],
    targets: {
      mention: mentionOf(people, options.flavour ?? 'cloud'),
      page(random) {
        const place = nodes.somePage(random)
        return place && { spaceKey: sites[place.space]!.key, title: nodes.title(place) }
      },
    },
  })

  return {
    name: 'Generated',
    cloudId: uuidOf(`cloud/generated/${seed}`),
    roleMode: 'PRE_ROLES',
    users: people.users,
    groups: people.groups,
    roles: [],
    spaces: sites,
    anonymousAccess: false,
    crawler: people.crawler,
    node(id) {
      const place = ids.place(id)
      return place && nodes.node(place)
    },
    list(spaceId, type) {
      const space = spaceNumbers.get(spaceId)
      const kind = kinds.find((each) => each === type)
      const length = space === undefined || kind === undefined ? 0 : ids.count(kind, space)
      return nodeList(length, (index) => nodes.node({ kind: kind!, space: space!, index }))
    },
    children(id) {
      const place = ids.place(id)
      return place === undefined ? [] : nodes.children(place)
    },
    attached: () => [],
    storage(id) {
      const place = ids.place(id)
      if (place === undefined || place.kind === 'folder') return ''
      return write(ids.serial(place).number, nodes.title(place))
    },
  }
}

function nodeList(length: number, node: (index: number) => WorldNode): NodeList {
  return {
    length,
    at(index) {
      if (!(index >= 0 && index < length)) throw new RangeError(`No node at ${index} of ${length}.`)
      return node(index)
    },
  }
}

interface SpaceParts {
  readonly space: number
  readonly seed: number
  readonly people: People
  readonly ids: Ids
}

function makeSpace({ space, seed, people, ids }: SpaceParts): WorldSpace {
  const random = randomFrom(mix(seed, space, 0x59ace))
  const home = ids.count('page', space) > 0 ? { homepageId: ids.id({ kind: 'page', space, index: 0 }) } : {}
  return {
    id: ids.spaceId(space),
    key: `GEN${space + 1}`,
    name: `${titleOf(random)} (${space + 1})`,
    type: 'global',
    status: 'current',
    description: sentence(random),
    ...home,
    createdAt: new Date(Date.parse('2019-01-01T08:00:00Z') + space * 3_600_000),
    authorId: people.crawler.accountId,
    grants: people.grants(space, random),
    roleAssignments: [],
  }
}

/** Markup that names any of the users, as the flavour does. */
function mentionOf(people: People, flavour: 'cloud' | 'data-center'): (random: Random) => string {
  return (random) => {
    const { accountId, userKey } = random.pick(people.users)
    const name = flavour === 'cloud' ? `ri:account-id="${accountId}"` : `ri:userkey="${userKey}"`
    return `<ac:link><ri:user ${name} /></ac:link>`
  }
}

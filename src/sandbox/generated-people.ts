/**
 * Users and groups of a generated world, and what its spaces grant them.
 *
 * @module
 */

import { ADMINISTER, EDIT, type Grantee, makeGroup, makeUser, principalOf, VIEW } from './principals.ts'
import type { Random } from './random.ts'
import type { Group, SpaceGrant, SpaceOperation, User, WorldRestriction } from './world.ts'

const firstNames = [
  'Amina',
  'Bo',
  'Chiara',
  'Dmitri',
  'Elif',
  'Femi',
  'Greta',
  'Hiro',
  'Ines',
  'Jonas',
  'Kavya',
  'Luka',
]
const lastNames = [
  'Abbott',
  'Brandt',
  'Castillo',
  'Dahl',
  'Eriksen',
  'Fontaine',
  'Gruber',
  'Hassan',
  'Ito',
  'Jansen',
  'Kovac',
]

export interface People {
  readonly crawler: User
  /** The crawler comes first. */
  readonly users: readonly User[]
  /** All licensed users come first, then the group that the crawler reads by. */
  readonly groups: readonly Group[]
  /** A restriction of some people and groups, the crawler always among them. */
  restriction(random: Random): WorldRestriction
  /** What one space grants: the crawler everything, others as spaces do in three common ways. */
  grants(space: number, random: Random): SpaceGrant[]
}

export function generatedPeople(counts: { users: number; groups: number }, random: Random): People {
  const crawler = makeUser('Wiki Crawler', 'crawler')
  const users = [crawler, ...Array.from({ length: counts.users }, (_, index) => person(index))]
  const everybody = makeGroup('confluence-users', users, 'user')
  const teams = Array.from({ length: counts.groups }, (_, index) => team(index, users, random))
  const [readers] = teams
  readers?.members.add(crawler.accountId)

  function restriction(own: Random): WorldRestriction {
    const named = new Set(some(users, own.below(4), own).map((user) => user.accountId))
    const groups = new Set(some(teams, own.below(3), own).map((group) => group.id))
    if (readers === undefined) named.add(crawler.accountId)
    else groups.add(readers.id)
    return { users: [...named], groups: [...groups] }
  }

  function grants(space: number, own: Random): SpaceGrant[] {
    const granted: (readonly [Grantee, readonly SpaceOperation[]])[] = [[crawler, ADMINISTER]]
    if (space % 3 === 0) granted.push(['all-licensed-users', EDIT])
    if (space % 3 === 1)
      for (const group of some(teams, 3, own)) granted.push([group, own.chance(0.5) ? EDIT : VIEW])
    if (space % 3 === 2) {
      granted.push([everybody, VIEW])
      for (const user of some(users, 3, own)) granted.push([user, EDIT])
    }
    return spell(granted, space)
  }

  return { crawler, users, groups: [everybody, ...teams], restriction, grants }
}

function person(index: number): User {
  const first = firstNames[index % firstNames.length]!
  const last = lastNames[index % lastNames.length]!
  return makeUser(`${first} ${last}`, `${first}.${last}.${index + 1}`.toLowerCase())
}

/** Teams get smaller and smaller: from half of everybody to a handful. */
function team(index: number, users: readonly User[], random: Random): Group {
  const share = 0.5 / (index + 1)
  return makeGroup(
    `team-${index + 1}`,
    users.filter(() => random.chance(share)),
  )
}

function some<Item>(items: readonly Item[], count: number, random: Random): readonly Item[] {
  const picked = Array.from({ length: Math.min(count, items.length) }, () => random.pick(items))
  return [...new Set(picked)]
}

function spell(
  granted: readonly (readonly [Grantee, readonly SpaceOperation[]])[],
  space: number,
): SpaceGrant[] {
  const plain = granted.flatMap(([grantee, operations]) =>
    operations.map((operation) => ({ principal: principalOf(grantee), operation })),
  )
  return plain.map((grant, index) => ({ id: String(10_000 + space * 100 + index), ...grant }))
}

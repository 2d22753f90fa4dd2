/**
 * A world that is written by hand (or at random) and can be changed afterwards: everything is in memory, ids are handed out in
 * ascending order, and time only moves when something happens, so that the same calls make the same world.
 *
 * @module
 */

import { type WorldChanges, worldChanges } from './memory-changes.ts'
import { type ContentBuilder, contentBuilder } from './memory-content.ts'
import { memoryStore } from './memory-store.ts'
import { type Grantee, makeGroup, makeUser, principalOf, uuidOf } from './principals.ts'
import type { Group, SpaceGrant, SpaceOperation, SpaceRole, User, World, WorldSpace } from './world.ts'

export interface MemoryWorldOptions {
  /** Default `Memory`. */
  readonly name?: string
  /** Default `PRE_ROLES`. */
  readonly roleMode?: World['roleMode']
  /** Whether visitors who are not signed in are let in. Default false. */
  readonly anonymousAccess?: boolean
  /** Display name and user name of the account that reads the wiki. */
  readonly crawler?: { readonly displayName: string; readonly username: string }
  /** When the first thing happened. Default: a Monday in March 2024. */
  readonly startsAt?: Date
  /** How much time passes between one thing and the next. Default 37. */
  readonly minutesPerStep?: number
}

interface SpaceDetails {
  /** Default: the next free id. */
  readonly id?: string
  readonly type?: WorldSpace['type']
  readonly status?: WorldSpace['status']
  readonly description?: string
  readonly author?: User
}

interface SiteBuilder {
  readonly users: readonly User[]
  readonly groups: readonly Group[]
  readonly roles: readonly SpaceRole[]
  readonly spaces: readonly WorldSpace[]
  /** A person with a licence, unless said otherwise: a member of the group `confluence-users`. */
  addUser(displayName: string, details?: { readonly username?: string; readonly licensed?: boolean }): User
  addGroup(name: string, members?: readonly User[], access?: 'user' | 'admin'): Group
  addRole(name: string, operations: readonly SpaceOperation[]): SpaceRole
  addSpace(key: string, name: string, details?: SpaceDetails): WorldSpace
  grant(space: WorldSpace, grantee: Grantee, operations: readonly SpaceOperation[]): void
  assignRole(space: WorldSpace, grantee: Grantee, role: SpaceRole): void
}

export interface MemoryWorld extends World, SiteBuilder, ContentBuilder, WorldChanges {
  anonymousAccess: boolean
}

const MINUTE = 60_000

/** Time that moves on at each look, and never else. */
function steppingClock(startsAt: Date, minutes: number): () => Date {
  let now = startsAt.getTime()
  return () => {
    now += minutes * MINUTE
    return new Date(now)
  }
}

/** Hands out ids with gaps, as Confluence's: ascending, and beyond every id that was asked for. */
function idTaker(): (id?: string) => string {
  let last = 65_536n
  return (id) => {
    const taken = id === undefined ? last + 3n + (last % 11n) : BigInt(id)
    if (taken > last) last = taken
    return String(taken)
  }
}

/** Makes an empty world with its crawler and the group `confluence-users`. */
export function memoryWorld(options: MemoryWorldOptions = {}): MemoryWorld {
  const name = options.name ?? 'Memory'
  const clock = steppingClock(
    options.startsAt ?? new Date('2024-03-04T08:00:00Z'),
    options.minutesPerStep ?? 37,
  )
  const takeId = idTaker()
  const store = memoryStore()
  const bodies = new Map<string, string | (() => string)>()
  const views = new Map<string, string>()
  const { displayName, username } = options.crawler ?? { displayName: 'Wiki Crawler', username: 'crawler' }
  const crawler = makeUser(displayName, username)
  const groups: Group[] = []
  const spaces: WorldSpace[] = []

  return {
    name,
    cloudId: uuidOf(`cloud/${name}`),
    roleMode: options.roleMode ?? 'PRE_ROLES',
    anonymousAccess: options.anonymousAccess ?? false,
    crawler,
    node: store.get,
    list: store.list,
    children: store.children,
    attached: store.attached,
    storage(id) {
      const body = bodies.get(id) ?? ''
      return typeof body === 'string' ? body : body()
    },
    view: (id) => views.get(id),
    ...siteBuilder({ crawler, groups, spaces, clock, takeId }),
    ...contentBuilder({ store, bodies, views, crawler, clock, takeId }),
    ...worldChanges({ store, bodies, views, groups, spaces, clock }),
  }
}

interface SiteParts {
  readonly crawler: User
  readonly groups: Group[]
  readonly spaces: WorldSpace[]
  readonly clock: () => Date
  readonly takeId: (id?: string) => string
}

function siteBuilder({ crawler, groups, spaces, clock, takeId }: SiteParts): SiteBuilder {
  const licensed = makeGroup('confluence-users', [crawler], 'user')
  const users: User[] = [crawler]
  const roles: SpaceRole[] = []
  groups.push(licensed)

  return {
    users,
    groups,
    roles,
    spaces,
    addUser(displayName, details = {}) {
      const username = details.username ?? displayName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')
      const user = makeUser(displayName, username)
      users.push(user)
      if (details.licensed ?? true) licensed.members.add(user.accountId)
      return user
    },
    addGroup(name, members = [], access) {
      const group = makeGroup(name, members, access)
      groups.push(group)
      return group
    },
    addRole(name, operations) {
      const role = { id: uuidOf(`role/${name}`), name, operations }
      roles.push(role)
      return role
    },
    addSpace(key, name, { id, author = crawler, ...details } = {}) {
      const space: WorldSpace = {
        id: takeId(id),
        key,
        name,
        type: details.type ?? 'global',
        status: details.status ?? 'current',
        description: details.description ?? '',
        createdAt: clock(),
        authorId: author.accountId,
        grants: [],
        roleAssignments: [],
      }
      spaces.push(space)
      return space
    },
    grant(space, grantee, operations) {
      const principal = principalOf(grantee)
      const granted = operations.map((operation): SpaceGrant => ({ id: takeId(), principal, operation }))
      space.grants = [...space.grants, ...granted]
    },
    assignRole(space, grantee, role) {
      const assignment = { principal: principalOf(grantee), roleId: role.id }
      space.roleAssignments = [...space.roleAssignments, assignment]
    },
  }
}

/**
 * One layer of a page's access as something to pass: a person passes a gate that names them, or that names a crowd they belong to.
 *
 * @module
 */

import type { PermissionLayer } from '../../../model/permissions.ts'
import type { Principal, Restriction } from '../api.ts'

/** Many people under one name: a group, by id, or an access class. Tagged, because a group may bear a class's name. */
export type Crowd = `group:${string}` | `class:${string}`

export interface Gate {
  /** The layer as consumers see it. */
  readonly layer: PermissionLayer
  readonly users: ReadonlySet<string>
  readonly crowds: ReadonlySet<Crowd>
}

const everybody: Crowd = 'class:ANONYMOUS_USERS'
const everybodySignedIn: Crowd = 'class:AUTHENTICATED_USERS'

/** Names that mean a class wherever they stand among groups, so that a group of that name must never stand there. */
const classNames: ReadonlySet<string> = new Set([
  'ANONYMOUS_USERS',
  'AUTHENTICATED_USERS',
  'ALL_LICENSED_USERS',
  'ALL_PRODUCT_ADMINS',
  'JSM_PROJECT_ADMINS',
])

/** Id of a group, or name of an access class. */
export const crowdName = (crowd: Crowd) => crowd.slice(crowd.indexOf(':') + 1)

export const isGroup = (crowd: Crowd) => crowd.startsWith('group:')

/** Whether a crowd can be named in a flat list without being taken for another one. */
export const isNameable = (crowd: Crowd) => !isGroup(crowd) || !classNames.has(crowdName(crowd))

export function gateOfGrants(from: string, principals: readonly Principal[]): Gate {
  const users = principals.filter(({ type }) => type === 'user').map(({ id }) => id)
  const crowds = principals.flatMap(({ type, id }): Crowd[] => {
    if (type === 'user') return []
    return [type === 'group' ? `group:${id}` : `class:${id}`]
  })
  return gate(from, users, crowds)
}

/** A restriction that names nobody restricts nobody. */
export const restricts = ({ users, groups }: Restriction) => users.length > 0 || groups.length > 0

export function gateOfRestriction(from: string, { users, groups }: Restriction): Gate {
  const crowds = groups.map((id): Crowd => `group:${id}`)
  return gate(from, users, crowds)
}

function gate(from: string, users: readonly string[], crowds: readonly Crowd[]): Gate {
  const layer = {
    from,
    users: sorted(users),
    // A group with the name of a class is written so that nobody takes it for the class.
    groups: sorted(crowds.map((crowd) => (isNameable(crowd) ? crowdName(crowd) : crowd))),
  }
  return { layer, users: new Set(users), crowds: new Set(crowds) }
}

/** Whether this person passes whatever the memberships are. */
export const passesByName = (user: string, { users, crowds }: Gate) =>
  users.has(user) || crowds.has(everybodySignedIn) || crowds.has(everybody)

/** Whether everyone in this crowd passes whatever the memberships are. */
export function crowdPassesByName(crowd: Crowd, { crowds }: Gate): boolean {
  if (crowds.has(crowd) || crowds.has(everybody)) return true
  return crowds.has(everybodySignedIn) && crowd !== everybody
}

/** Whether everyone who passes `inner` also passes `outer`, whatever the memberships are. */
export const within = (inner: Gate, outer: Gate) =>
  inner.users.values().every((user) => passesByName(user, outer)) &&
  inner.crowds.values().every((crowd) => crowdPassesByName(crowd, outer))

/** Sorted by code unit, the same on every machine, without duplicates. */
export const sorted = (ids: Iterable<string>): readonly string[] => [...new Set(ids)].sort()

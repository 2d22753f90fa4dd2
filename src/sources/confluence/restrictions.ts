/**
 * Restrictions as the v1 API writes them, on Cloud and Data Center alike. Whatever is cut, missing or names somebody without an id
 * is `undefined` here: not known, never "nobody is kept out".
 *
 * @module
 */

import type { Restriction } from './api.ts'

interface WireList<Principal> {
  readonly results?: readonly Principal[]
  readonly size?: number
  readonly limit?: number
  readonly _links?: { readonly next?: string }
}

export interface WireUser {
  readonly accountId?: string
  readonly userKey?: string
  readonly username?: string
  readonly displayName?: string
  readonly publicName?: string
}

export interface WireGroup {
  readonly id?: string
  readonly name?: string
}

/** One operation's restriction: in a list's expansion, or answered by `restriction/byOperation/{operation}`. */
export interface WireRestriction {
  readonly restrictions?: {
    readonly user?: WireList<WireUser>
    readonly group?: WireList<WireGroup>
  }
}

/** How a deployment identifies people and groups. */
export interface Identities {
  readonly user: (user: WireUser) => string | undefined
  readonly group: (group: WireGroup) => string | undefined
}

export const cloudIdentities: Identities = { user: (user) => user.accountId, group: (group) => group.id }
export const dataCenterIdentities: Identities = { user: (user) => user.userKey, group: (group) => group.name }

/** For what restricts nobody; shared, because nearly all pages are so. */
export const unrestricted: Restriction = { users: [], groups: [] }

/** The whole restriction, or `undefined` where the list does not hold it all. */
export function wholeRestriction(
  wire: WireRestriction | undefined,
  identities: Identities,
): Restriction | undefined {
  const users = wire?.restrictions?.user
  const groups = wire?.restrictions?.group
  if (!users?.results || !groups?.results || isCut(users) || isCut(groups)) return undefined
  return identified(users.results, groups.results, identities)
}

/** One page of a restriction that is read on its own, and how far it reaches. */
export interface RestrictionPage {
  readonly restriction: Restriction
  /** How many principals of the longer list are here; the next page starts so much later. */
  readonly length: number
  readonly more: boolean
  /** It shows nobody and says that there is somebody. */
  readonly hides: boolean
}

/** `undefined` where somebody in it has no id, or a list is missing. */
export function restrictionPage(wire: WireRestriction, identities: Identities): RestrictionPage | undefined {
  const users = wire.restrictions?.user
  const groups = wire.restrictions?.group
  if (!users?.results || !groups?.results) return undefined
  const restriction = identified(users.results, groups.results, identities)
  if (!restriction) return undefined
  const length = Math.max(users.results.length, groups.results.length)
  const cut = isCut(users) || isCut(groups)
  return { restriction, length, more: cut && length > 0, hides: cut && length === 0 }
}

function isCut({ results = [], size, limit, _links }: WireList<unknown>): boolean {
  if (_links?.next) return true
  if (size !== undefined && size > results.length) return true
  return limit !== undefined && results.length >= limit
}

function identified(
  users: readonly WireUser[],
  groups: readonly WireGroup[],
  identities: Identities,
): Restriction | undefined {
  if (users.length === 0 && groups.length === 0) return unrestricted
  const userIds = users.map(identities.user)
  const groupIds = groups.map(identities.group)
  if (!userIds.every(isId) || !groupIds.every(isId)) return undefined
  return { users: userIds, groups: groupIds }
}

const isId = (id: string | undefined): id is string => id !== undefined && id !== ''

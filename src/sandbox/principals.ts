/**
 * People, groups and what spaces can grant them, with ids that depend on names alone.
 *
 * @module
 */

import { createHash } from 'node:crypto'
import type { AccessClass, Group, SpaceOperation, User, WorldPrincipal, WorldRestriction } from './world.ts'

/** Anyone a grant can name: a person, a group, an access class, or (for what was deleted since) a bare principal. */
export type Grantee = User | Group | AccessClass | WorldPrincipal

/** Anyone a page restriction can name. */
export type Restricted = User | Group

const operations = (...names: readonly string[]): readonly SpaceOperation[] =>
  names.map((name) => {
    const [key = '', targetType = ''] = name.split(' ')
    return { key, targetType }
  })

/** What the permission screen of a space calls view. */
export const VIEW = operations('read space')

/** View, and adding and deleting of everything that people write. */
export const EDIT = operations(
  'read space',
  'create page',
  'create blogpost',
  'create comment',
  'create attachment',
  'delete page',
  'delete blogpost',
  'delete comment',
  'delete attachment',
)

/** Everything. */
export const ADMINISTER = [
  ...EDIT,
  ...operations('archive page', 'restrict_content space', 'export space', 'administer space', 'delete space'),
]

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A UUID that depends on its text alone. */
export function uuidOf(text: string): string {
  const hex = digest(text)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

/** A person; their secrets are derived from the user name, for this is a sandbox. */
export function makeUser(displayName: string, username: string): User {
  return {
    accountId: `712020:${uuidOf(`user/${username}`)}`,
    userKey: digest(`key/${username}`).slice(0, 32),
    username,
    displayName,
    email: `${username}@example.com`,
    password: `${username}-password`,
    apiToken: `${username}-api-token`,
    personalAccessToken: `${username}-access-token`,
    active: true,
  }
}

export function makeGroup(name: string, members: readonly User[], access?: 'user' | 'admin'): Group {
  const group = { id: uuidOf(`group/${name}`), name, members: new Set(members.map((user) => user.accountId)) }
  return access === undefined ? group : { ...group, access }
}

export function principalOf(grantee: Grantee): WorldPrincipal {
  if (typeof grantee === 'string') return { type: 'access-class', id: grantee }
  if ('accountId' in grantee) return { type: 'user', id: grantee.accountId }
  if ('members' in grantee) return { type: 'group', id: grantee.id }
  return grantee
}

export function restrictionTo(who: readonly Restricted[]): WorldRestriction {
  return {
    users: who.flatMap((one) => ('accountId' in one ? [one.accountId] : [])),
    groups: who.flatMap((one) => ('members' in one ? [one.id] : [])),
  }
}

/**
 * Who may read, update and delete a page: the AND of its gates, and the flat lists that admit exactly the same people.
 * The rules, and what is not modelled, are told in docs/confluence/permissions.md.
 *
 * @module
 */

import {
  type DocumentPermissions,
  type PermissionRules,
  type PrincipalIds,
  unknownPermissions,
} from '../../model/permissions.ts'
import { createRecent } from '../../util/recent.ts'
import type { Grant, Restriction } from './api.ts'
import { admit, type Flat, flatten } from './permissions/flatten.ts'
import { crowdName, crowdPassesByName, type Gate, restricts, sorted, within } from './permissions/gate.ts'
import { createMembers, type Membership, type MembersOf } from './permissions/members.ts'
import {
  type AccessPath,
  type Gates,
  gatesOfPath,
  gatesOfSpace,
  type Operation,
  type SpaceGates,
  unreadLayer,
} from './permissions/path.ts'

export type { AccessPath, Membership }

export interface Permissions {
  /** The same layers give the very same frozen object, so that what is made from it can be remembered by reference. */
  of(path: AccessPath): Promise<DocumentPermissions>
  /** Whether every reader of `outer` may read `inner`: whether text of the one may stand in the other. What is not known is no. */
  readableByAll(inner: AccessPath, outer: AccessPath): Promise<boolean>
}

/** How many different combinations of layers are remembered: unrestricted pages of a space are one, a restricted subtree is one. */
const remembered = 2000

/**
 * For one run: memberships are asked once each, on first need, and remembered.
 *
 * @throws {OutflowError} from its calls, what `membership` throws of kind `config`, `credentials` or `throttled`
 */
export function createPermissions(membership: Membership): Permissions {
  const membersOf = createMembers(membership)
  const gatesOf = createGates()
  const keyOf = createKeys()
  const known = createRecent<DocumentPermissions>(remembered)
  const covered = createRecent<boolean>(remembered)
  return {
    of: (path) => known(keyOf(path), () => permissionsOf(path, gatesOf, membersOf)),
    readableByAll: (inner, outer) =>
      covered(`${keyOf(inner)} in ${keyOf(outer)}`, async () => {
        if (unreadLayer(inner) !== undefined || unreadLayer(outer) !== undefined) return false
        return isWithin(gatesOf(outer).read, gatesOf(inner).read, membersOf)
      }),
  }
}

/** The gates of a path; those of a space are made once. */
function createGates(): (path: AccessPath) => Gates {
  const spaces = new WeakMap<readonly Grant[], Map<string, SpaceGates>>()
  return (path) => {
    const { type, space } = path
    const grants = space.grants ?? []
    const made = spaces.get(grants) ?? new Map<string, SpaceGates>()
    spaces.set(grants, made)
    const name = `${type} ${space.key}`
    const gates = made.get(name) ?? gatesOfSpace(space.key, grants, type)
    made.set(name, gates)
    return gatesOfPath(path, gates)
  }
}

/** Short keys, equal exactly where the layers are. Costs microseconds: lists are told apart by reference. */
function createKeys(): (path: AccessPath) => string {
  const numbers = new WeakMap<object, number>()
  let last = 0
  const numberOf = (layer: object | undefined) => {
    if (layer === undefined) return 'unread'
    const number = numbers.get(layer) ?? ++last
    numbers.set(layer, number)
    return number
  }
  /** Quoted, since a title could hold anything. */
  const part = (from: string, restriction: Restriction | undefined) =>
    restriction === undefined || restricts(restriction)
      ? `${numberOf(restriction)}${JSON.stringify(from)}`
      : ''
  return ({ type, space, ancestors, own }) => {
    const above = ancestors.map(({ from, read }) => part(from, read)).join('')
    const place = `${type} ${numberOf(space.grants)}${JSON.stringify(space.key)}`
    return `${place} ${above} ${part(own.from, own.read)} ${part(own.from, own.update)}`
  }
}

async function permissionsOf(
  path: AccessPath,
  gatesOf: (path: AccessPath) => Gates,
  membersOf: MembersOf,
): Promise<DocumentPermissions> {
  const unread = unreadLayer(path)
  if (unread !== undefined) return frozen(unknownPermissions(`Could not read ${unread}.`))
  const gates = gatesOf(path)
  const flats = {
    read: await flatten(gates.read, membersOf),
    update: await flatten(gates.update, membersOf),
    delete: await flatten(gates.delete, membersOf),
  }
  const reason = reasonOf(flats)
  return frozen({
    data: [
      { read: principalIds(flats.read) },
      { update: principalIds(flats.update) },
      { delete: principalIds(flats.delete) },
    ],
    ...(reason === undefined ? { status: 'complete' } : { status: 'partial', reason }),
    rules: rulesOf(gates),
  })
}

const principalIds = ({ users, crowds }: Flat): PrincipalIds => ({
  users: sorted(users),
  groups: sorted([...crowds].map(crowdName)),
})

const layersOf = (gates: readonly Gate[]) => gates.map(({ layer }) => layer)

const rulesOf = (gates: Gates): PermissionRules => ({
  read: layersOf(gates.read),
  update: layersOf(gates.update),
  delete: layersOf(gates.delete),
})

function reasonOf(flats: Readonly<Record<Operation, Flat>>): string | undefined {
  const short = (['read', 'update', 'delete'] as const).filter(
    (operation) => flats[operation].unread.size > 0,
  )
  if (short.length === 0) return undefined
  const unread = sorted(short.flatMap((operation) => [...flats[operation].unread]))
  return `Could not read the members of ${unread.join('; ')}. Who may ${short.join(', ')} only through them is missing.`
}

/** Whether all who pass the outer gates pass the inner ones too. */
async function isWithin(
  outer: readonly Gate[],
  inner: readonly Gate[],
  membersOf: MembersOf,
): Promise<boolean> {
  const open = inner.filter((gate) => !outer.some((other) => within(other, gate)))
  if (open.length === 0) return true
  const readers = await flatten(outer, membersOf)
  if (readers.unread.size > 0) return false
  for (const gate of open) if (!(await admitsAll(readers, gate, membersOf))) return false
  return true
}

async function admitsAll({ users, crowds }: Flat, gate: Gate, membersOf: MembersOf): Promise<boolean> {
  const people = new Set(users)
  for (const crowd of crowds) {
    if (crowdPassesByName(crowd, gate)) continue
    const members = await membersOf(crowd)
    // Lists that must not be read sometimes come empty, and nobody is listed for a group without members.
    if (!members.known || members.ids.size === 0) return false
    for (const id of members.ids) people.add(id)
  }
  return (await admit(people, gate, membersOf)).refused.size === 0
}

/** Shared by many documents, so it must never change. */
function frozen<Value extends object>(value: Value): Value {
  if (Object.isFrozen(value)) return value
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part)
  return Object.freeze(value)
}

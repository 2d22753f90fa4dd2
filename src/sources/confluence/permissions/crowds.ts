/**
 * Writing people as crowds: shorter, and right for longer, than listing them one by one.
 *
 * @module
 */

import { type Crowd, crowdName, type Gate, isGroup, isNameable } from './gate.ts'
import type { MembersOf } from './members.ts'

interface Derivation {
  /** Those who pass all gates. */
  readonly people: ReadonlySet<string>
  readonly gates: readonly Gate[]
  /** The gate that the people were enumerated from, if one could be. */
  readonly entry: Gate | undefined
  /** The crowds of all layers, but for those that pass by name. */
  readonly standing: readonly Crowd[]
  /** Crowds that pass by name, whose members pass as well. */
  readonly namedCrowds: ReadonlySet<Crowd>
  readonly membersOf: MembersOf
}

interface Written {
  readonly users: ReadonlySet<string>
  readonly crowds: ReadonlySet<Crowd>
}

/**
 * Writes people as crowds wherever a crowd passes as a whole, else by themselves. Where some gate names persons alone, they were
 * picked one by one, and happening to be all the members of some group does not make them that group.
 */
export async function asCrowds(derivation: Derivation): Promise<Written> {
  const { people, gates, entry, standing } = derivation
  if (gates.some(({ crowds }) => crowds.size === 0)) return { users: people, crowds: new Set() }
  const first = await cover(people, entry?.crowds ?? new Set(), derivation)
  if (first.users.size === 0) return first
  const second = await cover(first.users, new Set(standing), derivation)
  return { users: second.users, crowds: first.crowds.union(second.crowds) }
}

/** Takes crowds that pass as a whole, largest first, as long as each adds someone. */
async function cover(
  people: ReadonlySet<string>,
  crowds: ReadonlySet<Crowd>,
  derivation: Derivation,
): Promise<Written> {
  const taken = new Set<Crowd>()
  let left = people
  for (const known of await bySize(crowds, derivation.membersOf)) {
    if (left.isDisjointFrom(known.ids) || !(await passesWhole(known, derivation))) continue
    taken.add(known.crowd)
    left = left.difference(known.ids)
  }
  return { users: left, crowds: taken }
}

interface KnownCrowd {
  readonly crowd: Crowd
  readonly ids: ReadonlySet<string>
}

async function known(crowds: Iterable<Crowd>, membersOf: MembersOf): Promise<readonly KnownCrowd[]> {
  const answers = await Promise.all(
    [...crowds].map(async (crowd) => ({ crowd, members: await membersOf(crowd) })),
  )
  return answers.flatMap(({ crowd, members }) => (members.known ? [{ crowd, ids: members.ids }] : []))
}

async function bySize(crowds: ReadonlySet<Crowd>, membersOf: MembersOf) {
  const named = await known([...crowds].filter(isWritable), membersOf)
  return named.toSorted(
    (a, b) => b.ids.size - a.ids.size || (crowdName(a.crowd) < crowdName(b.crowd) ? -1 : 1),
  )
}

/**
 * Groups alone. An access class grows without anybody's doing, and a list of its members that came short would open to everybody what is
 * for a few: it is only ever written for its name.
 */
const isWritable = (crowd: Crowd) => isGroup(crowd) && isNameable(crowd)

/** Whether every member passes, be it as a member of a crowd that passes by name. */
async function passesWhole({ ids }: KnownCrowd, derivation: Derivation): Promise<boolean> {
  const { people, namedCrowds, membersOf } = derivation
  const others = ids.difference(people)
  return others.size === 0 || among(others, namedCrowds, membersOf)
}

async function among(ids: ReadonlySet<string>, crowds: ReadonlySet<Crowd>, membersOf: MembersOf) {
  const listed = await known(crowds, membersOf)
  return listed.reduce((left, crowd) => left.difference(crowd.ids), ids).size === 0
}

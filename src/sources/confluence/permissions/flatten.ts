/**
 * From an AND of gates to one flat list that admits exactly the people who pass them all.
 *
 * What passes every gate by its name is listed by its name: that needs no membership and stays right when memberships change. The
 * rest is worked out person by person, and written as crowds where a crowd passes as a whole.
 *
 * @module
 */

import { asCrowds } from './crowds.ts'
import { type Crowd, crowdPassesByName, type Gate, isNameable, passesByName, within } from './gate.ts'
import type { MembersOf } from './members.ts'

export interface Flat {
  readonly users: ReadonlySet<string>
  readonly crowds: ReadonlySet<Crowd>
  /** Whose members were needed and could not be read. Empty: the list is exact. Otherwise somebody may be missing, nobody too many. */
  readonly unread: ReadonlySet<string>
}

export async function flatten(gates: readonly Gate[], membersOf: MembersOf): Promise<Flat> {
  const named = passingByName(gates)
  const rest = narrowest(gates).map((gate) => without(gate, named))
  if (rest.some(admitsNobody)) return { ...named, unread: new Set() }
  const { people, entry, unread } = await passingByMembership(rest, membersOf)
  const standing = gates.flatMap(({ crowds }) => [...crowds.difference(named.crowds)])
  const written = await asCrowds({
    people,
    gates: rest,
    entry,
    standing,
    namedCrowds: named.crowds,
    membersOf,
  })
  return {
    users: named.users.union(written.users),
    crowds: named.crowds.union(written.crowds),
    unread,
  }
}

type Named = Pick<Gate, 'users' | 'crowds'>

function passingByName(gates: readonly Gate[]): Named {
  const users = gates.flatMap((gate) => [...gate.users])
  const crowds = gates.flatMap((gate) => [...gate.crowds])
  return {
    users: new Set(users.filter((user) => gates.every((gate) => passesByName(user, gate)))),
    crowds: new Set(
      crowds.filter((crowd) => isNameable(crowd) && gates.every((gate) => crowdPassesByName(crowd, gate))),
    ),
  }
}

/** Leaves out every gate that another one makes needless. After this, at most a lone gate is open to all who are signed in. */
function narrowest(gates: readonly Gate[]): readonly Gate[] {
  let kept: readonly Gate[] = []
  for (const gate of gates) {
    if (kept.some((other) => within(other, gate))) continue
    kept = [...kept.filter((other) => !within(gate, other)), gate]
  }
  return kept
}

/** Those already admitted need no second way in: a member of such a crowd passes all gates as its member. */
const without = (gate: Gate, named: Named): Gate => ({
  layer: gate.layer,
  users: gate.users.difference(named.users),
  crowds: gate.crowds.difference(named.crowds),
})

const admitsNobody = ({ users, crowds }: Gate) => users.size === 0 && crowds.size === 0

/** Person by person. Who is in doubt at one gate and refused at another is refused. */
async function passingByMembership(gates: readonly Gate[], membersOf: MembersOf) {
  const { entry, people: candidates, unread } = await enumerable(gates, membersOf)
  const reasons = new Set(unread)
  let people = candidates
  let doubtful: ReadonlySet<string> = new Set()
  for (const gate of gates) {
    if (gate === entry) continue
    const verdict = await admit(people.union(doubtful), gate, membersOf)
    for (const reason of verdict.unread) reasons.add(reason)
    const newlyDoubtful = verdict.unread.size === 0 ? new Set<string>() : verdict.refused
    doubtful = doubtful.difference(verdict.refused).union(newlyDoubtful)
    people = people.difference(verdict.refused)
  }
  const exact = entry !== undefined && doubtful.size === 0
  return { people, entry, unread: exact ? new Set<string>() : reasons }
}

interface Enumerated {
  /** Undefined: no gate could be enumerated to its last person, and these are the people known of all gates. */
  readonly entry: Gate | undefined
  readonly people: ReadonlySet<string>
  readonly unread: ReadonlySet<string>
}

/** Who passes all gates passes each of them, so the people of one gate are candidates enough: the cheapest to enumerate. */
async function enumerable(gates: readonly Gate[], membersOf: MembersOf): Promise<Enumerated> {
  const cheapestFirst = gates.toReversed().sort((a, b) => a.crowds.size - b.crowds.size)
  let unread: ReadonlySet<string> = new Set()
  let people: ReadonlySet<string> = new Set()
  for (const gate of cheapestFirst) {
    const listed = await peopleOf(gate, membersOf)
    if (listed.unread.size === 0) return { entry: gate, ...listed }
    unread = unread.union(listed.unread)
    people = people.union(listed.people)
  }
  return { entry: undefined, people, unread }
}

async function peopleOf(gate: Gate, membersOf: MembersOf) {
  const people = new Set(gate.users)
  const unread = new Set<string>()
  for (const members of await Promise.all([...gate.crowds].map(membersOf))) {
    if (members.known) for (const id of members.ids) people.add(id)
    else unread.add(members.why)
  }
  return { people, unread }
}

/**
 * Who of the candidates does not pass a gate, reading no more memberships than that takes. Where `unread` names some, the refused
 * might pass after all; it is empty when all the members needed could be read.
 */
export async function admit(
  candidates: ReadonlySet<string>,
  gate: Gate,
  membersOf: MembersOf,
): Promise<{ refused: ReadonlySet<string>; unread: ReadonlySet<string> }> {
  let refused = new Set([...candidates].filter((user) => !passesByName(user, gate)))
  const unread = new Set<string>()
  for (const crowd of widestFirst(gate.crowds)) {
    if (refused.size === 0) break
    const members = await membersOf(crowd)
    if (members.known) refused = refused.difference(members.ids)
    else unread.add(members.why)
  }
  return { refused, unread: refused.size === 0 ? new Set() : unread }
}

/** Access classes before groups: one of them mostly settles it. */
const widestFirst = (crowds: ReadonlySet<Crowd>) => [...crowds].sort()

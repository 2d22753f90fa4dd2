import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admit, type Flat, flatten } from './flatten.ts'
import { type Crowd, crowdPassesByName, type Gate, gateOfGrants, isGroup, sorted } from './gate.ts'
import type { MembersOf } from './members.ts'

const people = ['amy', 'ben', 'cy', 'dan', 'eve', 'fay']
const crowds: readonly Crowd[] = [
  'group:a',
  'group:b',
  'group:c',
  'group:d',
  'group:ANONYMOUS_USERS',
  'class:ALL_LICENSED_USERS',
  'class:ALL_PRODUCT_ADMINS',
]
const openCrowds: readonly Crowd[] = ['class:AUTHENTICATED_USERS', 'class:ANONYMOUS_USERS']

/** Everybody's true memberships, and which of them can be read. */
interface Site {
  readonly members: Readonly<Record<string, readonly string[]>>
  readonly secret: readonly Crowd[]
}

const memberships = fc.record(
  Object.fromEntries(crowds.map((crowd) => [crowd, fc.subarray(people)])),
) as fc.Arbitrary<Site['members']>
const readable = fc.record({ members: memberships, secret: fc.constant<readonly Crowd[]>([]) })
const guarded = fc.record({ members: memberships, secret: fc.subarray([...crowds]) })

const gate = fc
  .record({
    users: fc.subarray(people, { maxLength: 3 }),
    crowds: fc.subarray([...crowds], { maxLength: 3 }),
    openTo: fc.option(fc.constantFrom(...openCrowds), { freq: 5, nil: undefined }),
  })
  .map(({ users, crowds: some, openTo }) => gateOf(users, openTo === undefined ? some : [...some, openTo]))
const gates = fc.array(gate, { minLength: 1, maxLength: 5 })

function gateOf(users: readonly string[], some: readonly Crowd[]): Gate {
  return gateOfGrants('a layer', [
    ...users.map((id) => ({ type: 'user' as const, id })),
    ...some.map((crowd) => {
      const id = crowd.slice(crowd.indexOf(':') + 1)
      return isGroup(crowd) ? { type: 'group' as const, id } : { type: 'access-class' as const, id }
    }),
  ])
}

/** `undefined` is the visitor who is not signed in. */
type Visitor = string | undefined
const visitors: readonly Visitor[] = [...people, undefined]

function belongs(visitor: Visitor, crowd: Crowd, { members }: Site): boolean {
  if (crowd === 'class:ANONYMOUS_USERS') return true
  if (visitor === undefined) return false
  return crowd === 'class:AUTHENTICATED_USERS' || (members[crowd]?.includes(visitor) ?? false)
}

type Names = Pick<Gate, 'users' | 'crowds'>

const passes = (visitor: Visitor, { users, crowds: some }: Names, site: Site) =>
  (visitor !== undefined && users.has(visitor)) || [...some].some((crowd) => belongs(visitor, crowd, site))

const passingAll = (all: readonly Gate[], site: Site) =>
  visitors.filter((visitor) => all.every((each) => passes(visitor, each, site)))

const admitted = (flat: Flat, site: Site) => visitors.filter((visitor) => passes(visitor, flat, site))

function asking({ members, secret }: Site): { membersOf: MembersOf; asked: Set<Crowd> } {
  const asked = new Set<Crowd>()
  const membersOf: MembersOf = async (crowd) => {
    asked.add(crowd)
    const ids = members[crowd]
    if (ids === undefined || secret.includes(crowd)) return { known: false, why: crowd }
    return { known: true, ids: new Set(ids) }
  }
  return { membersOf, asked }
}

const check = (property: fc.IAsyncProperty<unknown>) =>
  fc.assert(property as fc.IAsyncProperty<[Site]>, { numRuns: 3000 })

describe('flatten', () => {
  it('admits exactly those who pass every gate', () =>
    check(
      fc.asyncProperty(gates, readable, async (all, site) => {
        const flat = await flatten(all, asking(site).membersOf)
        expect(admitted(flat, site)).toEqual(passingAll(all, site))
        expect(flat.unread.size).toBe(0)
      }),
    ))

  it('admits nobody too many when memberships cannot be read, and says so when somebody is missing', () =>
    check(
      fc.asyncProperty(gates, guarded, async (all, site) => {
        const flat = await flatten(all, asking(site).membersOf)
        const exact = passingAll(all, site)
        expect(exact).toEqual(expect.arrayContaining(admitted(flat, site)))
        if (flat.unread.size === 0) expect(admitted(flat, site)).toEqual(exact)
      }),
    ))

  it('never admits more for reading less', () =>
    check(
      fc.asyncProperty(gates, guarded, async (all, site) => {
        const less = await flatten(all, asking(site).membersOf)
        const more = await flatten(all, asking({ ...site, secret: [] }).membersOf)
        expect(admitted(more, site)).toEqual(expect.arrayContaining(admitted(less, site)))
      }),
    ))

  it('stays right whoever joins and leaves, where it asked for no memberships', () =>
    check(
      fc.asyncProperty(gates, readable, readable, async (all, site, later) => {
        const { membersOf, asked } = asking(site)
        const flat = await flatten(all, membersOf)
        if (asked.size === 0) expect(admitted(flat, later)).toEqual(passingAll(all, later))
      }),
    ))

  it('lists by name whatever passes every gate by name', () =>
    check(
      fc.asyncProperty(gates, guarded, async (all, site) => {
        const flat = await flatten(all, asking(site).membersOf)
        const named = all.map(({ users }) => users).reduce((some, users) => some.intersection(users))
        expect(named.isSubsetOf(flat.users)).toBe(true)
      }),
    ))

  it('lists nobody who comes in through a group that passes whole, where no gate names persons', () =>
    check(
      fc.asyncProperty(gates, readable, async (all, site) => {
        const ofCrowds = all.map(({ crowds: some }) =>
          gateOf([], [...some.difference(new Set<Crowd>(['group:ANONYMOUS_USERS']))]),
        )
        const flat = await flatten(ofCrowds, asking(site).membersOf)
        const passing = passingAll(ofCrowds, site)
        const whole = ofCrowds
          .flatMap((each) => [...each.crowds])
          .filter((crowd) => isGroup(crowd) && !ofCrowds.every((each) => crowdPassesByName(crowd, each)))
          .filter((group) => site.members[group]!.every((member) => passing.includes(member)))
        for (const group of whole) expect(flat.users.isDisjointFrom(new Set(site.members[group]))).toBe(true)
      }),
    ))

  it('gives the same list in whatever order the gates stand', () =>
    check(
      fc.asyncProperty(gates, readable, async (all, site) => {
        const forth = await flatten(all, asking(site).membersOf)
        const back = await flatten(all.toReversed(), asking(site).membersOf)
        expect(admitted(back, site)).toEqual(admitted(forth, site))
      }),
    ))

  it('never lists a group that bears the name of an access class', () =>
    check(
      fc.asyncProperty(gates, guarded, async (all, site) => {
        const flat = await flatten(all, asking(site).membersOf)
        expect(flat.crowds.has('group:ANONYMOUS_USERS')).toBe(false)
      }),
    ))
})

describe('admit', () => {
  it('refuses exactly those who do not pass', () =>
    check(
      fc.asyncProperty(gate, readable, async (one, site) => {
        const { refused } = await admit(new Set(people), one, asking(site).membersOf)
        expect(sorted(refused)).toEqual(people.filter((person) => !passes(person, one, site)))
      }),
    ))
})

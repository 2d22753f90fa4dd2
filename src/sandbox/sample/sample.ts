/**
 * What every space of the sample is written with: the world, its people and groups, and the vocabulary.
 *
 * Halyard Cycles is a maker of touring bicycles in a harbour town. The company, its people and its products are invented.
 *
 * @module
 */

import { type MemoryWorld, memoryWorld } from '../memory-world.ts'
import { ADMINISTER, EDIT, type Grantee, VIEW } from '../principals.ts'
import type { SpaceOperation, SpaceRole, WorldSpace } from '../world.ts'
import { type Flavour, type Markup, markup } from './markup.ts'

export interface Sample {
  readonly flavour: Flavour
  readonly world: MemoryWorld
  readonly people: ReturnType<typeof addPeople>
  readonly groups: ReturnType<typeof addGroups>
  readonly write: Markup
  /** Everyone with a licence, as the flavour says it. */
  readonly everyone: Grantee
  /** By a role on Cloud, by single permissions on Data Center. (Spaces may grant single permissions on Cloud, too.) */
  allow(space: WorldSpace, grantee: Grantee, role: 'Viewer' | 'Collaborator' | 'Admin'): void
  /** A folder on Cloud; a page that lists its children on Data Center, which has no folders. */
  folder: MemoryWorld['addFolder']
}

/** The body of a page. */
export type Body = (sample: Sample) => string

const HOUR = 60

export function emptySample(flavour: Flavour): Sample {
  const world = memoryWorld({
    name: 'Halyard Cycles',
    roleMode: flavour === 'cloud' ? 'ROLES_TRANSITION' : 'PRE_ROLES',
    anonymousAccess: true,
    minutesPerStep: 31 * HOUR,
  })
  const people = addPeople(world)
  const groups = addGroups(world, people)
  const write = markup(flavour)
  const licensed = world.groups.find(({ access }) => access === 'user')!
  return {
    flavour,
    world,
    people,
    groups,
    write,
    everyone: flavour === 'cloud' ? 'all-licensed-users' : licensed,
    allow: allower(world, flavour),
    folder(under, title, details) {
      if (flavour === 'cloud') return world.addFolder(under, title, details)
      return world.addPage(under, title, { body: write.children(), ...details })
    },
  }
}

function allower(world: MemoryWorld, flavour: Flavour): Sample['allow'] {
  const operations: Readonly<Record<string, readonly SpaceOperation[]>> = {
    Viewer: VIEW,
    Collaborator: EDIT,
    Admin: ADMINISTER,
  }
  const roles = new Map<string, SpaceRole>()
  if (flavour === 'cloud') {
    for (const [name, allowed] of Object.entries(operations)) roles.set(name, world.addRole(name, allowed))
  }
  return (space, grantee, name) => {
    const role = roles.get(name)
    if (role === undefined) world.grant(space, grantee, operations[name]!)
    else world.assignRole(space, grantee, role)
  }
}

function addPeople(world: MemoryWorld) {
  const oleg = world.addUser('Oleg Petrenko')
  world.deactivate(oleg)
  return {
    sofia: world.addUser('Sofia Marchetti'),
    mira: world.addUser('Mira Okafor'),
    tomas: world.addUser('Tomas Lindgren'),
    yuki: world.addUser('Yuki Tanabe'),
    hannah: world.addUser('Hannah Weiss'),
    rafael: world.addUser('Rafael Duarte'),
    ebba: world.addUser('Ebba Sørensen', { username: 'ebba.sorensen' }),
    priya: world.addUser('Priya Raman'),
    jonas: world.addUser('Jonas Keller'),
    /** Left the company. */
    oleg,
    /** Keeps the books, from outside. */
    nadia: world.addUser('Nadia Haddad', { licensed: false }),
    dealers: addDealers(world),
  }
}

/** More people than one answer lists. */
function addDealers(world: MemoryWorld) {
  const towns = [
    'Aarhus',
    'Bergen',
    'Cork',
    'Delft',
    'Espoo',
    'Freiburg',
    'Ghent',
    'Halmstad',
    'Inverness',
    'Jena',
  ]
  return Array.from({ length: 230 }, (_, index) => {
    const town = towns[index % towns.length]!
    const number = Math.floor(index / towns.length) + 1
    return world.addUser(`Dealer ${town} ${number}`, { licensed: false })
  })
}

function addGroups(world: MemoryWorld, people: ReturnType<typeof addPeople>) {
  const { sofia, mira, tomas, yuki, hannah, rafael, ebba, priya, jonas, dealers } = people
  return {
    leadership: world.addGroup('leadership', [sofia, mira, hannah]),
    peopleTeam: world.addGroup('people-team', [hannah, sofia]),
    engineers: world.addGroup('engineers', [mira, yuki, priya, tomas]),
    workshop: world.addGroup('workshop', [tomas, jonas, priya]),
    care: world.addGroup('rider-care', [ebba, rafael]),
    dealers: world.addGroup('dealers', dealers),
    admins: world.addGroup('site-admins', [yuki], 'admin'),
    /** Accounts of machines that read the wiki. Restrictions that want to be searchable name it. */
    readers: world.addGroup('wiki-readers', [world.crawler]),
    /** Deleted again at the end; a restriction still names it. */
    nightWatch: world.addGroup('night-watch', [tomas]),
  }
}

/**
 * A small wiki with a bit of everything that costs a request, in two states between which it can be turned over and over: each state is
 * always the very same, so that what a fresh run makes of it has to be found out only once.
 *
 * @module
 */

import { type MemoryWorld, memoryWorld } from '../../src/sandbox/index.ts'
import { ADMINISTER, EDIT, VIEW } from '../../src/sandbox/principals.ts'
import type { WorldNode, WorldSpace } from '../../src/sandbox/world.ts'
import type { Flavour } from '../second-run/scene.ts'

export interface Wiki {
  readonly world: MemoryWorld
  /** Ids of the pages that show something of others. */
  readonly lookers: ReadonlySet<string>
  /** Lets the changes of a busy day happen, or takes all of them back. */
  turn(): void
}

/** One thing that happens, and how it is undone to the letter. */
interface Change {
  there(): void
  back(): void
}

export function faultWiki(flavour: Flavour): Wiki {
  const world = memoryWorld({ name: 'Faults', roleMode: 'ROLES_TRANSITION' })
  const wiki = build(world, flavour)
  const changes = changesOf(world, wiki)
  let turned = false
  for (const { back } of changes) back()
  return {
    world,
    lookers: new Set([wiki.home, wiki.summary, wiki.foreign].map(({ id }) => id)),
    turn() {
      turned = !turned
      for (const change of turned ? changes : changes.toReversed()) change[turned ? 'there' : 'back']()
    },
  }
}

/** HR has a tree with restrictions, folders and macros, ENG a chain, OPS is granted by role; all have posts. */
function build(world: MemoryWorld, flavour: Flavour) {
  const [amy, ben, dee, eve] = ['Amy', 'Ben', 'Dee', 'Eve'].map((name) => world.addUser(name)) as [
    ...Quartet<ReturnType<typeof world.addUser>>,
  ]
  const staff = world.addGroup('staff', [world.crawler, amy, ben, eve])
  const board = world.addGroup('board', [world.crawler, amy, dee])
  const reader = world.addRole('Reader', VIEW)
  world.addRole('Writer', EDIT)
  const [hr, eng, ops] = [
    world.addSpace('HR', 'People'),
    world.addSpace('ENG', 'Engineering'),
    world.addSpace('OPS', 'Operations'),
  ]
  for (const space of [hr, eng, ops]) world.grant(space, world.crawler, ADMINISTER)
  for (const space of [hr, eng]) world.grant(space, staff, VIEW)
  world.grant(eng, amy, EDIT)
  world.assignRole(ops, staff, reader)
  world.assignRole(ops, dee, reader)

  const page = (
    under: WorldSpace | WorldNode,
    title: string,
    more: Parameters<typeof world.addPage>[2] = {},
  ) => world.addPage(under, title, { body: `<p>All of ${title.toLowerCase()}.</p>`, author: amy, ...more })
  const home = page(hr, 'Home', { body: list })
  hr.homepageId = home.id
  const policies = page(home, 'Policies', { labels: ['policy'] })
  const holidays = page(policies, 'Holidays', { labels: ['policy', 'rest'] })
  const travel = page(policies, 'Travel')
  const boardRoom = page(home, 'Board room', { read: [board] })
  const salaries = page(boardRoom, 'Salaries', { body: `<p>Ask ${mention(ben, flavour)}.</p>` })
  const few = page(home, 'For few', { read: [world.crawler, amy, ben, dee, eve], update: [amy, ben, eve] })
  const fewer = page(few, 'For fewer', { read: [world.crawler, ben, eve] })
  const summary = page(home, 'Summary', { body: include('Travel') })
  const foreign = page(home, 'Foreign', { body: include('Plans', 'ENG') })
  const drawer = flavour === 'cloud' ? world.addFolder(home, 'Drawer') : page(home, 'Drawer')
  const shelf = flavour === 'cloud' ? world.addFolder(drawer, 'Shelf') : page(drawer, 'Shelf')
  const forms = page(shelf, 'Forms')
  const news = page(home, 'News')
  const plans = page(eng, 'Plans')
  const steel = page(plans, 'Steel')
  const bolts = page(steel, 'Bolts')
  const nuts = page(bolts, 'Nuts', { read: [staff] })
  const tools = page(eng, 'Tools', { update: [board] })
  const rota = page(ops, 'Rota')
  const night = page(rota, 'Night shift')
  const spare = page(ops, 'Spare')
  const post = (space: WorldSpace, title: string) =>
    world.addBlogPost(space, title, { body: `<p>${title}!</p>`, author: ben })
  const [party, lunch] = [post(hr, 'Party'), post(hr, 'Lunch')]
  const [launch, outage] = [post(eng, 'Launch'), post(ops, 'Outage')]
  const late = post(eng, 'Late news')
  const comment = (on: WorldNode, text: string) => world.addComment(on, `<p>${text}</p>`, { author: eve })
  const [nice, why] = [comment(holidays, 'Nice.'), comment(plans, 'Why?')]
  const because = comment(why, 'Because.')
  const [old, fresh] = [comment(party, 'See you.'), comment(steel, 'Rusty.')]
  return {
    ...{ ben, board, staff, eng, home, policies, holidays, travel, boardRoom, salaries, fewer, summary },
    ...{ foreign, forms, news, steel, nuts, tools, night, spare, party, lunch, launch, outage, late },
    ...{ nice, because, old, fresh },
  }
}

type Quartet<Item> = [Item, Item, Item, Item]

function changesOf(world: MemoryWorld, wiki: ReturnType<typeof build>): readonly Change[] {
  const { ben, board, staff, eng, home, policies, holidays, travel, boardRoom, fewer, forms } = wiki
  const { news, steel, nuts, tools, night, spare, party, lunch, late, nice, because, old, fresh } = wiki

  function edited(node: WorldNode, text: string): Change {
    const [version, body] = [node.version, world.storage(node.id)]
    const next = { ...version, number: version.number + 1, createdAt: new Date('2024-09-02T10:00:00Z') }
    return {
      there() {
        world.edit(node, text)
        node.version = next
      },
      back() {
        world.edit(node, body)
        node.version = version
      },
    }
  }

  const moved = (node: WorldNode, to: WorldNode | WorldSpace): Change => {
    const { position } = node
    const from = world.node(node.parentId!)!
    return { there: () => world.move(node, to), back: () => world.move(node, from, position) }
  }

  const restricted = (
    node: WorldNode,
    before: Parameters<typeof world.restrict>[2],
    after: Parameters<typeof world.restrict>[2],
  ): Change => ({
    there: () => world.restrict(node, 'read', after),
    back: () => world.restrict(node, 'read', before),
  })

  const appears = (node: WorldNode): Change => ({
    there: () => world.restore(node),
    back: () => world.trash(node),
  })

  const vanishes = (node: WorldNode, how: 'trash' | 'archive'): Change => ({
    there: () => world[how](node),
    back: () => world.restore(node),
  })

  return [
    edited(holidays, '<p>28 days a year.</p>'),
    edited(travel, '<p>By train.</p>'),
    edited(party, '<p>On Saturday.</p>'),
    edited(nice, '<p>Very nice.</p>'),
    ...[news, late, because, fresh].map(appears),
    ...[spare, lunch, old].map((node) => vanishes(node, 'trash')),
    vanishes(night, 'archive'),
    restricted(policies, [], [board]),
    restricted(boardRoom, [board], []),
    restricted(nuts, [staff], [staff, board]),
    // The account loses sight of it.
    restricted(fewer, [world.crawler, ben], [ben]),
    moved(forms, boardRoom),
    moved(steel, home),
    { there: () => world.label(tools, ['sharp']), back: () => world.label(tools, []) },
    { there: () => world.grant(eng, board, VIEW), back: () => world.revoke(eng, board) },
  ]
}

const list =
  '<p>Welcome.</p><ac:structured-macro ac:name="children"><ac:parameter ac:name="all">true</ac:parameter></ac:structured-macro>'

const include = (title: string, space?: string) =>
  `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="${title}"${
    space ? ` ri:space-key="${space}"` : ''
  } /></ac:link></ac:parameter></ac:structured-macro>`

const mention = ({ accountId, userKey }: { accountId: string; userKey: string }, flavour: Flavour) =>
  `<ac:link><ri:user ${flavour === 'cloud' ? `ri:account-id="${accountId}"` : `ri:userkey="${userKey}"`} /></ac:link>`

/**
 * What happens to a wiki between two runs, and what the second run has to make of it.
 *
 * @module
 */

import { memoryWorld } from '../../src/sandbox/index.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import type { Flavour, Settings, Stream } from './scene.ts'

/**
 * HR holds a tree (Home > Policies > Holidays, Travel; Home > Board room > Salaries), a folder with a page on Cloud, a post and pages that
 * look at others, a page with comments; ENG holds two pages; OLD one. Amy and Ben are staff, the board is Amy.
 */
export function wiki(flavour: Flavour) {
  const world = memoryWorld({ name: 'Second run', roleMode: 'ROLES_TRANSITION' })
  const [amy, ben] = [world.addUser('Amy'), world.addUser('Ben')]
  const staff = world.addGroup('staff', [world.crawler, amy, ben])
  const board = world.addGroup('board', [world.crawler, amy])
  const [hr, eng, old] = [
    world.addSpace('HR', 'People'),
    world.addSpace('ENG', 'Engineering'),
    world.addSpace('OLD', 'Attic'),
  ]
  for (const space of [hr, eng, old]) {
    world.grant(space, staff, VIEW)
    world.grant(space, world.crawler, ADMINISTER)
  }
  const home = world.addPage(hr, 'Home', { body: '<p>Welcome.</p>' })
  hr.homepageId = home.id
  const policies = world.addPage(home, 'Policies', { body: '<p>How we work.</p>' })
  const holidays = world.addPage(policies, 'Holidays', { body: '<p>28 days a year.</p>', labels: ['policy'] })
  const travel = world.addPage(policies, 'Travel', { body: '<p>By train.</p>' })
  const boardRoom = world.addPage(home, 'Board room', { body: '<p>Minutes.</p>', read: [board] })
  const salaries = world.addPage(boardRoom, 'Salaries', { body: '<p>Plenty.</p>' })
  const includes = world.addPage(home, 'Summary', { body: include('Travel') })
  const folder = flavour === 'cloud' ? world.addFolder(home, 'Drawer') : world.addPage(home, 'Drawer')
  const inFolder = world.addPage(folder, 'Forms', { body: '<p>Sign here.</p>' })
  const notes = world.addPage(home, 'Notes', { body: '<p>The wheel squeaks.</p>' })
  const question = world.addComment(notes, '<p>Since when?</p>', { author: amy })
  const answer = world.addComment(question, '<p>Since May.</p>', { author: ben })
  const remark = world.addComment(notes, '<p>It does not.</p>', { inline: { selection: 'squeaks' } })
  const post = world.addBlogPost(hr, 'Party', { body: '<p>On Friday.</p>' })
  const plans = world.addPage(eng, 'Plans', { body: '<p>A bridge.</p>' })
  const steel = world.addPage(plans, 'Steel', { body: '<p>It bends.</p>' })
  const attic = world.addPage(old, 'Dust', { body: '<p>A lot of it.</p>' })
  return {
    ...{ flavour, world, amy, ben, staff, board, hr, eng, old, home, policies, holidays, travel, boardRoom },
    ...{ notes, question, answer, remark },
    ...{ salaries, includes, folder, inFolder, post, plans, steel, attic },
  }
}

export type Wiki = ReturnType<typeof wiki>

export const include = (title: string) =>
  `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="${title}" /></ac:link></ac:parameter></ac:structured-macro>`

export interface Change {
  readonly name: string
  readonly change: (wiki: Wiki) => void
  /** All that the second run does; what is not named is unchanged. A function where flavours differ. */
  readonly stream: Stream | ((flavour: Flavour) => Stream)
  /** The destination is not what a run from nothing would make, for a reason that the name gives. */
  readonly differs?: true
  readonly settings?: Settings
}

export const changes: readonly Change[] = [
  { name: 'nothing', change: () => undefined, stream: {} },
  {
    name: 'a body is edited',
    change: ({ world, holidays }) => world.edit(holidays, '<p>30 days a year.</p>'),
    stream: { done: ['Holidays'] },
  },
  {
    name: 'a minor edit',
    change: ({ world, holidays }) => world.edit(holidays, '<p>29 days a year.</p>', { minor: true }),
    stream: { done: ['Holidays'] },
  },
  {
    name: 'a title is edited, which its children name among their ancestors',
    change: ({ world, policies }) => world.rename(policies, 'Rules'),
    stream: { done: ['Holidays', 'Rules', 'Travel'] },
  },
  {
    name: 'a page moves under another parent',
    change: ({ world, holidays, home }) => world.move(holidays, home),
    stream: { done: ['Holidays'] },
  },
  {
    name: 'a page moves into a restricted subtree',
    change: ({ world, travel, boardRoom }) => world.move(travel, boardRoom),
    // Nobody but the board may read it now, so the page that includes it shows a link instead.
    stream: { done: ['Summary', 'Travel'] },
  },
  {
    name: 'a subtree moves into another space',
    change: ({ world, policies, eng }) => world.move(policies, eng),
    stream: { done: ['Holidays', 'Policies', 'Summary', 'Travel'] },
  },
  {
    name: 'a label is added',
    change: ({ world, travel }) => world.label(travel, ['train']),
    stream: { done: ['Travel'] },
  },
  {
    name: 'a label is removed',
    change: ({ world, holidays }) => world.label(holidays, []),
    stream: { done: ['Holidays'] },
  },
  {
    name: 'a page is restricted',
    change: ({ world, holidays, board }) => world.restrict(holidays, 'read', [board]),
    stream: { access: ['Holidays'] },
  },
  {
    name: 'an edit restriction is set',
    change: ({ world, holidays, board }) => world.restrict(holidays, 'update', [board]),
    stream: { access: ['Holidays'] },
  },
  {
    name: 'an ancestor is restricted',
    change: ({ world, policies, board }) => world.restrict(policies, 'read', [board]),
    // What is included there may not be shown to everybody any more.
    stream: { access: ['Holidays', 'Policies', 'Travel'], done: ['Summary'] },
  },
  {
    name: 'the restriction of an ancestor changes',
    change: ({ world, boardRoom, board, ben }) => world.restrict(boardRoom, 'read', [board, ben]),
    stream: { access: ['Board room', 'Salaries'] },
  },
  {
    name: 'the restriction of an ancestor is removed',
    change: ({ world, boardRoom }) => world.restrict(boardRoom, 'read', []),
    stream: { access: ['Board room', 'Salaries'] },
  },
  {
    name: 'a folder, on Data Center a page, is restricted',
    change: ({ world, folder, board }) => world.restrict(folder, 'read', [board]),
    stream: (flavour) => ({ access: flavour === 'cloud' ? ['Forms'] : ['Drawer', 'Forms'] }),
  },
  {
    name: 'a space gives view permission to one more person',
    change: ({ world, eng }) => world.grant(eng, world.addUser('Cy'), VIEW),
    stream: { access: ['Plans', 'Steel'] },
  },
  {
    name: 'a space gives view permission to a role',
    change({ world, eng }) {
      const reader = world.addRole('Reader', VIEW)
      world.assignRole(eng, world.addUser('Cy'), reader)
    },
    stream: { access: ['Plans', 'Steel'] },
  },
  {
    name: 'a group gets a member that may see the space: the group stands for its members',
    change: ({ world, board, ben }) => world.join(ben, board),
    stream: {},
  },
  {
    name: 'a group gets a member that may not see the space, so its members are told one by one',
    change: ({ world, board }) => world.join(world.addUser('Dee'), board),
    stream: { access: ['Board room', 'Salaries'] },
  },
  {
    name: 'a member of a restricted page’s group loses the space',
    change: ({ world, staff, amy }) => world.leave(amy, staff),
    stream: { access: ['Board room', 'Salaries'] },
  },
  {
    name: 'a user is deactivated: lists go by groups, and name nobody who cannot sign in',
    change: ({ world, amy }) => world.deactivate(amy),
    stream: {},
  },
  {
    name: 'a page is archived',
    change: ({ world, travel }) => world.archive(travel),
    stream: { removed: ['Travel'], done: ['Summary'] },
  },
  {
    name: 'a page is trashed, and its children move up',
    change: ({ world, policies }) => world.trash(policies),
    stream: { removed: ['Policies'], done: ['Holidays', 'Travel'] },
  },
  {
    name: 'a page is deleted for good, which looks the same as being closed to us',
    change: ({ world, travel }) => world.purge(travel),
    stream: { held: ['Travel'], done: ['Summary'] },
    differs: true,
  },
  {
    name: 'a page is closed to us',
    change: ({ world, holidays, ben }) => world.restrict(holidays, 'read', [ben]),
    stream: { held: ['Holidays'] },
    differs: true,
  },
  {
    name: 'a space is renamed',
    change: ({ world, eng }) => world.renameSpace(eng, 'Construction'),
    stream: {},
  },
  {
    name: 'a space is archived',
    change: ({ world, old }) => world.archiveSpace(old),
    stream: { removed: ['Dust'] },
  },
  {
    name: 'a space is deleted, which looks the same as being closed to us',
    change: ({ world, eng }) => world.deleteSpace(eng),
    stream: { held: ['Plans', 'Steel'] },
    differs: true,
  },
  {
    name: 'a space is closed to us',
    change({ world, eng, staff }) {
      world.revoke(eng, staff)
      world.revoke(eng, world.crawler)
    },
    stream: { held: ['Plans', 'Steel'] },
    differs: true,
  },
  {
    name: 'a blog post is edited',
    change: ({ world, post }) => world.edit(post, '<p>On Saturday.</p>'),
    stream: { done: ['Party'] },
  },
  {
    name: 'a blog post is trashed',
    change: ({ world, post }) => world.trash(post),
    stream: { removed: ['Party'] },
  },
  {
    name: 'an included page is edited',
    change: ({ world, travel }) => world.edit(travel, '<p>By bicycle.</p>'),
    stream: { done: ['Summary', 'Travel'] },
  },
  {
    name: 'a comment is added, which is a thread of its own',
    change: ({ world, holidays }) => void world.addComment(holidays, '<p>Too few.</p>'),
    stream: { done: ['Comment on "Holidays"'] },
  },
  {
    name: 'a comment is answered',
    change: ({ world, answer }) => void world.addComment(answer, '<p>I see.</p>'),
    stream: { done: ['Comment on "Notes"'] },
  },
  {
    name: 'a comment is edited',
    change: ({ world, answer }) => world.edit(answer, '<p>Since June.</p>'),
    stream: { done: ['Comment on "Notes"'] },
  },
  {
    name: 'an inline comment is resolved',
    change: ({ world, remark }) => world.resolve(remark, 'resolved'),
    stream: { done: ['Inline comment on "Notes" (resolved)'] },
  },
  {
    name: 'an answer is deleted',
    change: ({ world, answer }) => world.purge(answer),
    stream: { done: ['Comment on "Notes"'] },
  },
  {
    name: 'a comment is deleted, with its answers: its page is there, so it is proved',
    change: ({ world, question }) => world.purge(question),
    stream: { removed: ['Comment on "Notes"'] },
  },
  {
    name: 'a page with comments is restricted',
    change: ({ world, notes, board }) => world.restrict(notes, 'read', [board]),
    stream: { access: ['Comment on "Notes"', 'Inline comment on "Notes"', 'Notes'] },
  },
  {
    name: 'a page with comments moves',
    change: ({ world, notes, boardRoom }) => world.move(notes, boardRoom),
    stream: { done: ['Comment on "Notes"', 'Inline comment on "Notes"', 'Notes'] },
  },
  {
    name: 'a page with comments is trashed',
    change: ({ world, notes }) => world.trash(notes),
    stream: { removed: ['Comment on "Notes"', 'Inline comment on "Notes"', 'Notes'] },
  },
  {
    name: 'a page with comments is closed to us',
    change: ({ world, notes, ben }) => world.restrict(notes, 'read', [ben]),
    stream: { held: ['Comment on "Notes"', 'Inline comment on "Notes"', 'Notes'] },
    differs: true,
  },
  {
    name: 'a page is added',
    change: ({ world, home }) => void world.addPage(home, 'News', { body: '<p>Fresh.</p>' }),
    stream: { done: ['News'] },
  },
  {
    name: 'a file is attached, replaced, renamed or deleted, where nobody asked for files',
    change({ world, home }) {
      const file = world.addAttachment(home, 'a.txt', {
        mediaType: 'text/plain',
        bytes: () => new Uint8Array(3),
      })
      world.replaceFile(file, () => new Uint8Array(5))
      world.rename(file, 'b.txt')
      world.purge(file)
    },
    stream: {},
  },
]

/**
 * A small wiki with one of everything, for the tests of the sandbox's HTTP side.
 *
 * @module
 */

import { memoryWorld } from '../../src/sandbox/index.ts'

const read = { key: 'read', targetType: 'space' }
const write = [
  { key: 'create', targetType: 'page' },
  { key: 'delete', targetType: 'page' },
  { key: 'create', targetType: 'blogpost' },
]

export type SmallWiki = ReturnType<typeof smallWiki>

export function smallWiki(options: Parameters<typeof memoryWorld>[0] = {}) {
  const world = memoryWorld({ name: 'Small Wiki', ...options })
  const [licensed] = world.groups
  const [ada, ben] = [world.addUser('Ada Lund'), world.addUser('Ben Okoro')]
  const admins = world.addGroup('site-admins', [ada], 'admin')
  const staff = world.addSpace('STAFF', 'Staff', { description: 'For all of us' })
  world.grant(staff, licensed!, [read, ...write])
  world.grant(staff, 'all-licensed-users', [read])
  world.grant(staff, 'all-product-admins', [read])
  world.grant(staff, ada, [...write])

  const home = world.addPage(staff, 'Welcome', {
    body: '<p>Good to have you.</p>',
    labels: ['start', 'public'],
  })
  staff.homepageId = home.id
  const folder = world.addFolder(home, 'Projects')
  const board = world.addNode('whiteboard', folder, 'Ideas')
  const plan = world.addPage(folder, 'Plan 2024', { body: '<h1>Plan</h1><p>First things first.</p>' })
  const live = world.addPage(plan, 'Notes', { body: '<p>As we go.</p>', live: true })
  const secret = world.addPage(home, 'Salaries', { body: '<p>Confidential.</p>', read: [ada, admins] })
  const belowSecret = world.addPage(secret, 'Bonus', { body: '<p>More.</p>' })
  const guarded = world.addPage(home, 'Rules', {
    body: '<p>Rules.</p>',
    read: [world.crawler, ada],
    update: [ada],
  })
  const post = world.addBlogPost(staff, 'We moved', { body: '<p>New office.</p>', labels: ['news'] })
  const comment = world.addComment(plan, '<p>When?</p>', { author: ben })
  const answer = world.addComment(comment, '<p>In May.</p>', { author: ada })
  const inline = world.addComment(plan, '<p>Really?</p>', {
    author: ben,
    inline: { selection: 'First things' },
  })
  const bytes = () => new TextEncoder().encode('a;b\n1;2\n')
  const file = world.addAttachment(plan, 'figures.csv', { mediaType: 'text/csv', bytes })
  const hiddenFile = world.addAttachment(secret, 'pay.csv', { mediaType: 'text/csv', bytes })
  return {
    world,
    people: { ada, ben },
    groups: { licensed: licensed!, admins },
    staff,
    pages: { home, plan, live, secret, belowSecret, guarded },
    nodes: { folder, board, post, comment, answer, inline, file, hiddenFile },
  }
}

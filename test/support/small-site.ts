/**
 * A small wiki with a bit of everything, served as Data Center, and a client without any cleverness.
 *
 * @module
 */

import { memoryWorld } from '../../src/sandbox/memory-world.ts'
import { ADMINISTER, EDIT, VIEW } from '../../src/sandbox/principals.ts'
import { type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import type { User } from '../../src/sandbox/world.ts'

/** Space HR: a home page, a restricted branch with a page below it, a folder with a page in it, a post, comments, a file. */
function smallWorld() {
  const world = memoryWorld({ name: 'Small' })
  const amy = world.addUser('Amy Adams')
  const ben = world.addUser('Ben Brown')
  const guest = world.addUser('Gus Guest', { licensed: false })
  const board = world.addGroup('board/all members', [amy, world.crawler])
  const hr = world.addSpace('HR', 'People & Culture', { description: 'All about people' })
  world.grant(hr, 'all-licensed-users', VIEW)
  world.grant(hr, board, EDIT)
  world.grant(hr, world.crawler, ADMINISTER)
  const home = world.addPage(hr, 'People Home', { body: '<p>Welcome</p>', labels: ['home', 'start'] })
  hr.homepageId = home.id
  const pay = world.addPage(home, 'Pay: all?', { body: '<p>Secret</p>', read: [board], update: [amy] })
  const bonus = world.addPage(pay, 'Bonus', { body: '<p>More</p>' })
  const folder = world.addFolder(home, 'Drawer', { read: [ben] })
  const inFolder = world.addPage(folder, 'In a folder', { body: '<p>Filed</p>' })
  const news = world.addBlogPost(hr, 'News', {
    body: '<p>News</p>',
    createdAt: new Date('2024-05-06T07:00:00Z'),
  })
  const remark = world.addComment(home, '<p>Nice</p>', { author: amy })
  const answer = world.addComment(remark, '<p>Thanks</p>')
  const bytes = () => new TextEncoder().encode('a,b\n1,2\n')
  const file = world.addAttachment(home, 'sums & more.csv', { mediaType: 'text/csv', bytes })
  return { world, amy, ben, guest, board, hr, home, pay, bonus, folder, inFolder, news, remark, answer, file }
}

/** Starts a Data Center; the client signs in with the personal access token of the given user, by default the crawler. */
export async function startSmallSite(options: Partial<SandboxOptions> = {}) {
  const wiki = smallWorld()
  const sandbox = await startSandbox({ world: wiki.world, flavour: 'data-center', ...options })

  /** @param user null signs nobody in */
  const fetchAs = (path: string, user: User | null = wiki.world.crawler, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    if (user !== null) headers.set('authorization', `Bearer ${user.personalAccessToken}`)
    return fetch(`${sandbox.url}${path}`, { ...init, headers })
  }

  return {
    ...sandbox,
    ...wiki,
    fetch: fetchAs,
    /** @throws when the answer is not 200 and JSON */
    async get(path: string, user?: User | null) {
      const response = await fetchAs(path, user)
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return JSON.parse(await response.text())
    },
    async status(path: string, user?: User | null): Promise<number> {
      const response = await fetchAs(path, user)
      await response.arrayBuffer()
      return response.status
    },
    post: (path: string, body: unknown, user?: User | null) =>
      fetchAs(path, user, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
  }
}

import { describe, expect, it } from 'vitest'
import type { Content } from '../../src/model/content.ts'
import type { Listed } from '../../src/model/contracts.ts'
import type { Document } from '../../src/model/document.ts'
import type { SandboxOptions } from '../../src/sandbox/index.ts'
import { memoryWorld } from '../../src/sandbox/memory-world.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import type { WorldSpace } from '../../src/sandbox/world.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { type Crawled, crawl, type Flavour, serving, settingsFor } from './crawl.ts'

const flavours: readonly Flavour[] = ['cloud', 'data-center']

/** A space that `staff` may view, and the crawler, who is of the staff. */
function site() {
  const world = memoryWorld({ name: 'Leaks' })
  const amy = world.addUser('Amy')
  const ben = world.addUser('Ben')
  const staff = world.addGroup('staff', [world.crawler, amy, ben])
  const board = world.addGroup('board', [world.crawler, amy])
  world.addGroup('admins', [world.crawler], 'admin')
  const space = world.addSpace('HR', 'People')
  world.grant(space, staff, VIEW)
  world.grant(space, world.crawler, ADMINISTER)
  return { world, amy, ben, staff, board, space }
}

type Site = ReturnType<typeof site>

async function crawling(
  { world }: Site,
  options: Omit<SandboxOptions, 'world'>,
  change: () => void = () => undefined,
): Promise<Crawled> {
  const all = { ...options, world }
  return serving(all, (sandbox) => {
    change()
    return crawl(sandbox, all)
  })
}

function documentOf({ listed }: Crawled, title: string): Document {
  const found = listed.find((item) => item.type === 'document' && item.document.title === title)
  if (found?.type !== 'document') throw new Error(`Not listed: ${title}`)
  return found.document
}

const readersOf = (crawled: Crawled, title: string) => {
  const { data, status } = documentOf(crawled, title).permissions
  return { ...data[0].read, status }
}

const nobody = { users: [], groups: [] }

describe.each(flavours)('what could not be read lets nobody in (%s)', (flavour) => {
  const failing = (on: string, status = 404) => ({ effect: { kind: 'status', status }, on }) as const

  it('a space whose grants cannot be read', async () => {
    const wiki = site()
    wiki.world.addPage(wiki.space, 'Page')
    const path = flavour === 'cloud' ? `/spaces/${wiki.space.id}/permissions` : '/space/HR/permissions'
    const crawled = await crawling(wiki, { flavour, faults: [failing(path)] })
    expect(readersOf(crawled, 'Page')).toEqual({ ...nobody, status: 'unknown' })
  })

  it('a restriction longer than the list shows, when the rest cannot be read', async () => {
    const wiki = site()
    const page = wiki.world.addPage(wiki.space, 'Page', { read: [wiki.amy, wiki.ben, wiki.world.crawler] })
    wiki.world.addPage(page, 'Below')
    const faults = [failing(`/content/${page.id}/restriction`)]
    const crawled = await crawling(wiki, { flavour, faults, traps: { restrictionListSize: 2 } })
    expect(readersOf(crawled, 'Page')).toEqual({ ...nobody, status: 'unknown' })
    expect(readersOf(crawled, 'Below')).toEqual({ ...nobody, status: 'unknown' })
  })

  it('a group whose members cannot be read: names stay, members are not guessed', async () => {
    const wiki = site()
    wiki.world.grant(wiki.space, wiki.board, VIEW)
    wiki.world.addPage(wiki.space, 'Page', { read: [wiki.board, wiki.amy, wiki.world.crawler] })
    const crawled = await crawling(wiki, { flavour, faults: [failing('/group/', 500)] })
    expect(readersOf(crawled, 'Page')).toEqual({
      users: [flavour === 'cloud' ? wiki.world.crawler.accountId : wiki.world.crawler.userKey],
      groups: [flavour === 'cloud' ? wiki.board.id : 'board'],
      status: 'partial',
    })
  })

  it('a member list that breaks off half-way counts as not read, not as short', async () => {
    const wiki = site()
    for (let index = 0; index < 250; index++) {
      const user = wiki.world.addUser(`Person ${index}`)
      wiki.world.join(user, wiki.staff)
      wiki.world.join(user, wiki.board)
    }
    wiki.world.addPage(wiki.space, 'Page', { read: [wiki.board] })
    const crawled = await crawling(wiki, { flavour, faults: [failing('start=199', 500)] })
    expect(documentOf(crawled, 'Page').permissions).toMatchObject({
      status: 'partial',
      data: [{ read: { groups: [] } }, {}, {}],
    })
  })
})

describe.each(flavours)('long lists are read to their end (%s)', (flavour) => {
  it('of people on a restriction, and of members of a group', async () => {
    const wiki = site()
    const people = Array.from({ length: 430 }, (_, index) => wiki.world.addUser(`Person ${index}`))
    for (const person of people) wiki.world.join(person, wiki.staff)
    wiki.world.addPage(wiki.space, 'Page', { read: [wiki.world.crawler, ...people] })
    const { users, groups, status } = readersOf(await crawling(wiki, { flavour }), 'Page')
    expect({ users: users.length, groups, status }).toEqual({ users: 431, groups: [], status: 'complete' })
  })
})

describe.each(flavours)('what a space grants to visitors (%s)', (flavour) => {
  const readers = async (anonymousAccess: boolean) => {
    const wiki = site()
    wiki.world.anonymousAccess = anonymousAccess
    wiki.world.grant(wiki.space, 'anonymous-users', VIEW)
    wiki.world.addPage(wiki.space, 'Page')
    return readersOf(await crawling(wiki, { flavour }), 'Page').groups
  }

  it('is public where the site lets visitors in', async () => {
    expect(await readers(true)).toContain('ANONYMOUS_USERS')
  })

  it('serves only those who are signed in where it does not', async () => {
    const groups = await readers(false)
    expect(groups).toContain('AUTHENTICATED_USERS')
    expect(groups).not.toContain('ANONYMOUS_USERS')
  })
})

describe('restrictions above a page (cloud)', () => {
  it('of a folder keep out of what is in it', async () => {
    const wiki = site()
    const folder = wiki.world.addFolder(wiki.space, 'Folder', { read: [wiki.world.crawler, wiki.amy] })
    wiki.world.addPage(folder, 'Page')
    const { users } = readersOf(await crawling(wiki, { flavour: 'cloud' }), 'Page')
    expect(users).toEqual([wiki.world.crawler.accountId, wiki.amy.accountId].sort())
  })

  it('let nobody in when the folder cannot be read, however deep below it', async () => {
    const wiki = site()
    const folder = wiki.world.addFolder(wiki.space, 'Folder')
    const page = wiki.world.addPage(folder, 'Page', { read: [wiki.world.crawler] })
    wiki.world.addPage(page, 'Below')
    wiki.world.addPage(wiki.space, 'Elsewhere')
    const faults = [{ effect: { kind: 'status', status: 404 }, on: `/content/${folder.id}/` }] as const
    const crawled = await crawling(wiki, { flavour: 'cloud', faults })
    expect(readersOf(crawled, 'Page')).toEqual({ ...nobody, status: 'unknown' })
    expect(readersOf(crawled, 'Below')).toEqual({ ...nobody, status: 'unknown' })
    expect(readersOf(crawled, 'Elsewhere').status).toBe('complete')
  })

  it('hold for a page that the search index has not heard of', async () => {
    const wiki = site()
    const options = { flavour: 'cloud', traps: { indexLagMs: 600_000 } } as const
    const crawled = await crawling(wiki, options, () => {
      wiki.world.addPage(wiki.space, 'Page', { read: [wiki.world.crawler] })
    })
    expect(readersOf(crawled, 'Page').users).toEqual([wiki.world.crawler.accountId])
  })
})

const macro = (name: string, parameters: string) =>
  `<ac:structured-macro ac:name="${name}">${parameters}</ac:structured-macro>`
const link = (title: string, space?: WorldSpace) =>
  `<ac:parameter ac:name=""><ac:link><ri:page ri:content-title="${title}"${space ? ` ri:space-key="${space.key}"` : ''}/></ac:link></ac:parameter>`
const include = (title: string, space?: WorldSpace) => macro('include', link(title, space))
const excerptInclude = (title: string, space?: WorldSpace) => macro('excerpt-include', link(title, space))
const secret = `<p>CLASSIFIED</p>${macro('excerpt', '<ac:rich-text-body><p>CLASSIFIED</p></ac:rich-text-body>')}`

function textOf({ body }: Content): string {
  if ('text' in body) return body.text
  if (!('markup' in body)) throw new Error('It came as a file.')
  const parts: string[] = []
  body.markup({
    open: (_name, attributes) => parts.push(...Object.values(attributes)),
    text: (text) => parts.push(text),
    close: () => undefined,
  })
  return parts.join(' ')
}

/** All that is emitted of a page: text and attributes. */
async function emittedText(wiki: Site, flavour: Flavour, title: string, body: 'auto' | 'storage' | 'view') {
  return serving({ world: wiki.world, flavour }, async (sandbox) => {
    const source = confluence({ ...settingsFor(sandbox, flavour), body })
    const context = { signal: new AbortController().signal }
    try {
      const listed: Listed[] = []
      for await (const item of source.index({ ...context, emit: () => undefined })) listed.push(item)
      const found = listed.find((item) => item.type === 'document' && item.document.title === title)
      if (found?.type !== 'document') throw new Error(`Not listed: ${title}`)
      const content = (await found.content?.(context)) ?? (await source.download(found.document, context))
      return textOf(content)
    } finally {
      await source.close()
    }
  })
}

describe.each(flavours)('text of one page in another (%s)', (flavour) => {
  const bodies = ['auto', 'storage', 'view'] as const

  it.each(bodies)('comes along when every reader may open it (body %s)', async (body) => {
    const wiki = site()
    wiki.world.addPage(wiki.space, 'Inner', { body: '<p>FOR ALL</p>' })
    wiki.world.addPage(wiki.space, 'Outer', { body: include('Inner'), read: [wiki.world.crawler] })
    expect(await emittedText(wiki, flavour, 'Outer', body)).toContain('FOR ALL')
  })

  it.each(bodies)('stays out when one reader may not, by include or by excerpt (body %s)', async (body) => {
    const wiki = site()
    wiki.world.addPage(wiki.space, 'Inner', { body: secret, read: [wiki.board, wiki.world.crawler] })
    const outer = `<p>Public words</p>${include('Inner')}${excerptInclude('Inner')}`
    wiki.world.addPage(wiki.space, 'Outer', { body: outer })
    const text = await emittedText(wiki, flavour, 'Outer', body)
    expect(text).toContain('Public words')
    expect(text).not.toContain('CLASSIFIED')
  })

  it.each(bodies)('stays out when only what is above it is restricted (body %s)', async (body) => {
    const wiki = site()
    const above = wiki.world.addPage(wiki.space, 'Above', { read: [wiki.board] })
    wiki.world.addPage(above, 'Inner', { body: secret })
    wiki.world.addPage(wiki.space, 'Outer', { body: `<p>Public words</p>${include('Inner')}` })
    expect(await emittedText(wiki, flavour, 'Outer', body)).not.toContain('CLASSIFIED')
  })

  it.each(bodies)('stays out by way of a third page (body %s)', async (body) => {
    const wiki = site()
    wiki.world.addPage(wiki.space, 'Inner', { body: secret, read: [wiki.board] })
    wiki.world.addPage(wiki.space, 'Middle', { body: `<p>Go-between</p>${include('Inner')}` })
    wiki.world.addPage(wiki.space, 'Outer', { body: include('Middle') })
    const text = await emittedText(wiki, flavour, 'Outer', body)
    expect(text).toContain('Go-between')
    expect(text).not.toContain('CLASSIFIED')
  })

  it.each(bodies)('stays out of another space with fewer readers (body %s)', async (body) => {
    const wiki = site()
    const closed = wiki.world.addSpace('BRD', 'Board')
    wiki.world.grant(closed, wiki.board, VIEW)
    wiki.world.grant(closed, wiki.world.crawler, ADMINISTER)
    wiki.world.addPage(closed, 'Inner', { body: secret })
    wiki.world.addPage(wiki.space, 'Outer', { body: `<p>Public words</p>${include('Inner', closed)}` })
    expect(await emittedText(wiki, flavour, 'Outer', body)).not.toContain('CLASSIFIED')
  })

  it.each(bodies)('stays out of lists of pages, titles included (body %s)', async (body) => {
    const wiki = site()
    const outer = wiki.world.addPage(wiki.space, 'Outer', {
      body: `${macro('children', '<ac:parameter ac:name="all">true</ac:parameter>')}${macro('contentbylabel', '<ac:parameter ac:name="cql">label = "plan"</ac:parameter>')}`,
    })
    wiki.world.addPage(outer, 'Open child', { labels: ['plan'] })
    wiki.world.addPage(outer, 'CLASSIFIED child', { labels: ['plan'], read: [wiki.board] })
    const text = await emittedText(wiki, flavour, 'Outer', body)
    expect(text).toContain('Open child')
    expect(text).not.toContain('CLASSIFIED')
  })
})

import { afterEach, describe, expect, it } from 'vitest'
import type { Known } from '../../src/model/contracts.ts'
import { memoryWorld, type Sandbox, startSandbox } from '../../src/sandbox/index.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import type { WorldNode } from '../../src/sandbox/world.ts'
import { threadKind } from '../../src/sources/confluence/comments/revisit.ts'
import { fetchThread, threadsOn } from '../../src/sources/confluence/comments.ts'
import { settings } from '../../src/sources/confluence/config.ts'
import { fatesOf } from '../../src/sources/confluence/revisit-attached.ts'
import { createSurvey } from '../../src/sources/confluence/survey.ts'
import { elementsOf, gather, requestsTo, type Visit, visit } from './commenting.ts'
import type { Flavour } from './walking.ts'

interface Site {
  readonly flavour: Flavour
  readonly version?: string
}

const sites: readonly (Site & { readonly name: string })[] = [
  { name: 'Cloud', flavour: 'cloud' },
  ...['7.4', '8.5', '10.0.3'].map((version) => ({
    name: `Data Center ${version}`,
    flavour: 'data-center' as const,
    version,
  })),
]

/** HR is for the staff: a page with a thread below it and one on its words, a page for the board alone, a post. */
function hr() {
  const world = memoryWorld({ name: 'Comments' })
  const [ada, ben] = [world.addUser('Ada Lindqvist'), world.addUser('Ben Brown')]
  const staff = world.addGroup('staff', [world.crawler, ada, ben])
  const space = world.addSpace('HR', 'People')
  const fun = world.addSpace('FUN', 'Fun')
  world.grant(space, staff, VIEW)
  for (const each of [space, fun]) world.grant(each, world.crawler, ADMINISTER)
  const home = world.addPage(space, 'Home', { body: '<p>Welcome.</p>' })
  const holidays = world.addPage(home, 'Holidays', { body: '<p>There are 30 days of leave.</p>' })
  const board = world.addPage(home, 'Board', { body: '<p>Pay.</p>', read: [ada, world.crawler] })
  const hidden = world.addPage(home, 'Hidden', { body: '<p>Nobody.</p>', read: [ada] })
  const post = world.addBlogPost(space, 'News', { body: '<p>News.</p>' })
  const question = world.addComment(holidays, '<p>Do apprentices get them, too?</p>', { author: ada })
  const inline = world.addComment(holidays, '<p>Is that for part-time people as well?</p>', {
    author: ben,
    inline: { selection: '30 days of leave' },
  })
  return { world, ada, ben, staff, space, fun, home, holidays, board, hidden, post, question, inline }
}

let sandbox: Sandbox | undefined
let opened: Visit | undefined

afterEach(async () => {
  await opened?.close()
  await sandbox?.close()
})

async function open(world: ReturnType<typeof memoryWorld>, { flavour, version }: Site) {
  sandbox = await startSandbox({ world, flavour, ...(version ? { version } : {}) })
  opened = await visit(sandbox, flavour)
  sandbox.stats.reset()
  return { sandbox, site: opened }
}

/** What was written, without titles and headings. */
const texts = (elements: readonly string[]) =>
  elements.filter((element) => !element.startsWith('Title')).map((element) => element.replace(/^\w+: /, ''))

describe.each(sites)('comments on $name', (on) => {
  it('are one document a thread, answers below what they answer, oldest first', async () => {
    const wiki = hr()
    const { world, question, ada, ben } = wiki
    const yes = world.addComment(question, '<p>Yes, they do.</p>', { author: ben })
    const also = world.addComment(question, '<p>And interns?</p>', { author: ada })
    world.addComment(yes, '<p>Good to know.</p>', { author: ada })
    world.addComment(also, '<p>Interns get 20.</p>', { author: ben })
    const { site } = await open(world, on)
    const { contents } = await gather(site)
    const day = question.createdAt.toISOString().slice(0, 10)
    expect(await elementsOf(contents.get('Comment on "Holidays"')!)).toEqual([
      'Title: Comment on "Holidays"',
      `Title: Ada Lindqvist, ${day}`,
      'NarrativeText: Do apprentices get them, too?',
      `Title: Ben Brown, ${day}`,
      'NarrativeText: Yes, they do.',
      `Title: Ada Lindqvist, ${day}`,
      'NarrativeText: Good to know.',
      `Title: Ada Lindqvist, ${day}`,
      'UncategorizedText: And interns?',
      `Title: Ben Brown, ${day}`,
      'NarrativeText: Interns get 20.',
    ])
  })

  it('quote the words that they are on', async () => {
    const { world, inline } = hr()
    const { site } = await open(world, on)
    const { contents } = await gather(site)
    const day = inline.createdAt.toISOString().slice(0, 10)
    expect(await elementsOf(contents.get('Inline comment on "Holidays"')!)).toEqual([
      'Title: Inline comment on "Holidays"',
      'NarrativeText: “30 days of leave”',
      `Title: Ben Brown, ${day}`,
      'NarrativeText: Is that for part-time people as well?',
    ])
  })

  it('know their page, their place and their readers', async () => {
    const { world, holidays, home, space, question } = hr()
    const { site } = await open(world, on)
    const { documents } = await gather(site)
    const [document] = documents.filter(({ title }) => title === 'Comment on "Holidays"')
    const page = site.pages.get('Holidays')!.document
    const siteId = site.wiki.api.site.id
    expect(document).toMatchObject({
      id: `confluence:${siteId}/comments/${question.id}`,
      kind: 'comments',
      space: 'HR',
      place: {
        site: `confluence:${siteId}`,
        objectId: question.id,
        spaceId: space.id,
        parentIds: [home.id, holidays.id],
      },
      path: `HR/${holidays.id}-comments-${question.id}.html`,
      author: 'Ada Lindqvist',
      createdAt: question.createdAt,
      modifiedAt: question.version.createdAt,
      ancestors: ['Home', 'Holidays'],
      labels: [],
      recordLocator: {
        space_id: 'HR',
        document_id: question.id,
        page_id: holidays.id,
        type: 'comment',
        location: 'footer',
        resolution: 'open',
      },
    })
    expect(document!.version).toMatch(/^1-[0-9a-f]{8}$/)
    expect(document!.url).toContain(`focusedCommentId=${question.id}`)
    expect(document!.permissions).toBe(page.permissions)
  })

  it('are on posts, too, and never of a page that is not to be seen', async () => {
    const { world, board, hidden, post, ada } = hr()
    world.addComment(board, '<p>Only for the board.</p>', { author: ada })
    world.addComment(hidden, '<p>For nobody.</p>', { author: ada })
    world.addComment(post, '<p>Good news.</p>')
    const { site } = await open(world, on)
    const { documents, listed } = await gather(site)
    expect(documents.map(({ title }) => title).sort()).toEqual([
      'Comment on "Board"',
      'Comment on "Holidays"',
      'Comment on "News"',
      'Inline comment on "Holidays"',
    ])
    expect(listed).toHaveLength(4)
    const onBoard = documents.find(({ title }) => title === 'Comment on "Board"')!
    expect(onBoard.permissions).toEqual(site.pages.get('Board')!.document.permissions)
    expect(onBoard.permissions).not.toEqual(site.pages.get('Holidays')!.document.permissions)
  })

  it('are left out as the settings say', async () => {
    const { world } = hr()
    const { site, sandbox } = await open(world, on)
    const titles = async (which: 'none' | 'footer' | 'inline') =>
      (await gather(site, { which })).documents.map(({ title }) => title)
    expect(await titles('footer')).toEqual(['Comment on "Holidays"'])
    expect(await titles('inline')).toEqual(['Inline comment on "Holidays"'])
    sandbox.stats.reset()
    expect(await titles('none')).toEqual([])
    expect(requestsTo(sandbox, /./)).toBe(0)
  })

  it('change their version with every edit, answer, deletion and resolution, and with nothing else', async () => {
    const { world, inline, ben, holidays } = hr()
    const { site } = await open(world, on)
    const versionNow = async () => {
      const { documents } = await gather(site, { read: false, recall: async () => [] })
      return documents.find(({ id }) => id.endsWith(`/${inline.id}`))!.version
    }
    const versions = [await versionNow()]
    world.edit(holidays, '<p>There are 31 days.</p>')
    expect(await versionNow()).toBe(versions[0])
    const answer = world.addComment(inline, '<p>Yes.</p>', { author: ben })
    versions.push(await versionNow())
    world.edit(answer, '<p>Yes, in part.</p>')
    versions.push(await versionNow())
    world.resolve(inline, 'resolved')
    versions.push(await versionNow())
    world.resolve(inline, 'reopened')
    versions.push(await versionNow())
    world.purge(answer)
    versions.push(await versionNow())
    expect(new Set(versions).size).toBe(versions.length)
    world.resolve(inline, 'open')
    expect(await versionNow()).toBe(versions[0])
  })

  it('say that they are resolved, or that their words are gone', async () => {
    const { world, question, inline } = hr()
    world.resolve(question, 'resolved')
    world.resolve(inline, 'dangling')
    const { site } = await open(world, on)
    const { documents } = await gather(site)
    expect(documents.map(({ title, recordLocator }) => [title, recordLocator.resolution])).toEqual([
      ['Comment on "Holidays" (resolved)', 'resolved'],
      ['Inline comment on "Holidays" (dangling)', 'dangling'],
    ])
  })

  it('stay one thread when what began it is deleted and answers remain', async () => {
    const { world, question, ben } = hr()
    const answer = world.addComment(question, '<p>Yes, they do.</p>', { author: ben })
    world.addComment(answer, '<p>Thank you.</p>')
    world.trash(question)
    const { site } = await open(world, on)
    const { documents, contents } = await gather(site)
    const thread = documents.find(({ id }) => id.endsWith(`/comments/${question.id}`))!
    expect(thread).toMatchObject({ title: 'Comment on "Holidays"', author: 'Ben Brown' })
    expect(texts(await elementsOf(contents.get(thread.title)!))).toEqual(['Yes, they do.', 'Thank you.'])
    world.purge(question)
    expect((await gather(site)).documents.map(({ title }) => title)).toEqual(['Inline comment on "Holidays"'])
  })

  it('show mentions by name, and of other pages only what their readers may read', async () => {
    const { world, holidays, ada } = hr()
    const include = (title: string) =>
      `<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="${title}" /></ac:link></ac:parameter></ac:structured-macro>`
    const user = on.flavour === 'cloud' ? `ri:account-id="${ada.accountId}"` : `ri:userkey="${ada.userKey}"`
    const body = `<p>Ask <ac:link><ri:user ${user} /></ac:link>.</p>${include('Home')}${include('Board')}`
    const comment = world.addComment(holidays, body)
    const { site } = await open(world, on)
    const { listed } = await gather(site, { read: false })
    const found = listed.find((each) => 'document' in each && each.document.id.endsWith(`/${comment.id}`))
    if (found?.type !== 'document') throw new Error('The thread was not listed.')
    const content = await found.content!({ signal: site.signal })
    const text = (await elementsOf(content)).join('\n')
    expect(text).toContain('Ask @Ada Lindqvist.')
    expect(text).toContain('Welcome.')
    expect(text).not.toContain('Pay.')
    expect(content.losses).toEqual([{ code: 'include_not_permitted', name: 'Board' }])
    expect(content.traces!.length).toBeGreaterThan(2)
  })

  it('keep to themselves whatever a body tries', async () => {
    const { world, holidays, ada } = hr()
    const open_ = '</p></div></ac:layout><h1>Comment on "Pay"</h1><blockquote><table><tr><td>'
    const first = world.addComment(holidays, open_, { author: ada })
    world.addComment(first, '<p>After it.</p>')
    world.addComment(first, `${'<div>'.repeat(3000)}deep`)
    world.addComment(first, '<ac:structured-macro ac:name="server-only"/><p>Beside it.</p>')
    world.addComment(first, '')
    const { site } = await open(world, on)
    const { contents, listed } = await gather(site, { which: 'footer' })
    expect(listed.every(({ type }) => type === 'document')).toBe(true)
    const elements = await elementsOf(contents.get('Comment on "Holidays"')!)
    for (const text of ['After it.', 'deep', 'Beside it.'])
      expect(elements.some((element) => element.endsWith(`: ${text}`))).toBe(true)
    expect(elements[0]).toBe('Title: Comment on "Holidays"')
    expect(elements.filter((element) => /^Title: (Ada|Wiki)/.test(element))).toHaveLength(5)
  })

  it('of an archived space are read where that space is', async () => {
    const { world, fun } = hr()
    const joke = world.addPage(fun, 'Joke')
    world.addComment(joke, '<p>Ha.</p>')
    world.archiveSpace(fun)
    const { site } = await open(world, on)
    const { documents } = await gather(site)
    expect(documents.map(({ title }) => title)).toContain('Comment on "Joke"')
    expect(documents).toHaveLength(3)
    const again = await gather(site, { everywhere: false, recall: async () => undefined })
    expect(texts(await elementsOf(again.contents.get('Comment on "Joke"')!))).toEqual(['Ha.'])
  })

  it('cost one list for the whole site, and no bodies where nothing changed', async () => {
    const { world, holidays, fun } = hr()
    for (let nr = 0; nr < 60; nr += 1) world.addComment(holidays, `<p>Comment ${nr}.</p>`)
    for (let nr = 0; nr < 8; nr += 1)
      world.grant(world.addSpace(`S${nr}`, `Space ${nr}`), world.crawler, VIEW)
    world.addComment(world.addPage(fun, 'Joke'), '<p>Ha.</p>')
    const { site, sandbox } = await open(world, on)
    const first = await gather(site)
    expect(first.documents).toHaveLength(63)
    // 63 comments with bodies, 50 a request; a list by `start` ends with an empty page.
    expect(requestsTo(sandbox, /comment/)).toBe(on.version === '7.4' ? 3 : 2)
    sandbox.stats.reset()
    const again = await gather(site, { recall: async () => [] })
    expect(again.listed.every((each) => each.type === 'document' && !each.content)).toBe(true)
    expect(again.documents.map(({ version }) => version)).toEqual(
      first.documents.map(({ version }) => version),
    )
    expect(requestsTo(sandbox, /body/)).toBe(0)
    expect(requestsTo(sandbox, /./)).toBe(on.version === '7.4' ? 2 : 1)
  })

  it('are fetched in bulk where they changed, and only those', async () => {
    const { world, holidays, question } = hr()
    const many = Array.from({ length: 120 }, (_, nr) => world.addComment(holidays, `<p>Number ${nr}.</p>`))
    const { site, sandbox } = await open(world, on)
    const before = new Map((await gather(site)).documents.map(({ id, version }) => [id, version]))
    for (const comment of many) world.edit(comment, '<p>Edited.</p>')
    sandbox.stats.reset()
    const recall = async ({ id, version }: { id: string; version: string }) =>
      before.get(id) === version ? [] : undefined
    const { listed } = await gather(site, { recall })
    const changed = listed.filter((each) => each.type === 'document' && each.content)
    expect(changed).toHaveLength(120)
    expect(changed.some((each) => 'document' in each && each.document.id.endsWith(`/${question.id}`))).toBe(
      false,
    )
    expect(requestsTo(sandbox, /expand=.*body\.storage/)).toBeLessThanOrEqual(on.version === '7.4' ? 8 : 6)
  })

  it('of one page are found and read by themselves', async () => {
    const { world, question, ben } = hr()
    world.addComment(question, '<p>Yes, they do.</p>', { author: ben })
    const { site } = await open(world, on)
    const { documents } = await gather(site)
    const { page } = site.pages.get('Holidays')!
    expect(await threadsOn(page, site)).toHaveLength(2)
    const document = documents.find(({ title }) => title === 'Comment on "Holidays"')!
    expect((await elementsOf(await fetchThread(page, document, site))).at(-1)).toBe(
      'NarrativeText: Yes, they do.',
    )
    world.purge(question)
    await expect(fetchThread(page, document, site)).rejects.toMatchObject({ kind: 'missing' })
  })

  it('are proved gone only by their own answer, on a page that is to be seen', async () => {
    const { world, holidays, question, inline, post, board, ada, fun } = hr()
    const onPost = world.addComment(post, '<p>Nice.</p>')
    const onBoard = world.addComment(board, '<p>Hm.</p>')
    const onJoke = world.addComment(world.addPage(fun, 'Joke'), '<p>Ha.</p>')
    const trashed = world.addComment(holidays, '<p>Never mind.</p>')
    const known = [question, inline, onPost, onBoard, onJoke, trashed].map(knownOf)
    const { site } = await open(world, on)
    const fates = async (some: readonly Known[]) => {
      const visit = { wiki: site.wiki, context: { signal: site.signal, emit: () => undefined } }
      const settled = {
        ...visit,
        settings: settings.parse({ url: 'https://a.b', token: 'x' }),
        survey: createSurvey(),
      }
      return fatesOf(visit, threadKind(settled), some)
    }
    const onPage = { containerId: holidays.id }
    expect(await fates(known.slice(0, 2))).toEqual([onPage, onPage])
    world.purge(inline)
    world.purge(onPost)
    world.trash(trashed)
    world.restrict(board, 'read', [ada])
    world.purge(onJoke)
    world.trash(world.node(onJoke.containerId!)!)
    expect(await fates(known)).toEqual([onPage, 'gone', 'gone', 'unknown', 'unknown', 'gone'])
  })
})

function knownOf({ id, title, containerId = '' }: WorldNode): Known {
  const document = { id, title, kind: 'comments', url: '', space: '' } as const
  return { document, place: { site: '', objectId: id, spaceId: '', parentIds: [containerId] } }
}

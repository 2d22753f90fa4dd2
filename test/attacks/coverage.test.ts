import { describe, expect, it } from 'vitest'
import { type Fault, generatedWorld } from '../../src/sandbox/index.ts'
import { VIEW } from '../../src/sandbox/principals.ts'
import { attack, type Flavour, flavours, listingOf, meanwhile, type Outcome, wiki } from './scene.ts'

/** Titles of all documents that a run found, once each or more. */
const found = ({ events }: Outcome) =>
  events.flatMap((event) => (event.type === 'document.found' ? [event.document.title] : [])).sort()

const filler = ({ world, home }: ReturnType<typeof wiki>, pages: number) => {
  for (let page = 100; page < 100 + pages; page++) world.addPage(home, `Page ${page}`)
}

describe.each([
  ['cloud', undefined],
  ['data-center', '10.0.3'],
  ['data-center', '7.4.0'],
] as const)('nothing is lost while the wiki changes (%s %s)', (flavour, version) => {
  const { username, password } = wiki().world.crawler
  // Before 7.9 there are no personal access tokens.
  const settings = version === '7.4.0' ? { token: '', username, password } : {}
  const site = version ? { flavour, version, settings } : { flavour }
  const pages = (world: ReturnType<typeof wiki>) => {
    if (version === '7.4.0') return 'GET /rest/api/space/HR/content/page'
    return listingOf(flavour, world.hr)
  }

  it('when a page that was listed is deleted, the one behind it is not skipped', async () => {
    const it = wiki()
    filler(it, 400)
    const first = it.world.list(it.hr.id, 'page').at(3)
    const tried = await attack({
      ...site,
      world: it.world,
      faults: [meanwhile(pages(it), () => it.world.purge(first), 2)],
    })
    expect(found(tried)).toHaveLength(401)
    expect(new Set(found(tried)).size).toBe(401)
  })

  it('when the last page that was listed, and more before it, are deleted, none behind them is skipped', async () => {
    const it = wiki()
    filler(it, 300)
    const listed = it.world.list(it.hr.id, 'page')
    const doomed = [...Array(50).keys()].map((index) => listed.at(index + (flavour === 'cloud' ? 200 : 0)))
    const change = () => {
      for (const page of doomed) if (page.id !== it.home.id) it.world.purge(page)
    }
    const tried = await attack({ ...site, world: it.world, faults: [meanwhile(pages(it), change, 2)] })
    const titles = new Set(found(tried))
    for (let page = 100; page < 400; page++) expect(titles).toContain(`Page ${page}`)
  })

  it('when a page moves within the space, it is listed once', async () => {
    const it = wiki()
    filler(it, 300)
    const listed = it.world.list(it.hr.id, 'page')
    const [one, other] = [listed.at(10), listed.at(299)]
    const tried = await attack({
      ...site,
      world: it.world,
      faults: [meanwhile(pages(it), () => it.world.move(one, other), 2)],
    })
    expect(found(tried)).toHaveLength(301)
    expect(new Set(found(tried)).size).toBe(301)
  })

  it('when posts are deleted while posts are listed, none is skipped', async () => {
    const it = wiki()
    for (let post = 100; post < 250; post++) it.world.addBlogPost(it.hr, `Post ${post}`)
    const listing =
      flavour === 'cloud' ? 'GET /wiki/api/v2/blogposts?' : 'GET /rest/api/content/*type=blogpost'
    const first = it.world.list(it.hr.id, 'blogpost').at(2)
    const tried = await attack({
      ...site,
      world: it.world,
      faults: [meanwhile(listing, () => it.world.purge(first), 2)],
    })
    expect(found(tried).filter((title) => title.startsWith('Post'))).toHaveLength(150)
  })

  it('when one batch cannot be built, its items are read otherwise', async () => {
    const it = wiki()
    filler(it, 120)
    const fault: Fault = { effect: { kind: 'status', status: 500 }, on: pages(it), from: 2, count: 3 }
    expect(found(await attack({ ...site, world: it.world, faults: [fault] }))).toHaveLength(121)
  })
})

describe.each(flavours)('nothing is silent (%s)', (flavour) => {
  const world = () => generatedWorld({ pages: 700, spaces: 1, seed: 9, flavour, bodySize: [50, 80] })

  it('a next link that leads nowhere is no end', async () => {
    const tried = await attack({
      world: world(),
      flavour,
      meddle({ path, body, headers }) {
        if (!isPageList(flavour, path)) return
        delete headers.link
        const list = body as { _links?: { next?: string }; nextCursor?: string | null }
        delete list.nextCursor
        if (list._links?.next) list._links.next = '/wiki/api/v2/pages?somewhere=else'
      },
    })
    expect(tried.job.coverage).toMatchObject({ failed: 1 })
    expect(tried.job.outcome).toBe('finished_with_failures')
  })

  it('a list that never ends, though nothing is in it, is no list', async () => {
    let turn = 0
    const tried = await attack({
      world: world(),
      flavour,
      meddle(said) {
        if (!isPageList(flavour, said.path)) return
        delete said.headers.link
        const next = `/rest/api/content?cursor=turn-${++turn}`
        said.status = 200
        said.body = { results: [], size: 0, nextCursor: `turn-${turn}`, _links: { next } }
      },
    })
    expect(tried.job.coverage).toMatchObject({ failed: 1 })
  })

  it('a limit that cuts is told even where the list says an item twice', async () => {
    const tried = await attack({
      world: world(),
      flavour,
      settings: { max_num_of_docs_from_each_space: 100 },
      meddle({ path, body }) {
        if (!isPageList(flavour, path)) return
        const { results } = body as { results: unknown[] }
        if (results.length > 1) results[1] = results[0]
      },
    })
    expect(Object.keys(tried.job.truncated)).toHaveLength(1)
  })

  it('filters and limits together: what is cut is told, what is left out is counted', async () => {
    const site = wiki()
    for (let page = 0; page < 30; page++)
      site.world.addPage(site.home, `Page ${page}`, { labels: page % 2 === 0 ? ['red'] : [] })
    const tried = await attack({
      world: site.world,
      flavour,
      settings: { labels: ['red'], max_num_of_docs_from_each_space: 10 },
    })
    expect(tried.job.coverage).toMatchObject({ found: 26, done: 10, skipped: 16 })
    expect(tried.job.truncated).toMatchObject({ HR: { limit: 10, available: 15 } })
  })

  it('a sign-in that the site forgets in mid-run is no smaller wiki', async () => {
    const site = wiki()
    site.world.anonymousAccess = true
    site.world.grant(site.hr, 'anonymous-users', VIEW)
    for (let page = 0; page < 260; page++) site.world.addPage(site.home, `Page ${page}`)
    for (let page = 0; page < 10; page++)
      site.world.addPage(site.home, `Closed ${page}`, { read: [site.staff] })
    const forget = () => Object.assign(site.world.crawler, { apiToken: 'new', personalAccessToken: 'new' })
    const tried = await attack({
      world: site.world,
      flavour,
      traps: { anonymousDowngrade: true },
      faults: [meanwhile(listingOf(flavour, site.hr), forget, 2)],
    })
    expect(tried.job).toMatchObject({ outcome: 'failed', error: { kind: 'credentials' } })
  })
})

const isPageList = (flavour: Flavour, path: string) =>
  flavour === 'cloud' ? /\/spaces\/\d+\/pages/.test(path) : /content\/scan\?.*type=page/.test(path)

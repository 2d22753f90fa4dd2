import { describe, expect, it } from 'vitest'
import {
  attack,
  flavours,
  include,
  listingOf,
  macro,
  meanwhile,
  parameter,
  readersOf,
  secret,
  titlesWith,
  wiki,
} from './scene.ts'

/** What an administrator does when a page becomes confidential: first the restriction, then the new words. */
function closeAndWrite({ world }: ReturnType<typeof wiki>, page: Parameters<typeof world.edit>[0]) {
  world.restrict(page, 'read', [world.crawler])
  world.edit(page, `<p>${secret}</p>`)
}

describe.each(flavours)('while %s is being read, words that were never open stay closed', (flavour) => {
  it('of a page whose body is fetched again, because a filter is set', async () => {
    const site = wiki()
    const pay = site.world.addPage(site.home, 'Pay', { body: '<p>Soon.</p>', labels: ['red'] })
    const again =
      flavour === 'cloud' ? `GET /wiki/api/v2/pages?*id=${pay.id}` : 'GET /rest/api/content*body.storage'
    const tried = await attack({
      world: site.world,
      flavour,
      settings: { labels: ['red'] },
      faults: [meanwhile(again, () => closeAndWrite(site, pay))],
    })
    expect(titlesWith(tried, secret)).toEqual(['Pay'])
    expect(readersOf(tried, 'Pay')).toMatchObject({ users: [expect.any(String)], groups: [] })
  })

  it('of a page that another page includes', async () => {
    const site = wiki()
    const inner = site.world.addPage(site.home, 'Inner', { body: '<p>Soon.</p>' })
    site.world.addPage(site.home, 'Outer', { body: include('Inner') })
    const fetched =
      flavour === 'cloud'
        ? `GET /wiki/api/v2/pages?id=${inner.id}`
        : 'GET /rest/api/content?*ids=*body.storage'
    const tried = await attack({
      world: site.world,
      flavour,
      faults: [meanwhile(fetched, () => closeAndWrite(site, inner))],
    })
    expect(titlesWith(tried, secret)).toEqual([])
  })

  it('of a page that the server renders', async () => {
    const site = wiki()
    const pay = site.world.addPage(site.home, 'Pay', { body: '<p>Soon.</p>' })
    const view = flavour === 'cloud' ? 'body-format=view' : 'expand=*body.view'
    const tried = await attack({
      world: site.world,
      flavour,
      settings: { body: 'view' },
      faults: [meanwhile(`${pay.id}?*${view}`, () => closeAndWrite(site, pay))],
    })
    expect(titlesWith(tried, secret)).toEqual([])
    expect(tried.text('Pay')).toContain('Soon.')
  })

  it('of a page that is downloaded by itself', async () => {
    const site = wiki()
    const pay = site.world.addPage(site.home, 'Pay', { body: '<p>Soon.</p>' })
    const alone =
      flavour === 'cloud' ? `/api/v2/pages/${pay.id}?*storage` : `/rest/api/content/${pay.id}?*body.storage`
    const listed = flavour === 'cloud' ? '*body-format=storage*limit=' : '*limit=*body.storage'
    const tried = await attack({
      world: site.world,
      flavour,
      faults: [
        { effect: { kind: 'status', status: 500 }, on: `GET ${listed}` },
        meanwhile(`GET *${alone}`, () => closeAndWrite(site, pay)),
      ],
    })
    expect(titlesWith(tried, secret)).toEqual([])
    expect(tried.notDone).toMatchObject([
      { document: { title: 'Pay' }, error: { code: 'confluence.page.changed' } },
    ])
  })

  it('of a page below one that is closed meanwhile', async () => {
    const site = wiki()
    const above = site.world.addPage(site.home, 'Above')
    const pay = site.world.addPage(above, 'Pay', { body: '<p>Soon.</p>' })
    for (let page = 0; page < 260; page++) site.world.addPage(site.home, `Filler ${page}`)
    const late = site.world.addPage(above, 'Late', { body: '<p>Soon.</p>' })
    const change = () => {
      site.world.restrict(above, 'read', [site.world.crawler])
      for (const page of [pay, late]) site.world.edit(page, `<p>${secret}</p>`)
      // The memory world's clock goes slower than the wall's.
      late.version = { ...late.version, createdAt: new Date() }
      pay.version = { ...pay.version, createdAt: new Date() }
    }
    const tried = await attack({
      world: site.world,
      flavour,
      faults: [meanwhile(listingOf(flavour, site.hr), change, 2)],
    })
    for (const title of titlesWith(tried, secret)) expect(readersOf(tried, title).groups).toEqual([])
  })

  it('nor is a title below one that is closed meanwhile told by a list', async () => {
    const site = wiki()
    site.world.addPage(site.home, 'Lister', {
      body: macro('pagetree', parameter('root', '@home') + parameter('startDepth', '9')),
    })
    const above = site.world.addPage(site.home, 'Above')
    // Data Center’s listing brings the restrictions along: there it has to happen in the midst of it.
    for (let page = 0; page < 60; page++) site.world.addPage(site.home, `Filler ${page}`)
    const late = site.world.addPage(above, 'Late', { body: macro('children') })
    const change = () => {
      site.world.restrict(above, 'read', [site.world.crawler])
      site.world.rename(late, `${secret} takeover`)
      late.version = { ...late.version, createdAt: new Date() }
    }
    const tried = await attack({
      world: site.world,
      flavour,
      faults: [meanwhile(listingOf(flavour, site.hr), change, flavour === 'cloud' ? 1 : 2)],
    })
    expect(titlesWith(tried, secret).filter((title) => title === 'Lister')).toEqual([])
  })

  it('and a site’s own clock decides what happened lately, however ours goes', async () => {
    const site = wiki()
    const itsNow = new Date(Date.now() - 7_200_000)
    const above = site.world.addPage(site.home, 'Above')
    const pay = site.world.addPage(above, 'Pay', { body: '<p>Soon.</p>' })
    for (let page = 0; page < 260; page++) site.world.addPage(site.home, `Filler ${page}`)
    const late = site.world.addPage(above, 'Late', { body: '<p>Soon.</p>' })
    const change = () => {
      site.world.restrict(above, 'read', [site.world.crawler])
      for (const page of [pay, late]) {
        site.world.edit(page, `<p>${secret}</p>`)
        page.version = { ...page.version, createdAt: itsNow }
      }
    }
    const tried = await attack({
      world: site.world,
      flavour,
      faults: [meanwhile(listingOf(flavour, site.hr), change, 2)],
      meddle: ({ headers }) => void Object.assign(headers, { date: itsNow.toUTCString() }),
    })
    expect(titlesWith(tried, secret)).toContain('Late')
    for (const title of titlesWith(tried, secret)) expect(readersOf(tried, title).groups).toEqual([])
  })

  it('of a page that moves below a closed one before its body is fetched', async () => {
    const site = wiki()
    const closed = site.world.addPage(site.home, 'Closed', { read: [site.world.crawler] })
    const pay = site.world.addPage(site.home, 'Pay', { body: macro('children') })
    const tried = await attack({
      world: site.world,
      flavour,
      settings: { cql: 'type = page' },
      faults: [
        meanwhile(flavour === 'cloud' ? 'GET /wiki/api/v2/pages?*id=' : 'GET /rest/api/content?*ids=', () => {
          site.world.move(pay, closed)
          site.world.edit(pay, `<p>${secret}</p>`)
        }),
      ],
    })
    for (const title of titlesWith(tried, secret)) expect(readersOf(tried, title).groups).toEqual([])
  })
})

describe.each(flavours)('a whole wiki that was written a moment ago (%s)', (flavour) => {
  it('costs a look or two at what is above its pages, not at each page', async () => {
    const site = wiki()
    const above = site.world.addPage(site.home, 'Above', { createdAt: new Date() })
    for (let page = 0; page < 100; page++)
      site.world.addPage(above, `Page ${page}`, {
        createdAt: new Date(),
        body: page % 9 === 0 ? macro('children') : '',
      })
    const { job, stats } = await attack({ world: site.world, flavour })
    expect(job.coverage).toMatchObject({ found: 102, done: 102 })
    expect(stats.requests).toBeLessThan(50)
  })
})

describe('a search index that lags behind', () => {
  it('does not open a new page below one whose restriction it has not heard of', async () => {
    const site = wiki()
    const above = site.world.addPage(site.home, 'Above', { read: [site.world.crawler] })
    const fresh = site.world.addPage(above, 'New', { body: `<p>${secret}</p>`, createdAt: new Date() })
    const tried = await attack({
      world: site.world,
      flavour: 'cloud',
      meddle({ path, body }) {
        if (!path.includes('/content/search')) return
        const list = body as { results: { id: string; restrictions: Record<string, unknown> }[] }
        list.results = list.results.filter(({ id }) => id !== fresh.id)
        for (const found of list.results)
          if (found.id === above.id) found.restrictions.read = list.results[0]!.restrictions.read
      },
    })
    expect(titlesWith(tried, secret)).toEqual(['New'])
    expect(readersOf(tried, 'New').groups).toEqual([])
  })
})

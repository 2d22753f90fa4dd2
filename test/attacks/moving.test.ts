import { describe, expect, it } from 'vitest'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import {
  attack,
  flavours,
  include,
  listingOf,
  macro,
  meanwhile,
  pageLink,
  parameter,
  readersOf,
  secret,
  titlesWith,
  wiki,
} from './scene.ts'

describe.each(flavours)('an administrator who moves things while %s is read', (flavour) => {
  function twoSpaces() {
    const site = wiki()
    const shut = site.world.addSpace('SHT', 'Shut')
    site.world.grant(shut, site.world.crawler, ADMINISTER)
    const vault = site.world.addPage(shut, 'Vault')
    return { ...site, shut, vault }
  }

  it('does not take the readers of the old space along into the new one', async () => {
    const site = twoSpaces()
    const page = site.world.addPage(site.home, 'Pay', { body: '<p>Soon.</p>', labels: ['red'] })
    const change = () => {
      site.world.move(page, site.vault)
      site.world.edit(page, `<p>${secret}</p>`)
      page.version = { ...page.version, createdAt: new Date() }
    }
    for (const on of [
      listingOf(flavour, site.hr),
      flavour === 'cloud' ? 'GET /wiki/api/v2/pages?*id=' : 'GET /rest/api/content?*ids=',
    ]) {
      const tried = await attack({
        world: site.world,
        flavour,
        settings: { labels: ['red'] },
        faults: [meanwhile(on, change)],
      })
      for (const title of titlesWith(tried, secret)) expect(readersOf(tried, title).groups).toEqual([])
    }
  })

  it('gets no text out of the new space by an include in the old one', async () => {
    const site = twoSpaces()
    const page = site.world.addPage(site.home, 'Pay', { body: '<p>Soon.</p>' })
    site.world.addPage(site.home, 'Outer', {
      body: include('Pay') + macro('excerpt-include', parameter('', pageLink('Pay'))),
    })
    const change = () => {
      site.world.move(page, site.vault)
      site.world.edit(
        page,
        `<p>${secret}</p>${macro('excerpt', `<ac:rich-text-body>${secret}</ac:rich-text-body>`)}`,
      )
    }
    const on = flavour === 'cloud' ? `GET /wiki/api/v2/pages?id=${page.id}` : 'GET /rest/api/content?*ids='
    const tried = await attack({
      world: site.world,
      flavour,
      settings: { spaces: ['HR'] },
      faults: [meanwhile(on, change)],
    })
    expect(titlesWith(tried, secret)).toEqual([])
  })

  it('loses what is above a page: then nobody is let in', async () => {
    const site = wiki()
    const above = site.world.addPage(site.home, 'Above', { id: '900000', read: [site.world.crawler] })
    site.world.addPage(above, 'Low', { id: '100000', body: `<p>${secret}</p>` })
    const tried = await attack({
      world: site.world,
      flavour,
      settings: { max_num_of_docs_from_each_space: 2 },
      meddle(said) {
        if (new RegExp(`/${above.id}(\\?|/|$)`).test(said.path))
          Object.assign(said, { status: 404, body: { message: 'No.' } })
        const list = said.body as { results?: { id: string }[] }
        if (Array.isArray(list?.results)) list.results = list.results.filter(({ id }) => id !== above.id)
      },
    })
    for (const title of titlesWith(tried, secret))
      expect(readersOf(tried, title)).toEqual({ users: [], groups: [], status: 'unknown' })
  })

  it('makes a circle of the tree: then nobody is let in, and the run ends', async () => {
    const site = wiki()
    const one = site.world.addPage(site.home, 'One', {
      body: `<p>${secret}</p>${macro('children', parameter('all', 'true'))}`,
    })
    const two = site.world.addPage(one, 'Two')
    const tried = await attack({
      world: site.world,
      flavour,
      meddle({ body }) {
        const list = body as {
          results?: { id: string; parentId?: string; parentType?: string; ancestors?: unknown[] }[]
        }
        for (const item of Array.isArray(list?.results) ? list.results : []) {
          if (item.id === one.id)
            Object.assign(
              item,
              item.ancestors
                ? { ancestors: [{ id: two.id, type: 'page' }] }
                : { parentId: two.id, parentType: 'page' },
            )
        }
      },
    })
    for (const title of titlesWith(tried, secret)) expect(readersOf(tried, title).groups).toEqual([])
    expect(tried.job.coverage.done).toBeGreaterThan(0)
  })

  it('opens a space to visitors of a closed site: that serves nobody outside', async () => {
    const site = wiki()
    const fair = site.world.addSpace('FAIR', 'Fair')
    site.world.grant(fair, 'anonymous-users', VIEW)
    site.world.grant(fair, site.world.crawler, ADMINISTER)
    site.world.addPage(fair, 'Stall')
    const tried = await attack({ world: site.world, flavour })
    const { groups } = readersOf(tried, 'Stall')
    expect(groups).toContain('AUTHENTICATED_USERS')
    expect(groups).not.toContain('ANONYMOUS_USERS')
  })

  it('tells in the rules of a page nothing that its readers may not know', async () => {
    const site = wiki()
    const closed = site.world.addPage(site.home, `${secret} plans`, { read: [site.board] })
    site.world.addPage(closed, 'Below')
    site.world.addPage(site.home, 'Beside', { update: [site.amy, site.world.crawler] })
    const tried = await attack({ world: site.world, flavour })
    expect(titlesWith(tried, secret)).toEqual(['Below', `${secret} plans`])
    expect(readersOf(tried, 'Below')).toEqual(readersOf(tried, `${secret} plans`))
  })
})

import { describe, expect, it } from 'vitest'
import { startSmallSite } from '../../../test/support/small-site.ts'

async function siteOf(pages: number) {
  const site = await startSmallSite()
  for (let page = 0; page < pages; page += 1)
    site.world.addPage(site.hr, `Page ${page}`, { body: '<p>x</p>' })
  return site
}

const startOf = (link: string) => Number(new URL(link, 'http://any').searchParams.get('start'))

describe('listings by start and limit on Data Center', () => {
  it('are capped without a word, and the next link then skips', async () => {
    const site = await siteOf(120)
    const path = '/rest/api/content/search?cql=space=HR%20and%20type=page&expand=body.storage&limit=100'
    const first = await site.get(path)
    expect(first).toMatchObject({ start: 0, limit: 50, size: 50 })
    expect(startOf(first._links.next)).toBe(100)
    const counted = await site.get(`${path}&start=50`)
    expect(counted.results[0].title).toBe('Page 46')
    await site.close()
  })

  it('are right as long as nothing is capped', async () => {
    const site = await siteOf(20)
    const seen: string[] = []
    let path = '/rest/api/space/HR/content/page?limit=5'
    for (let page = 0; page < 4; page += 1) {
      const answer = await site.get(path)
      seen.push(...answer.results.map(({ id }: { id: string }) => id))
      path = answer._links.next
    }
    expect(new Set(seen).size).toBe(20)
    await site.close()
  })

  it('of content never end: behind the last full page there is an empty one with a next link', async () => {
    const site = await siteOf(0)
    const last = await site.get('/rest/api/content?spaceKey=HR&limit=4')
    expect(last.size).toBe(4)
    const empty = await site.get(last._links.next)
    expect(empty).toMatchObject({ size: 0, results: [] })
    expect(empty._links.next).toBeDefined()
    await site.close()
  })

  it('of spaces are capped, and the next link then repeats', async () => {
    const site = await startSmallSite({ traps: { spaceListSize: 4 } })
    for (let space = 0; space < 6; space += 1)
      site.world.grant(site.world.addSpace(`S${space}`, `Space ${space}`), site.world.crawler, [
        { key: 'read', targetType: 'space' },
      ])
    const first = await site.get('/rest/api/space?limit=100')
    expect(first).toMatchObject({ limit: 4, size: 4 })
    expect(startOf(first._links.next)).toBe(2)
    const rest = await site.get('/rest/api/space?limit=100&start=4')
    expect(rest.results.map(({ key }: { key: string }) => key)).toEqual(['S3', 'S4', 'S5'])
    expect(rest._links.next).toBeUndefined()
    await site.close()
  })

  it('of spaces can be chosen by key, type and status', async () => {
    const site = await startSmallSite()
    const read = [{ key: 'read', targetType: 'space' }]
    site.world.grant(site.world.addSpace('~amy', 'Amy', { type: 'personal' }), site.world.crawler, read)
    site.world.grant(site.world.addSpace('OLD', 'Old', { status: 'archived' }), site.world.crawler, read)
    site.world.addSpace('HID', 'Hidden')
    const keys = async (query: string) =>
      (await site.get(`/rest/api/space?${query}`)).results.map(({ key }: { key: string }) => key)
    expect(await keys('')).toEqual(['HR', '~amy', 'OLD'])
    expect(await keys('spaceKey=hr&spaceKey=~amy&spaceKey=HID')).toEqual(['HR', '~amy'])
    expect(await keys('type=personal')).toEqual(['~amy'])
    expect(await keys('status=archived')).toEqual(['OLD'])
    const home = await site.get('/rest/api/space/HR?expand=homepage,description.plain')
    expect([home.homepage.id, home.description.plain.value]).toEqual([site.home.id, 'All about people'])
    await site.close()
  })
})

describe('search on Data Center', () => {
  it('finds by CQL, with totals on the site-wide search', async () => {
    const site = await siteOf(3)
    const found = await site.get('/rest/api/search?cql=type=page%20and%20label=home')
    expect(found).toMatchObject({ totalSize: 1, cqlQuery: 'type=page and label=home' })
    expect(found.results[0]).toMatchObject({
      title: 'People Home',
      entityType: 'content',
      content: { id: site.home.id },
    })
    expect(await site.status('/rest/api/content/search?cql=space=')).toBe(400)
    expect(await site.status('/rest/api/content/search')).toBe(400)
    await site.close()
  })

  it('sees a page only as far as restrictions above its folder allow', async () => {
    const site = await siteOf(0)
    const folder = site.world.addFolder(site.pay, 'Inner drawer')
    site.world.addPage(folder, 'Deep secret')
    const titlesFor = async (user: typeof site.ben) =>
      (await site.get('/rest/api/content/search?cql=title=%22Deep%20secret%22', user)).results.length
    expect([await titlesFor(site.ben), await titlesFor(site.amy)]).toEqual([0, 1])
    await site.close()
  })
})

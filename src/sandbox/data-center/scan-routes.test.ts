import { describe, expect, it } from 'vitest'
import { startSmallSite } from '../../../test/support/small-site.ts'

type Site = Awaited<ReturnType<typeof startSmallSite>>

async function withSite(options: Parameters<typeof startSmallSite>[0], test: (site: Site) => Promise<void>) {
  const site = await startSmallSite(options)
  try {
    await test(site)
  } finally {
    await site.close()
  }
}

const ids = (answer: { results: { id: string }[] }) => answer.results.map(({ id }) => id)

describe('content/scan', () => {
  it('walks by id, its links keeping every parameter, and ends without a next link', () =>
    withSite({ contextPath: '/wiki' }, async (site) => {
      const first = await site.get('/rest/api/content/scan?spaceKey=HR&limit=3&expand=version')
      expect(first).toMatchObject({ cursor: 'content:false:null', limit: 3, size: 3 })
      expect(first.nextCursor).toBe(`content:false:${ids(first)[2]}`)
      expect(first.prevCursor).toBeUndefined()
      const next = new URL(first._links.next, 'http://any')
      expect(next.pathname).toBe('/rest/api/content/scan')
      expect(Object.fromEntries(next.searchParams)).toMatchObject({
        spaceKey: 'HR',
        limit: '3',
        expand: 'version',
      })
      const second = await site.get(first._links.next)
      expect(second.results[0].version.number).toBe(1)
      expect([...ids(first), ...ids(second)]).toEqual([
        site.home.id,
        site.pay.id,
        site.bonus.id,
        site.inFolder.id,
      ])
      expect([second.nextCursor, second._links.next]).toEqual([undefined, undefined])
    }))

  it('walks backwards by the previous cursor', () =>
    withSite({}, async (site) => {
      const first = await site.get('/rest/api/content/scan?spaceKey=HR&limit=2')
      const second = await site.get(first._links.next)
      expect(second.prevCursor).toBe(`content:true:${site.bonus.id}`)
      const back = await site.get(second._links.prev)
      expect(ids(back)).toEqual(ids(first))
      expect([back.prevCursor, back.nextCursor]).toEqual([undefined, first.nextCursor])
    }))

  it('carries 50 with bodies, 200 with other expansions, 1,000 with none, whatever is asked for', () =>
    withSite({}, async (site) => {
      for (let page = 0; page < 1100; page += 1)
        site.world.addPage(site.hr, `Page ${page}`, { body: '<p>x</p>' })
      const sizes = async (expand: string) => {
        const answer = await site.get(`/rest/api/content/scan?spaceKey=HR&limit=5000${expand}`)
        return [answer.limit, answer.size]
      }
      expect(await sizes('&expand=body.storage,version')).toEqual([50, 50])
      expect(await sizes('&expand=version')).toEqual([200, 200])
      expect(await sizes('')).toEqual([1000, 1000])
    }))

  it('fills its pages with what the caller may read', () =>
    withSite({}, async (site) => {
      const answer = await site.get('/rest/api/content/scan?limit=2', site.ben)
      expect(ids(answer)).toEqual([site.home.id, site.inFolder.id])
      expect(answer._links.next).toBeUndefined()
    }))

  it('merges all spaces by id when none is named', () =>
    withSite({}, async (site) => {
      const other = site.world.addSpace('IT', 'Machines')
      site.world.grant(other, site.world.crawler, [{ key: 'read', targetType: 'space' }])
      const added = [other, site.hr, other].map((space, index) => site.world.addPage(space, `More ${index}`))
      const seen: string[] = []
      for (let path = '/rest/api/content/scan?limit=2'; path !== undefined; ) {
        const answer = await site.get(path)
        seen.push(...ids(answer))
        path = answer._links.next
      }
      const old = [site.home.id, site.pay.id, site.bonus.id, site.inFolder.id]
      expect(seen).toEqual([...old, ...added.map(({ id }) => id)])
    }))

  it('refuses cursors and statuses that it does not know', () =>
    withSite({}, async (site) => {
      expect(await site.status('/rest/api/content/scan?cursor=content:maybe:1')).toBe(400)
      expect(await site.status('/rest/api/content/scan?type=space')).toBe(400)
    }))

  it('is there for pages from 7.18 on, for posts and comments from 8.3 on', async () => {
    const statuses = async (version: string) => {
      const found: number[] = []
      await withSite({ version }, async (site) => {
        for (const type of ['page', 'blogpost', 'comment'])
          found.push(await site.status(`/rest/api/content/scan?spaceKey=HR&type=${type}`))
      })
      return found
    }
    // Before 7.18 `scan` is taken for an id.
    expect(await statuses('7.17.5')).toEqual([404, 404, 404])
    expect(await statuses('7.18.0')).toEqual([200, 400, 400])
    expect(await statuses('8.3')).toEqual([200, 200, 200])
  })
})

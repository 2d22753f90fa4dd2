import { afterEach, describe, expect, it } from 'vitest'
import { startSmallSite } from '../../../test/support/small-site.ts'
import { generatedWorld } from '../generated.ts'
import type { SandboxOptions } from '../server.ts'
import type { Fault } from './fault.ts'
import { createFaults } from './faults.ts'
import { parseFault } from './grammar.ts'

type Site = Awaited<ReturnType<typeof startSmallSite>>
const open: Site[] = []

async function siteWith(
  faults: readonly (string | Fault)[],
  options: Partial<SandboxOptions> = {},
): Promise<Site> {
  const parsed = faults.map((fault) => (typeof fault === 'string' ? parseFault(fault) : fault))
  const site = await startSmallSite({ ...options, faults: parsed })
  open.push(site)
  return site
}

afterEach(() => Promise.all(open.splice(0).map((site) => site.close())))

const space = '/rest/api/space/HR'

async function statuses(site: Site, count: number, path = space): Promise<number[]> {
  const found: number[] = []
  for (let request = 0; request < count; request += 1) found.push(await site.status(path))
  return found
}

describe('when a fault strikes', () => {
  it('is said by pattern, number and count', async () => {
    const site = await siteWith(['503:2@/rest/api/space*HR,from=2'])
    expect(await site.status('/rest/api/group')).toBe(200)
    expect(await statuses(site, 5)).toEqual([200, 503, 503, 200, 200])
  })

  it('is said by the running number of the request, whatever it asks for', async () => {
    const site = await siteWith(['502:1,from=3', '500:1,from=5'])
    const paths = [space, '/rest/api/group', space, space, '/rest/api/group', space]
    const seen: number[] = []
    for (const path of paths) seen.push(await site.status(path))
    expect(seen).toEqual([200, 200, 502, 200, 500, 200])
  })

  it('looks at the decoded query as well, letter case aside', async () => {
    const site = await siteWith(['403@spacekey=hr'])
    expect(await site.status('/rest/api/content?limit=1&spaceKey=HR')).toBe(403)
    expect(await site.status('/rest/api/content?limit=1')).toBe(200)
  })

  it('is left to chance that is the same in every run', async () => {
    const seen = async (seed: number) => statuses(await siteWith([`500,probability=0.5,seed=${seed}`]), 24)
    const first = await seen(3)
    expect(await seen(3)).toEqual(first)
    expect(await seen(4)).not.toEqual(first)
    expect(new Set(first)).toEqual(new Set([200, 500]))
  })

  it('can be decided while the sandbox runs, and undone', async () => {
    const site = await siteWith([])
    const remove = site.addFault({ effect: { kind: 'status', status: 502 } })
    expect(await site.status(space)).toBe(502)
    remove()
    expect(await site.status(space)).toBe(200)
  })

  it('comes before the sign-in and spares the sandbox’s own routes', async () => {
    const site = await siteWith(['503'])
    expect(await site.status(space, null)).toBe(503)
    expect(await site.status('/_sandbox/stats', null)).toBe(200)
  })
})

describe('refusals', () => {
  it('ask for patience in seconds, by date, for ever, or not at all', async () => {
    const retryAfter = async (fault: string) => {
      const site = await siteWith([fault])
      const answer = await site.fetch(space)
      expect(answer.status).toBe(429)
      return answer.headers.get('retry-after')
    }
    expect(await retryAfter('429,retry-after=7')).toBe('7')
    expect(await retryAfter('429,retry-after=never')).toBe('9223372036854775807')
    expect(await retryAfter('429,retry-after=none')).toBeNull()
    const date = Date.parse((await retryAfter('429,retry-after=date:60')) ?? '')
    expect(Math.abs(date - Date.now() - 60_000)).toBeLessThan(3000)
  })

  it('come in HTML from proxies and in JSON from Confluence', async () => {
    const types = async (status: number) => {
      const site = await siteWith([String(status)])
      return (await site.fetch(space)).headers.get('content-type')
    }
    expect(await types(504)).toContain('text/html')
    expect(await types(500)).toContain('application/json')
  })

  it('may look like success: a login page with 200', async () => {
    const site = await siteWith(['login'])
    const answer = await site.fetch(space)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('os_password')
  })

  it('refuse a token that expires from some request on', async () => {
    const site = await siteWith(['401,from=3'])
    expect(await statuses(site, 4)).toEqual([200, 200, 401, 401])
  })

  it('come when a quota is used up, whose headers ran low before', async () => {
    const cloud = await siteWith(['quota,limit=5,seconds=30'], { flavour: 'cloud' })
    const seen: (string | null)[][] = []
    for (let request = 0; request < 6; request += 1) {
      const { status, headers } = await cloud.fetch('/wiki/api/v2/spaces', null)
      seen.push([String(status), headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-nearlimit')])
      if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(seen.map(([, remaining]) => remaining)).toEqual(['4', '3', '2', '1', '0', '0'])
    expect(seen.at(-1)).toEqual(['429', '0', 'true'])
    const server = await siteWith(['quota,limit=5,seconds=30'])
    const { headers } = await server.fetch(space)
    expect(headers.get('x-ratelimit-interval-seconds')).toBe('30')
    expect(headers.get('x-ratelimit-fillrate')).toBe('5')
  })
})

describe('broken answers', () => {
  it('reset the connection after half of the body', async () => {
    const site = await siteWith(['reset:1'])
    const answer = await site.fetch(space)
    expect(answer.status).toBe(200)
    await expect(answer.text()).rejects.toThrow()
    expect(await site.status(space)).toBe(200)
  })

  it('end in the middle of their JSON', async () => {
    const site = await siteWith(['truncate:1'])
    const text = await (await site.fetch(space)).text()
    expect(text).toMatch(/^\{"id":/)
    expect(() => JSON.parse(text)).toThrow()
  })

  it('never come', async () => {
    const site = await siteWith(['hang:1'])
    await expect(site.fetch(space, undefined, { signal: AbortSignal.timeout(150) })).rejects.toThrow()
    expect(await site.status(space)).toBe(200)
  })

  it('come late, all of them or some', async () => {
    const site = await siteWith(['slow,ms=120@/group'], { latencyMs: 40 })
    const took = async (path: string) => {
      const began = performance.now()
      await site.status(path)
      return performance.now() - began
    }
    expect(await took(space)).toBeGreaterThanOrEqual(39)
    expect(await took('/rest/api/group')).toBeGreaterThanOrEqual(159)
  })

  it('are a time-out of the proxy when they would carry too many bodies', async () => {
    const site = await siteWith(['heavy,bodies=2'])
    const scan = (limit: number, expand: string) =>
      site.status(`/rest/api/content/scan?spaceKey=HR&limit=${limit}&expand=${expand}`)
    expect([await scan(3, 'body.storage'), await scan(2, 'body.storage'), await scan(3, 'version')]).toEqual([
      504, 200, 200,
    ])
  })
})

describe('listings that do not add up', () => {
  const scan = '/rest/api/content/scan?spaceKey=HR&limit=2'
  const pages = '/wiki/api/v2/pages?limit=2'

  it('name their own cursor as the next one', async () => {
    const site = await siteWith(['repeat-cursor'])
    const first = await site.get(scan)
    const second = await site.get(first._links.next)
    expect([second._links.next, second.nextCursor]).toEqual([first._links.next, first.nextCursor])
  })

  it('say so in the link header of Cloud too', async () => {
    const site = await siteWith(['repeat-cursor'], { flavour: 'cloud' })
    site.world.anonymousAccess = true
    site.world.grant(site.hr, 'anonymous-users', [{ key: 'read', targetType: 'space' }])
    for (const title of ['One', 'Two', 'Three']) site.world.addPage(site.hr, title)
    const first = (await (await site.fetch(pages, null)).json()) as { _links: { next: string } }
    const again = await site.fetch(first._links.next, null)
    const cursorOf = (link: string) => new URL(link, 'http://any').searchParams.get('cursor')
    const [, linked = ''] = /<([^>]+)>; rel="next"/.exec(again.headers.get('link') ?? '') ?? []
    expect(cursorOf(linked)).toBe(cursorOf(first._links.next))
    expect(again.headers.get('link')).toContain('rel="base"')
  })

  it('put an empty page before a page behind a cursor, and lose nothing', async () => {
    const site = await siteWith(['empty-page'])
    const sizes: number[] = []
    const ids: string[] = []
    for (let path: string | undefined = scan; path !== undefined; ) {
      const answer = await site.get(path)
      sizes.push(answer.size)
      ids.push(...answer.results.map(({ id }: { id: string }) => id))
      path = answer._links.next
    }
    expect(sizes).toEqual([0, 2, 0, 2])
    expect(ids).toEqual([site.home.id, site.pay.id, site.bonus.id, site.inFolder.id])
  })

  /** Ids of each page of a list in turn. */
  async function idsOf(site: Site, first: string): Promise<string[][]> {
    const pages: string[][] = []
    for (let path: string | undefined = first; path !== undefined; ) {
      const { results, size, _links } = await site.get(path)
      pages.push(
        results.map(({ id, content }: { id?: string; content?: { id: string } }) => id ?? content?.id),
      )
      expect(size).toBe(results.length)
      path = _links.next
    }
    return pages
  }

  it('name the last item of a page again at the head of the next', async () => {
    const site = await siteWith(['repeat-item:1@/scan'])
    const { home, pay, bonus, inFolder } = site
    const twice = [
      [home.id, pay.id],
      [pay.id, bonus.id, inFolder.id],
    ]
    expect(await idsOf(site, scan)).toEqual(twice)
    expect(await idsOf(site, scan)).not.toEqual(twice)
  })

  it('name an item twice also where pages go by start', async () => {
    const site = await siteWith(['repeat-item:1@/group'])
    const names = async (start: number) =>
      (await site.get(`/rest/api/group?limit=1&start=${start}`)).results.map(
        ({ name }: { name: string }) => name,
      )
    const [first] = await names(0)
    expect((await names(1))[0]).toBe(first)
    expect((await names(1))[0]).not.toBe(first)
  })

  it('name nothing twice once the fault is taken away', async () => {
    const site = await siteWith([])
    const takeAway = site.addFault(parseFault('repeat-item:1@/group'))
    const names = async (start: number) =>
      (await site.get(`/rest/api/group?limit=1&start=${start}`)).results.map(
        ({ name }: { name: string }) => name,
      )
    const [first] = await names(0)
    takeAway()
    expect((await names(1))[0]).not.toBe(first)
  })

  it('leave out the item in their middle, once or always', async () => {
    const site = await siteWith(['omit:1@/scan'])
    const { home, bonus, inFolder } = site
    expect(await idsOf(site, scan)).toEqual([[home.id], [bonus.id, inFolder.id]])
    site.addFault(parseFault('omit@/scan'))
    expect(await idsOf(site, scan)).toEqual([[home.id], [bonus.id]])
  })

  it('leave out one page, in the index alone', async () => {
    const site = await siteWith([])
    site.addFault(parseFault(`omit@/search,item=${site.pay.id}`))
    const found = async (path: string) => (await idsOf(site, path)).flat()
    const cql = `cql=${encodeURIComponent('space = HR and type = page')}`
    for (const path of [`/rest/api/content/search?${cql}`, `/rest/api/search?${cql}`]) {
      expect(await found(path)).toContain(site.home.id)
      expect(await found(path)).not.toContain(site.pay.id)
    }
    expect(await found(scan)).toContain(site.pay.id)
  })

  it('count their start one too far', async () => {
    const site = await siteWith(['wrong-start'])
    const first = await site.get('/rest/api/group?limit=1')
    expect(first._links.next).toContain('start=2')
  })
})

describe('what happens meanwhile', () => {
  const readersOf = (site: Site) => site.status(`/rest/api/content/${site.home.id}`, site.ben)

  it('is a restriction without a new version', async () => {
    const site = await siteWith([])
    const before = await site.get(`/rest/api/content/${site.home.id}`)
    site.addFault({ effect: { kind: 'restrict', page: site.home.id }, on: '/group' })
    expect(await readersOf(site)).toBe(200)
    await site.status('/rest/api/group')
    expect(await readersOf(site)).toBe(404)
    expect((await site.get(`/rest/api/content/${site.home.id}`)).version).toEqual(before.version)
  })

  it('is a space that nobody may see any more', async () => {
    const site = await siteWith(['revoke,space=HR,from=2'])
    expect(await statuses(site, 3)).toEqual([200, 404, 404])
  })

  it('is refused at once where it cannot happen', async () => {
    const site = await siteWith([])
    const impossible = expect.objectContaining({ code: 'sandbox.fault.impossible' })
    expect(() => site.addFault(parseFault('restrict,page=1'))).toThrowError(impossible)
    expect(() => site.addFault(parseFault('revoke,space=HQ'))).toThrowError('no space with the key HQ')
    const world = generatedWorld({ pages: 5, spaces: 1 })
    const { id } = world.list(world.spaces[0]!.id, 'page').at(0)
    const effect = { kind: 'restrict', page: id } as const
    expect(() => createFaults({ world, faults: [{ effect }], flavour: 'cloud' })).toThrowError(impossible)
  })

  it('is anything a test can do to the world, once', async () => {
    const site = await siteWith([])
    let changes = 0
    site.addFault({
      effect: {
        kind: 'change',
        change: () => {
          changes += 1
        },
      },
    })
    await statuses(site, 2)
    expect(changes).toBe(1)
  })
})

import { describe, expect, it } from 'vitest'
import { startSmallSite } from '../../test/support/small-site.ts'
import type { Stats } from './stats.ts'

type Site = Awaited<ReturnType<typeof startSmallSite>>

const basic = (name: string, secret: string) => ({
  headers: { authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}` },
})

/** Their own routes stand at the root of the site, whatever Confluence's context path is. */
const statsUrl = (site: Site) => `${new URL(site.url).origin}/_sandbox/stats`
const readStats = async (site: Site) => (await (await fetch(statsUrl(site))).json()) as Stats

describe('the statistics of a sandbox', () => {
  it('count requests by route, method and status, and what was sent', async () => {
    const site = await startSmallSite({ contextPath: '/wiki' })
    await site.status(`/rest/api/content/${site.home.id}?expand=version`)
    await site.status('/rest/api/content/1')
    await site.status('/nowhere')
    const stats = await readStats(site)
    expect(stats).toMatchObject({ requests: 3, byMethod: { GET: 3 }, byStatus: { 200: 1, 404: 2 } })
    const route = '/wiki/rest/api/content/:id'
    expect(stats.byRoute).toEqual([
      { route, method: 'GET', status: 200, requests: 1 },
      { route, method: 'GET', status: 404, requests: 1 },
      { route: 'unknown', method: 'GET', status: 404, requests: 1 },
    ])
    expect(stats.bytesSent).toBeGreaterThan(1000)
    expect(stats.connections.site).toBeGreaterThanOrEqual(1)
    await site.close()
  })

  it('keep the latest requests one by one, as many as they are told to', async () => {
    const site = await startSmallSite({ keepRequests: 2, contextPath: '/wiki' })
    await site.status('/rest/api/space')
    await site.status('/rest/api/space/%48R?expand=a,b&expand=c')
    await site.status('/rest/api/group')
    const { requests, recorded } = await readStats(site)
    expect(requests).toBe(3)
    expect(recorded).toMatchObject([
      {
        method: 'GET',
        path: '/wiki/rest/api/space/%48R',
        query: [
          ['expand', 'a,b'],
          ['expand', 'c'],
        ],
        route: '/wiki/rest/api/space/:key',
        status: 200,
        origin: 'site',
      },
      { path: '/wiki/rest/api/group', query: [] },
    ])
    await site.close()
  })

  it('name who signed in where, and never keep a secret', async () => {
    const site = await startSmallSite()
    const { username, password, personalAccessToken } = site.amy
    await site.fetch('/rest/api/space', null, basic(username, password))
    await site.fetch('/rest/api/space', site.amy)
    await site.fetch('/rest/api/space', site.amy)
    await site.fetch('/rest/api/space', null)
    await fetch(`${site.mediaUrl}/anything`, { headers: { authorization: `Bearer ${personalAccessToken}` } })
    const stats = await readStats(site)
    const token = expect.stringMatching(/^Bearer #[0-9a-f]{8}$/)
    expect(stats.credentials).toEqual([
      { origin: 'site', credential: `Basic ${username}`, requests: 1 },
      { origin: 'site', credential: token, requests: 2 },
      { origin: 'site', credential: 'none', requests: 1 },
      { origin: 'media', credential: token, requests: 1 },
    ])
    const text = JSON.stringify(stats)
    expect(text).not.toContain(password)
    expect(text).not.toContain(personalAccessToken)
    await site.close()
  })

  it('count what was never answered, with status 0', async () => {
    const site = await startSmallSite({ faults: [{ effect: { kind: 'hang' } }] })
    await expect(site.fetch('/rest/api/space', null, { signal: AbortSignal.timeout(100) })).rejects.toThrow()
    await expect.poll(() => site.stats.read().byStatus).toEqual({ 0: 1 })
    await site.close()
  })

  it('do not count themselves, and start again when they are deleted', async () => {
    const site = await startSmallSite()
    await site.status('/rest/api/space')
    await readStats(site)
    expect((await readStats(site)).requests).toBe(1)
    expect((await fetch(statsUrl(site), { method: 'DELETE' })).status).toBe(204)
    expect(site.stats.read()).toMatchObject({ requests: 0, byRoute: [], recorded: [] })
    await site.close()
  })
})

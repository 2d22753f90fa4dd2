import { describe, expect, it } from 'vitest'
import { startSmallSite } from '../../../test/support/small-site.ts'

type Site = Awaited<ReturnType<typeof startSmallSite>>

const basic = (name: string, password: string) => ({
  headers: { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` },
})
const whoAmI = (site: Site, init: RequestInit) => site.fetch('/rest/api/user/current', null, init)

describe('signing in to Data Center', () => {
  it('takes a personal access token, or a user name and password, and says who was signed in', async () => {
    const site = await startSmallSite()
    const byToken = await site.fetch('/rest/api/user/current')
    expect(await byToken.json()).toMatchObject({ type: 'known', username: 'crawler' })
    const { username, password } = site.amy
    const byPassword = await whoAmI(site, basic(username, password))
    expect(byPassword.headers.get('x-ausername')).toBe('amy.adams')
    expect(byPassword.headers.get('x-seraph-loginreason')).toBe('OK')
    await site.close()
  })

  it('refuses what is wrong with 401 and a page, never as anonymous', async () => {
    const site = await startSmallSite()
    const refusals = [
      basic(site.amy.username, 'guess'),
      basic(site.amy.email, site.amy.password),
      { headers: { authorization: 'Bearer guess' } },
      { headers: { authorization: 'Digest username=amy' } },
    ]
    for (const init of refusals) {
      const refused = await whoAmI(site, init)
      expect(refused.status).toBe(401)
      expect(refused.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED')
      expect(refused.headers.get('content-type')).toContain('text/html')
    }
    site.world.deactivate(site.ben)
    expect((await site.fetch('/rest/api/user/current', site.ben)).status).toBe(401)
    await site.close()
  })

  it('asks for a CAPTCHA after too many wrong passwords, which then even the right one does not pass', async () => {
    const site = await startSmallSite({ traps: { captchaAfter: 2 } })
    const { username, password } = site.amy
    const reason = async (secret: string) =>
      (await whoAmI(site, basic(username, secret))).headers.get('x-seraph-loginreason')
    expect(await reason('wrong')).toBe('AUTHENTICATED_FAILED')
    expect(await reason(password)).toBe('OK')
    await reason('wrong')
    expect(await reason('wrong')).toBe('AUTHENTICATION_DENIED')
    expect(await reason(password)).toBe('AUTHENTICATION_DENIED')
    expect((await whoAmI(site, basic(site.ben.username, site.ben.password))).status).toBe(200)
    expect((await site.fetch('/rest/api/user/current', site.amy)).status).toBe(200)
    await site.close()
  })

  it('does not look at tokens before 7.9: their owner is an anonymous visitor', async () => {
    const site = await startSmallSite({ version: '7.8' })
    expect(await site.status('/rest/api/user/current')).toBe(401)
    site.world.anonymousAccess = true
    expect(await site.get('/rest/api/user/current')).toMatchObject({ type: 'anonymous' })
    await site.close()
  })

  it('lets visitors in where site and space both do, and shows them no users', async () => {
    const site = await startSmallSite()
    expect(await site.status('/rest/api/content', null)).toBe(401)
    site.world.anonymousAccess = true
    expect(await site.get('/rest/api/content', null)).toMatchObject({ size: 0 })
    site.world.grant(site.hr, 'anonymous-users', [{ key: 'read', targetType: 'space' }])
    expect(await site.get('/rest/api/content?spaceKey=HR', null)).toMatchObject({ size: 2 })
    expect(await site.status('/rest/api/group', null)).toBe(403)
    await site.close()
  })

  it('may take wrong credentials for a visitor, where that trap is set', async () => {
    const site = await startSmallSite({ traps: { anonymousDowngrade: true } })
    site.world.anonymousAccess = true
    const answer = await whoAmI(site, { headers: { authorization: 'Bearer expired' } })
    expect(await answer.json()).toMatchObject({ type: 'anonymous' })
    await site.close()
  })
})

describe('people on Data Center', () => {
  it('are found by key and by name, in groups, and in lists', async () => {
    const site = await startSmallSite()
    const { amy } = site
    expect(await site.get(`/rest/api/user?key=${amy.userKey}`)).toMatchObject({ username: 'amy.adams' })
    expect(await site.get('/rest/api/user?username=amy.adams')).toMatchObject({ userKey: amy.userKey })
    expect(await site.status('/rest/api/user?username=amy')).toBe(404)
    expect(await site.status('/rest/api/user')).toBe(400)
    expect((await site.get('/rest/api/user/list?limit=2')).results).toHaveLength(2)
    const groups = await site.get(`/rest/api/user/memberof?key=${amy.userKey}`)
    expect(groups.results).toMatchObject([{ name: 'confluence-users' }, { name: 'board/all members' }])
    await site.close()
  })

  it('are listed by group, whose name may hold a slash and a space', async () => {
    const site = await startSmallSite({ contextPath: '/wiki' })
    const members = await site.get('/rest/api/group/board%2Fall%20members/member?limit=1')
    expect(members.results).toMatchObject([{ username: 'amy.adams' }])
    const rest = await site.get(members._links.next)
    expect(rest.results).toMatchObject([{ username: 'crawler' }])
    expect(rest._links.next).toBeUndefined()
    expect(await site.get('/rest/api/group/confluence-users')).toMatchObject({ type: 'group' })
    expect(await site.status('/rest/api/group/unknown/member')).toBe(404)
    await site.close()
  })
})

describe('what Data Center says of itself', () => {
  it('stands under any context path, however it is written', async () => {
    for (const contextPath of ['', '/', '/wiki', 'wiki/', '/a/b']) {
      const site = await startSmallSite({ contextPath })
      expect((await site.get('/rest/api/space'))._links.base).toBe(site.url)
      await site.close()
    }
  })

  it('is a manifest for everybody, and from 9 on a resource for those signed in', async () => {
    const site = await startSmallSite({ version: '8.9.1', contextPath: '/docs' })
    const manifest = await site.fetch('/rest/applinks/1.0/manifest', null)
    expect(manifest.headers.get('content-type')).toContain('application/xml')
    expect(await manifest.text()).toContain('<typeId>confluence</typeId><version>8.9.1</version>')
    expect(await site.status('/rest/api/server-information')).toBe(404)
    await site.close()
    const newer = await startSmallSite({ version: '9.3.1' })
    expect(await newer.get('/rest/api/server-information')).toMatchObject({
      version: '9.3.1',
      baseUrl: newer.url,
    })
    expect(await newer.status('/rest/api/server-information', null)).toBe(403)
    await newer.close()
  })

  it('tells administrators what the site grants to anybody', async () => {
    const site = await startSmallSite()
    const admins = site.world.addGroup('confluence-administrators', [site.world.crawler], 'admin')
    expect(await site.get('/rest/api/permissions/anonymous')).toEqual([])
    site.world.anonymousAccess = true
    expect(await site.get('/rest/api/permissions/anonymous')).toHaveLength(1)
    site.world.leave(site.world.crawler, admins)
    expect(await site.status('/rest/api/permissions/anonymous')).toBe(403)
    await site.close()
  })

  it('is nothing at all for versions that it cannot be', async () => {
    for (const version of ['6.15', '7.3', '11.0', 'ten'])
      await expect(startSmallSite({ version })).rejects.toMatchObject({ code: 'sandbox.version.unknown' })
  })
})

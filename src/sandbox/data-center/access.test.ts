import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSmallSite } from '../../../test/support/small-site.ts'

type Site = Awaited<ReturnType<typeof startSmallSite>>

describe('restrictions on Data Center', () => {
  let site: Site
  beforeAll(async () => {
    site = await startSmallSite()
  })
  afterAll(() => site.close())

  it('are shown by operation, both at once or one page by page', async () => {
    const all = await site.get(`/rest/api/content/${site.pay.id}/restriction/byOperation`)
    expect(all.read.restrictions.group.results[0].name).toBe('board/all members')
    expect(all.update.restrictions.user.results).toMatchObject([
      { type: 'known', username: 'amy.adams', userKey: site.amy.userKey, displayName: 'Amy Adams' },
    ])
    const readers = Array.from({ length: 230 }, (_, index) => site.world.addUser(`Reader ${index}`))
    const page = site.world.addPage(site.hr, 'Many readers', { read: [...readers, site.world.crawler] })
    const path = `/rest/api/content/${page.id}/restriction/byOperation/read`
    expect((await site.get(path)).restrictions.user).toMatchObject({ start: 0, limit: 100, size: 100 })
    const last = await site.get(`${path}?start=200&limit=500`)
    expect(last.restrictions.user).toMatchObject({ start: 200, limit: 200, size: 31 })
  })

  it('are embedded up to the 200th principal, without a word', async () => {
    const readers = Array.from({ length: 250 }, (_, index) => site.world.addUser(`Editor ${index}`))
    const page = site.world.addPage(site.hr, 'Many editors', { read: [site.world.crawler, ...readers] })
    const expand = 'restrictions.read.restrictions.user'
    const { restrictions } = await site.get(`/rest/api/content/${page.id}?expand=${expand}`)
    expect(restrictions.read.restrictions.user).toMatchObject({ limit: 200, size: 200 })
  })

  it('go on naming a group that was deleted', async () => {
    const team = site.world.addGroup('short-lived', [site.world.crawler])
    const page = site.world.addPage(site.hr, 'Of the team', { read: [team, site.board] })
    site.world.deleteGroup(team)
    const { restrictions } = await site.get(`/rest/api/content/${page.id}/restriction/byOperation/read`)
    expect(restrictions.group.size).toBe(2)
  })

  it('from 9.3 on show with inherited ones, one entry for each restricting page', async () => {
    const path = `/rest/api/content/${site.bonus.id}/restriction/relevantViewRestrictions`
    const { viewContentRestrictions } = await site.get(path)
    expect(viewContentRestrictions.results).toMatchObject([
      { operation: 'read', restrictions: { group: { results: [{ name: 'board/all members' }] } } },
    ])
    const older = await startSmallSite({ version: '9.2' })
    expect(
      await older.status(`/rest/api/content/${older.bonus.id}/restriction/relevantViewRestrictions`),
    ).toBe(404)
    await older.close()
  })
})

describe('space permissions on Data Center', () => {
  it('are a flat list with user keys and group names; what classes hold belongs to their groups', async () => {
    const site = await startSmallSite()
    site.world.grant(site.hr, 'anonymous-users', [{ key: 'read', targetType: 'space' }])
    const list = await site.get('/rest/api/space/HR/permissions')
    const readers = list
      .filter(({ operation }: { operation: { operationKey: string } }) => operation.operationKey === 'read')
      .map(({ subject }: { subject: object }) => subject)
    expect(readers).toEqual([
      { type: 'group', name: 'confluence-users' },
      { type: 'group', name: 'board/all members' },
      { type: 'user', userKey: site.world.crawler.userKey },
    ])
    expect(await site.get('/rest/api/space/HR/permissions/anonymous')).toMatchObject([
      { operation: { targetType: 'space', operationKey: 'read' }, spaceKey: 'HR' },
    ])
    await site.close()
  })

  it('answer 500 where 403 is meant', async () => {
    const site = await startSmallSite()
    expect(await site.status('/rest/api/space/HR/permissions', site.ben)).toBe(500)
    expect(await site.status('/rest/api/space/HR?expand=permissions', site.ben)).toBe(500)
    await site.close()
  })

  const rpc = (site: Site, params: unknown[], user = site.world.crawler) =>
    site.post(
      '/rpc/json-rpc/confluenceservice-v2',
      { jsonrpc: '2.0', method: 'getSpacePermissionSets', params, id: 7 },
      user,
    )

  it('below 9.1 come by JSON-RPC, by permission type', async () => {
    const site = await startSmallSite({ version: '8.5' })
    expect(await site.status('/rest/api/space/HR/permissions')).toBe(404)
    site.world.grant(site.hr, 'anonymous-users', [{ key: 'read', targetType: 'space' }])
    const { result, id } = (await (await rpc(site, ['HR'])).json()) as {
      result: { type: string }[]
      id: number
    }
    expect(id).toBe(7)
    const sets = Object.fromEntries(result.map((set) => [set.type, set]))
    expect(sets.VIEWSPACE).toMatchObject({
      spacePermissions: [
        { type: 'VIEWSPACE', userName: null, groupName: 'confluence-users' },
        { type: 'VIEWSPACE', userName: null, groupName: 'board/all members' },
        { type: 'VIEWSPACE', userName: 'crawler', groupName: null },
        { type: 'VIEWSPACE', userName: null, groupName: null },
      ],
    })
    expect(sets.REMOVEBLOG).toMatchObject({ type: 'REMOVEBLOG' })
    const refused = (await (await rpc(site, ['HR'], site.ben)).json()) as { error: { message: string } }
    expect(refused.error.message).toContain('NotPermittedException')
    await site.close()
  })

  it('from 9.1 on do not come by JSON-RPC any more', async () => {
    const site = await startSmallSite({ version: '9.1' })
    expect((await rpc(site, ['HR'])).status).toBe(404)
    await site.close()
  })

  it('may be kept back by a switched-off remote API, or by a page that asks for the password again', async () => {
    const disabled = await startSmallSite({ version: '8.5', traps: { remoteApi: 'disabled' } })
    expect((await rpc(disabled, ['HR'])).status).toBe(401)
    await disabled.close()
    const webSudo = await startSmallSite({ version: '8.5', traps: { remoteApi: 'web-sudo' } })
    const answer = await rpc(webSudo, ['HR'])
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html;charset=UTF-8'])
    await webSudo.close()
  })
})

describe('the sandbox’s own permission check on Data Center', () => {
  it('decides for anybody on the world as Data Center holds it', async () => {
    const site = await startSmallSite({ contextPath: '/c' })
    const check = async (user: string, contentId: string, operation = 'read') => {
      const answer = await site.post('/_sandbox/permission-check', { user, contentId, operation }, null)
      return ((await answer.json()) as { hasPermission?: boolean }).hasPermission
    }
    expect(await check(site.amy.userKey, site.bonus.id)).toBe(true)
    expect(await check(site.ben.userKey, site.bonus.id)).toBe(false)
    expect(await check(site.amy.userKey, site.inFolder.id)).toBe(true)
    expect(await check(site.amy.userKey, site.pay.id, 'update')).toBe(true)
    expect(await check(site.world.crawler.userKey, site.pay.id, 'update')).toBe(false)
    expect(await check('anonymous', site.home.id)).toBe(false)
    expect(await check('nobody', site.home.id)).toBeUndefined()
    await site.close()
  })
})

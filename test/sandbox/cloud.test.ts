/**
 * The sandbox's Cloud over HTTP: what clients stumble over at the real one.
 */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { generatedWorld, type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts'
import { type SmallWiki, smallWiki } from './small-wiki.ts'

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

const basic = (name: string, secret: string) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`

let wiki: SmallWiki
let sandbox: Sandbox

async function serve(options: Partial<SandboxOptions> = {}) {
  await sandbox?.close()
  sandbox = await startSandbox({ world: wiki.world, flavour: 'cloud', ...options })
}

beforeEach(async () => {
  wiki = smallWiki()
  await serve()
})

afterEach(() => sandbox.close())

const crawler = () => basic(sandbox.credentials.username, sandbox.credentials.api_token)
const ada = () => basic(wiki.people.ada.email, wiki.people.ada.apiToken)

async function call(url: string, authorization: string | undefined, init: RequestInit = {}): Promise<Answer> {
  const headers = {
    ...(authorization !== undefined && { authorization }),
    'content-type': 'application/json',
  }
  const response = await fetch(url, { redirect: 'manual', headers, ...init })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

const get = (path: string, authorization: string | undefined = crawler()) =>
  call(sandbox.url + path, authorization)
const post = (path: string, body: object, authorization = crawler()) =>
  call(sandbox.url + path, authorization, { method: 'POST', body: JSON.stringify(body) })
const search = (cql: string, more = '') =>
  get(`/wiki/rest/api/content/search?cql=${encodeURIComponent(cql)}${more}`)

/** What stands in the answer under a path such as `results.0.title`. */
const at = ({ body }: Answer, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body)

const titles = (answer: Answer) =>
  (at(answer, 'results') as readonly { readonly title: string }[]).map(({ title }) => title)
const nextOf = (answer: Answer) => at(answer, '_links.next') as string | undefined

describe('lists of API v2', () => {
  it('announce the next page in body and header, and the base on every page, also the last', async () => {
    const first = await get(`/wiki/api/v2/spaces/${wiki.staff.id}/pages?limit=3&body-format=storage`)
    expect(titles(first)).toEqual(['Welcome', 'Plan 2024', 'Notes'])
    expect(nextOf(first)).toMatch(/^\/wiki\/api\/v2\/spaces\/\d+\/pages\?limit=3&body-format=storage&cursor=/)
    const base = `<${sandbox.url}/wiki>; rel="base"`
    expect(first.headers.get('link')).toBe(`<${nextOf(first)}>; rel="next", ${base}`)
    const last = await get(nextOf(first)!)
    expect(titles(last)).toEqual(['Rules'])
    expect(nextOf(last)).toBeUndefined()
    expect(last.headers.get('link')).toBe(base)
    expect(at(last, '_links.base')).toBe(`${sandbox.url}/wiki`)
  })

  it.each(['id', '-id', 'title', '-title', 'modified-date', '-modified-date', 'created-date'])(
    'sorted by %s neither lose nor repeat a page while others come and go',
    async (sort) => {
      const path = `/wiki/api/v2/spaces/${wiki.staff.id}/pages?limit=1&sort=${sort}`
      const all = titles(await get(path.replace('limit=1', 'limit=250')))
      const walked: string[] = []
      let next: string | undefined = path
      while (next !== undefined) {
        const page = await get(next)
        walked.push(...titles(page))
        if (walked.length === 1) wiki.world.node(String(at(page, 'results.0.id')))!.status = 'trashed'
        next = nextOf(page)
      }
      expect(walked).toEqual(all)
      expect(all).toHaveLength(4)
    },
  )

  it('refuse a limit beyond 250, a cursor of somebody else, a body format that lists do not have', async () => {
    for (const wrong of ['limit=251', 'limit=0', 'cursor=abc', 'body-format=view', 'sort=constructor']) {
      const answer = await get(`/wiki/api/v2/pages?${wrong}`)
      expect(answer.status).toBe(400)
      expect(at(answer, 'errors')).toMatchObject([{ status: 400, code: 'INVALID_REQUEST_PARAMETER' }])
    }
  })

  it('leave drafts and trash out unless asked, and find archived pages beside the current ones', async () => {
    wiki.world.addPage(wiki.staff, 'Draft', { status: 'draft' })
    wiki.world.addPage(wiki.staff, 'Trash', { status: 'trashed' })
    wiki.world.addPage(wiki.staff, 'Shelf', { status: 'archived' })
    expect(titles(await get('/wiki/api/v2/pages?limit=250'))).toEqual([
      'Welcome',
      'Plan 2024',
      'Notes',
      'Rules',
      'Shelf',
    ])
    expect(titles(await get('/wiki/api/v2/pages?status=trashed'))).toEqual(['Trash'])
    expect(titles(await get('/wiki/api/v2/pages?status=archived'))).toEqual(['Shelf'])
  })
})

describe('search of API v1', () => {
  it('names the next page without the context path, and with everything that was asked for', async () => {
    const first = await search('type = page order by title', '&limit=3&expand=version,metadata.labels')
    expect(titles(first)).toEqual(['Notes', 'Plan 2024', 'Rules'])
    expect(at(first, '_links')).toMatchObject({ base: `${sandbox.url}/wiki`, context: '/wiki' })
    expect(nextOf(first)).toMatch(/^\/rest\/api\/content\/search\?next=true&cursor=_t_/)
    const last = await get(`/wiki${nextOf(first)}`)
    expect(titles(last)).toEqual(['Welcome'])
    expect(at(last, 'results.0.metadata.labels.results')).toHaveLength(2)
    expect(nextOf(last)).toBeUndefined()
  })

  it('walks one and the same answer, whatever is written meanwhile', async () => {
    const first = await search('type = page order by created desc', '&limit=2')
    wiki.world.addPage(wiki.staff, 'Later')
    const second = await get(`/wiki${nextOf(first)}`)
    expect([...titles(first), ...titles(second)]).toEqual(['Rules', 'Notes', 'Plan 2024', 'Welcome'])
  })

  it('finds an answer anew that it has not kept, and none for a cursor of somebody else', async () => {
    const first = await search('type = page order by title', '&limit=1')
    for (let other = 0; other < 70; other += 1) await search('type = page', '&limit=1')
    expect(titles(await get(`/wiki${nextOf(first)}`))).toEqual(['Plan 2024'])
    expect((await search('type = page', '&cursor=abc')).status).toBe(400)
  })

  it('gives less than was asked for, without a word', async () => {
    await serve({
      world: generatedWorld({ pages: 1100, spaces: 1, restrictedShare: 0, bodySize: [10, 100] }),
    })
    const sizeWith = async (expand: string) => {
      const answer = await search('type = page', `&limit=5000${expand && `&expand=${expand}`}`)
      return [answer.status, at(answer, 'limit'), titles(answer).length]
    }
    expect(await sizeWith('body.export_view')).toEqual([200, 25, 25])
    expect(await sizeWith('body.storage,version')).toEqual([200, 50, 50])
    expect(await sizeWith('version')).toEqual([200, 200, 200])
    expect(await sizeWith('')).toEqual([200, 1000, 1000])
  })

  it('fails altogether where one page lies below a deleted one and restrictions of ancestors are asked for', async () => {
    wiki.pages.plan.status = 'trashed'
    expect((await search('type = page', '&expand=ancestors')).status).toBe(200)
    const answer = await search('type = page', '&expand=ancestors.restrictions.read.restrictions.user')
    expect(answer.status).toBe(404)
    expect(at(answer, 'message')).toContain(`Cannot find content <ContentId{id=${wiki.pages.plan.id}}>`)
  })

  it('expands what it embeds, as deep as is asked for', async () => {
    const found = await search(
      `id = ${wiki.pages.live.id}`,
      '&expand=ancestors.version,ancestors.restrictions.read.restrictions.user',
    )
    expect(at(found, 'results.0.ancestors.2')).toMatchObject({
      title: 'Plan 2024',
      version: { number: 1 },
      restrictions: { read: { restrictions: { user: { results: [], size: 0 } } } },
    })
    const plan = await search(`id = ${wiki.pages.plan.id}`, '&expand=children.attachment.version')
    expect(at(plan, 'results.0.children.attachment.results')).toMatchObject([{ version: { number: 1 } }])
  })

  it('embeds only the beginning of a long restriction', async () => {
    await serve({ traps: { restrictionListSize: 1 } })
    const expand = '&expand=restrictions.read.restrictions.user'
    const found = await search(`id = ${wiki.pages.guarded.id}`, expand)
    const user = at(found, 'results.0.restrictions.read.restrictions.user')
    expect(user).toMatchObject({ results: [{ type: 'known' }], size: 1, limit: 1 })
    const all = await get(`/wiki/rest/api/content/${wiki.pages.guarded.id}/restriction/byOperation/read`)
    expect(at(all, 'restrictions.user.results')).toHaveLength(2)
  })

  it('lags behind where it is told to, lists do not', async () => {
    await serve({ traps: { indexLagMs: 400 } })
    wiki.world.addPage(wiki.staff, 'Fresh')
    expect(titles(await get('/wiki/api/v2/pages?title=Fresh'))).toEqual(['Fresh'])
    expect(titles(await search('title = Fresh'))).toEqual([])
    wiki.pages.plan.status = 'trashed'
    expect(at(await get('/wiki/api/v2/pages?title=Plan%202024'), 'results')).toEqual([])
    expect(at(await search('title = "Plan 2024"'), 'results')).toMatchObject([{ status: 'current' }])
    await expect.poll(async () => titles(await search('title = Fresh')), { timeout: 5000 }).toEqual(['Fresh'])
    await expect
      .poll(async () => titles(await search('title ~ plan and type = page')), { timeout: 5000 })
      .toEqual([])
  })

  it('refuses what is not CQL', async () => {
    const answer = await search('colour = red')
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ statusCode: 400, data: { valid: false, successful: false } })
  })
})

describe('every route answers as the caller sees it', () => {
  const hidden = () => {
    const { secret, belowSecret } = wiki.pages
    const file = `att${wiki.nodes.hiddenFile.id}`
    return [
      `/api/v2/pages/${secret.id}`,
      `/api/v2/pages/${belowSecret.id}`,
      `/api/v2/pages/${secret.id}/ancestors`,
      `/api/v2/pages/${secret.id}/children`,
      `/api/v2/pages/${secret.id}/direct-children`,
      `/api/v2/pages/${secret.id}/descendants`,
      `/api/v2/pages/${secret.id}/attachments`,
      `/api/v2/pages/${secret.id}/footer-comments`,
      `/api/v2/pages/${secret.id}/inline-comments`,
      `/api/v2/pages/${secret.id}/labels`,
      `/api/v2/pages/${secret.id}/versions`,
      `/api/v2/attachments/${file}`,
      `/rest/api/content/${secret.id}/restriction`,
      `/rest/api/content/${secret.id}/restriction/byOperation`,
      `/rest/api/content/${belowSecret.id}/restriction/byOperation/read`,
    ]
  }

  it('404 for what is hidden, and 200 for who may', async () => {
    for (const path of hidden()) {
      expect([path, (await get(`/wiki${path}`)).status]).toEqual([path, 404])
      expect([path, (await get(`/wiki${path}`, ada())).status]).toEqual([path, 200])
    }
  })

  it('hides whole spaces', async () => {
    const closed = wiki.world.addSpace('CLOSED', 'Closed')
    for (const path of ['', '/pages', '/blogposts', '/permissions', '/role-assignments'])
      expect((await get(`/wiki/api/v2/spaces/${closed.id}${path}`)).status).toBe(404)
    expect(at(await get('/wiki/api/v2/spaces'), 'results')).toHaveLength(1)
  })

  it('leaves hidden pages out of lists, trees, labels and search', async () => {
    const all = await Promise.all([
      get('/wiki/api/v2/pages'),
      get(`/wiki/api/v2/pages?id=${wiki.pages.secret.id}`),
      get(`/wiki/api/v2/pages/${wiki.pages.home.id}/descendants?depth=10`),
      get('/wiki/api/v2/attachments'),
      search('space = STAFF'),
      get('/wiki/rest/api/search?cql=type%3Dpage'),
    ])
    expect(all.flatMap(titles)).not.toContain('Salaries')
    expect(all.flatMap(titles)).not.toContain('Bonus')
    expect(all.flatMap(titles)).not.toContain('pay.csv')
  })

  it('shows in a view only what the caller may open', async () => {
    const include =
      '<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Salaries" /></ac:link></ac:parameter></ac:structured-macro>'
    const children = '<ac:structured-macro ac:name="children" />'
    const page = wiki.world.addPage(wiki.staff, 'Overview', { body: include + children })
    wiki.world.addPage(page, 'For Ada', { read: [wiki.people.ada] })
    wiki.world.addPage(page, 'For all')
    const view = async (who?: string) =>
      at(await get(`/wiki/api/v2/pages/${page.id}?body-format=view`, who), 'body.view.value')
    expect(await view(ada())).toMatch(/Confidential.*For Ada.*For all/s)
    expect(await view()).toContain('For all')
    expect(await view()).not.toMatch(/Confidential|For Ada/)
  })
})

it('converts long bodies', async () => {
  const value = `<p>${'word '.repeat(600_000)}</p>`
  const started = await post('/wiki/rest/api/contentbody/convert/async/view', {
    value,
    representation: 'storage',
  })
  const converted = await get(`/wiki/rest/api/contentbody/convert/async/${String(at(started, 'asyncId'))}`)
  expect(at(converted, 'value')).toBe(value)
})

describe('groups and people', () => {
  const members = (start: number) =>
    get(`/wiki/rest/api/group/${wiki.groups.licensed.id}/membersByGroupId?limit=2&start=${start}`)

  it('come in pages by start and limit', async () => {
    const first = await members(0)
    expect(first.body).toMatchObject({ start: 0, limit: 2, size: 2 })
    const last = await get(`/wiki${nextOf(first)}`)
    expect(last.body).toMatchObject({ start: 2, limit: 2, size: 1 })
    expect(nextOf(last)).toBeUndefined()
  })

  it('do not say that there is more where they are told not to', async () => {
    await serve({ traps: { peopleNextLinks: false } })
    expect(nextOf(await members(0))).toBeUndefined()
    expect(at(await members(2), 'size')).toBe(1)
  })
})

describe('permission check', () => {
  const check = (id: string, subject: object, authorization?: string) =>
    post(`/wiki/rest/api/content/${id}/permission/check`, { subject, operation: 'read' }, authorization)
  const user = (identifier: string) => ({ type: 'user', identifier })

  it('answers everybody about themselves, also about what they may not see', async () => {
    const self = user(wiki.world.crawler.accountId)
    const answer = await check(wiki.pages.secret.id, self)
    expect([answer.status, answer.body]).toEqual([200, { hasPermission: false }])
  })

  it('answers administrators alone about others: people, groups, the anonymous', async () => {
    const { home, secret } = wiki.pages
    const ben = user(wiki.people.ben.accountId)
    expect((await check(home.id, ben)).status).toBe(403)
    expect((await check(home.id, ben, ada())).body).toEqual({ hasPermission: true })
    expect((await check(home.id, user('anonymous'), ada())).body).toEqual({ hasPermission: false })
    const group = (identifier: string) => ({ type: 'group', identifier })
    expect((await check(secret.id, group(wiki.groups.admins.id), ada())).body).toEqual({
      hasPermission: true,
    })
    expect((await check(secret.id, group(wiki.groups.licensed.id), ada())).body).toEqual({
      hasPermission: false,
    })
    expect((await check(home.id, user('nobody'), ada())).status).toBe(404)
  })
})

describe('sign-in', () => {
  const current = '/wiki/rest/api/user/current'

  it('refuses wrong credentials, disabled accounts and strange headers', async () => {
    const wrong = [
      basic('nobody@example.com', 'x'),
      'Bearer x',
      'Negotiate x',
      basic(wiki.people.ben.email, ''),
    ]
    wiki.people.ben.active = false
    for (const authorization of [...wrong, basic(wiki.people.ben.email, wiki.people.ben.apiToken)]) {
      const answer = await get(current, authorization)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('OAuth realm=')
    }
  })

  it('lets nobody in without credentials unless the site allows it', async () => {
    const refused = await call(sandbox.url + current, undefined)
    expect([refused.status, at(refused, 'message')]).toEqual([
      403,
      'Current user not permitted to use Confluence',
    ])
    wiki.world.anonymousAccess = true
    const answer = await call(sandbox.url + current, undefined)
    expect([answer.status, at(answer, 'type')]).toEqual([200, 'anonymous'])
    expect(at(await call(`${sandbox.url}/wiki/api/v2/spaces`, undefined), 'results')).toEqual([])
  })

  it('takes wrong credentials for an anonymous visitor where it is told to', async () => {
    await serve({ traps: { anonymousDowngrade: true } })
    expect((await get(current, basic('x', 'y'))).status).toBe(401)
    wiki.world.anonymousAccess = true
    expect(at(await get(current, basic('x', 'y')), 'type')).toBe('anonymous')
  })

  it('takes scoped tokens at the gateway only, and API tokens at the site only', async () => {
    const { token, username } = sandbox.credentials
    const gateway = `${sandbox.gatewayUrl}/ex/confluence/${wiki.world.cloudId}`
    for (const scoped of [`Bearer ${token}`, basic(username, token)]) {
      expect((await get(current, scoped)).status).toBe(401)
      expect(at(await call(gateway + current, scoped), 'displayName')).toBe('Wiki Crawler')
    }
    const refused = await call(gateway + current, crawler())
    expect([refused.status, at(refused, 'message')]).toEqual([401, 'Unauthorized'])
    expect(
      (await call(`${sandbox.gatewayUrl}/ex/confluence/other${current}`, `Bearer ${token}`)).status,
    ).toBe(404)
  })

  it('through the gateway, links still name the site', async () => {
    const gateway = `${sandbox.gatewayUrl}/ex/confluence/${wiki.world.cloudId}`
    const bearer = `Bearer ${sandbox.credentials.token}`
    const answer = await call(`${gateway}/wiki/api/v2/pages?limit=1`, bearer)
    expect(nextOf(answer)).toMatch(/^\/wiki\/api\/v2\/pages\?/)
    expect(at(answer, '_links.base')).toBe(`${sandbox.url}/wiki`)
    const removed = await call(`${gateway}/wiki/rest/api/space/STAFF`, bearer)
    expect(removed.status).toBe(410)
  })

  it('tells the cloud id to anybody, and the sites of a token to its bearer', async () => {
    expect((await call(`${sandbox.url}/_edge/tenant_info`, undefined)).body).toEqual({
      cloudId: wiki.world.cloudId,
    })
    const resources = `${sandbox.gatewayUrl}/oauth/token/accessible-resources`
    expect((await call(resources, undefined)).status).toBe(401)
    const answer = await call(resources, `Bearer ${sandbox.credentials.token}`)
    expect(answer.body).toMatchObject([{ id: wiki.world.cloudId, url: sandbox.url }])
  })
})

describe('downloads', () => {
  const path = () =>
    `/wiki/rest/api/content/${wiki.pages.plan.id}/child/attachment/att${wiki.nodes.file.id}/download`

  it('redirect to another origin, which turns away whoever brings credentials', async () => {
    const answer = await get(path())
    expect(answer.status).toBe(302)
    const location = answer.headers.get('location')!
    expect(new URL(location).origin).toBe(sandbox.mediaUrl)
    expect((await call(location, crawler())).status).toBe(400)
    expect((await call(location, undefined)).body).toBe('a;b\n1;2\n')
    expect((await call(location.replace(/token=.*/, 'token=1.2.3'), undefined)).status).toBe(403)
  })

  it('do not lead to what the caller may not see', async () => {
    const hidden = `/wiki/rest/api/content/${wiki.pages.secret.id}/child/attachment/att${wiki.nodes.hiddenFile.id}/download`
    expect((await get(hidden)).status).toBe(404)
    expect((await get(hidden, ada())).status).toBe(302)
  })

  it('at the old address are refused', async () => {
    const answer = await get(`/wiki/download/attachments/${wiki.pages.plan.id}/figures.csv`)
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('OAuth'),
    ])
  })
})

describe('addresses', () => {
  it('of removed routes answer 410', async () => {
    for (const path of [
      'content',
      'content/1',
      'content/1/child/page',
      'content/1/label',
      'space',
      'space/STAFF/content',
    ]) {
      const answer = await get(`/wiki/rest/api/${path}`)
      expect(answer.status).toBe(410)
      expect(at(answer, 'message')).toContain('GoneException')
    }
  })

  it('within the API that it does not have are errors of that API', async () => {
    expect(await get('/wiki/api/v2/nowhere')).toMatchObject({
      status: 404,
      body: { errors: [{ status: 404 }] },
    })
    expect(await get('/wiki/rest/api/nowhere')).toMatchObject({ status: 404, body: { statusCode: 404 } })
  })

  it('nobody knows show a page for people', async () => {
    for (const path of ['/', '/confluence/rest/api/space', '/wiki/nowhere', '/rest/api/content/search']) {
      const answer = await get(path)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8'])
    }
  })

  it('are short, and those of home pages hold no id', async () => {
    const { home, plan } = wiki.pages
    const links = async (id: string) => at(await get(`/wiki/api/v2/pages/${id}`), '_links')
    expect(await links(home.id)).toMatchObject({ webui: '/spaces/STAFF/overview' })
    expect(await links(plan.id)).toMatchObject({ webui: `/spaces/STAFF/pages/${plan.id}/Plan+2024` })
    expect(await links(plan.id)).toMatchObject({ tinyui: expect.stringMatching(/^\/x\/[\w-]+$/) })
  })
})

it('says which port is taken', async () => {
  const port = Number(new URL(sandbox.url).port)
  await expect(startSandbox({ world: wiki.world, flavour: 'cloud', port })).rejects.toMatchObject({
    code: 'sandbox.port.unusable',
    message: expect.stringContaining(String(port)),
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSmallSite } from '../../../test/support/small-site.ts'

type Site = Awaited<ReturnType<typeof startSmallSite>>
const titles = (answer: { results: { title: string }[] }) => answer.results.map(({ title }) => title)

describe('content on Data Center', () => {
  let site: Site
  beforeAll(async () => {
    site = await startSmallSite({ contextPath: '/confluence' })
  })
  afterAll(() => site.close())

  it('says little of content until it is asked, and names what can be expanded', async () => {
    const { results } = await site.get('/rest/api/content?spaceKey=HR&limit=1')
    expect(Object.keys(results[0])).toEqual([
      'id',
      'type',
      'status',
      'title',
      'extensions',
      '_links',
      '_expandable',
    ])
    expect(results[0]._expandable).toMatchObject({ body: '', version: '', space: '/rest/api/space/HR' })
  })

  it('expands space, history and version of one page without being asked', async () => {
    const page = await site.get(`/rest/api/content/${site.home.id}`)
    expect(page.space).toMatchObject({ id: Number(site.hr.id), key: 'HR', type: 'global' })
    expect(page.history.createdBy).toMatchObject({ type: 'known', username: 'crawler' })
    expect(page.version).toMatchObject({ number: 1, by: { userKey: site.world.crawler.userKey } })
  })

  it('expands bodies, labels, ancestors, restrictions and attachments in one answer', async () => {
    const expand =
      'body.storage,body.view,ancestors,metadata.labels,children.attachment,restrictions.read.restrictions.user,restrictions.read.restrictions.group'
    const page = await site.get(`/rest/api/content/${site.bonus.id}?expand=${expand}`)
    expect(page.body.storage.value).toBe('<p>More</p>')
    expect(page.body.view.value).toBe('<p>More</p>')
    expect(page.ancestors.map(({ title }: { title: string }) => title)).toEqual(['People Home', 'Pay: all?'])
    const home = await site.get(`/rest/api/content/${site.home.id}?expand=${expand}`)
    expect(home.metadata.labels.results.map(({ name }: { name: string }) => name)).toEqual(['home', 'start'])
    expect(home.children.attachment.results[0]).toMatchObject({
      id: `att${site.file.id}`,
      title: 'sums & more.csv',
    })
  })

  it('shows own restrictions only, never inherited ones', async () => {
    const expand = 'restrictions.read.restrictions.user,restrictions.read.restrictions.group'
    const pay = await site.get(`/rest/api/content/${site.pay.id}?expand=${expand}`)
    expect(pay.restrictions.read.restrictions.group.results).toMatchObject([
      { type: 'group', name: 'board/all members' },
    ])
    expect(pay.restrictions.read.restrictions.user).toMatchObject({ results: [], limit: 200, size: 0 })
    expect(pay.restrictions._expandable).toHaveProperty('update')
    const bonus = await site.get(`/rest/api/content/${site.bonus.id}?expand=${expand}`)
    expect(bonus.restrictions.read.restrictions.group.results).toEqual([])
  })

  it('keeps from each caller what they may not read', async () => {
    expect(titles(await site.get('/rest/api/content?spaceKey=HR', site.ben))).toEqual([
      'People Home',
      'In a folder',
    ])
    expect(await site.status(`/rest/api/content/${site.pay.id}`, site.ben)).toBe(404)
    expect(await site.status(`/rest/api/content/${site.bonus.id}`, site.ben)).toBe(404)
    expect(await site.status(`/rest/api/content/${site.bonus.id}`, site.amy)).toBe(200)
    expect(titles(await site.get('/rest/api/content?spaceKey=HR', site.guest))).toEqual([])
  })

  it('finds by title, by type and by a list of ids of any type', async () => {
    expect(titles(await site.get('/rest/api/content?spaceKey=HR&title=Bonus'))).toEqual(['Bonus'])
    expect(titles(await site.get('/rest/api/content?spaceKey=hr&type=blogpost'))).toEqual(['News'])
    const ids = `${site.news.id},${site.home.id},999999`
    expect(titles(await site.get(`/rest/api/content?ids=${ids}`))).toEqual(['News', 'People Home'])
  })

  it('lists a space by type, all of it or its root alone', async () => {
    const all = titles(await site.get('/rest/api/space/HR/content/page?depth=all'))
    expect(all).toEqual(['People Home', 'Pay: all?', 'Bonus', 'In a folder'])
    expect(titles(await site.get('/rest/api/space/HR/content/page?depth=root'))).toEqual(['People Home'])
    expect(await site.status('/rest/api/space/NONE/content/page')).toBe(404)
  })

  it('has no folders: their pages hang on the page above, and their restrictions do not exist', async () => {
    const page = await site.get(`/rest/api/content/${site.inFolder.id}?expand=ancestors`)
    expect(page.ancestors.map(({ title }: { title: string }) => title)).toEqual(['People Home'])
    expect(titles(await site.get(`/rest/api/content/${site.home.id}/child/page`))).toEqual([
      'Pay: all?',
      'In a folder',
    ])
    expect(await site.status(`/rest/api/content/${site.folder.id}`)).toBe(404)
    expect(await site.status(`/rest/api/content/${site.inFolder.id}`, site.amy)).toBe(200)
  })

  it('shows children of every type at once', async () => {
    const children = await site.get(`/rest/api/content/${site.home.id}/child?expand=page,attachment`)
    expect([children.page.size, children.attachment.size]).toEqual([2, 1])
    expect(children._expandable).toHaveProperty('comment')
  })

  it('lists comments in threads, and all of them as descendants', async () => {
    const remarks = await site.get(`/rest/api/content/${site.home.id}/child/comment?expand=body.storage`)
    expect(remarks.results.map((one: { id: string }) => one.id)).toEqual([site.remark.id])
    expect(remarks.results[0].body.storage.value).toBe('<p>Nice</p>')
    const answers = await site.get(`/rest/api/content/${site.remark.id}/child/comment`)
    expect(answers.results.map((one: { id: string }) => one.id)).toEqual([site.answer.id])
    expect((await site.get(`/rest/api/content/${site.home.id}/descendant/comment`)).size).toBe(2)
  })

  it('serves files at their download link, whatever their name', async () => {
    const { results } = await site.get(`/rest/api/content/${site.home.id}/child/attachment`)
    expect(results[0].extensions).toMatchObject({ mediaType: 'text/csv', fileSize: 8 })
    const file = await site.fetch(results[0]._links.download)
    expect([file.status, file.headers.get('content-type'), await file.text()]).toEqual([
      200,
      'text/csv',
      'a,b\n1,2\n',
    ])
    expect(await site.status(results[0]._links.download, site.guest)).toBe(404)
  })

  it('lists labels page by page', async () => {
    const first = await site.get(`/rest/api/content/${site.home.id}/label?limit=1`)
    expect(first).toMatchObject({ size: 1, results: [{ prefix: 'global', name: 'home' }] })
    expect(first._links.next).toContain('start=1')
    const second = await site.get(first._links.next)
    expect(second.results[0].name).toBe('start')
    expect(second._links.next).toBeUndefined()
    expect(await site.get(`/rest/api/content/${site.home.id}/label?prefix=my`)).toMatchObject({ size: 0 })
  })

  it('converts storage format, and nothing else', async () => {
    const body = { value: '<p>A &amp; B</p>', representation: 'storage' }
    const converted = await site.post('/rest/api/contentbody/convert/view', body)
    expect(await converted.json()).toMatchObject({ value: '<p>A &amp; B</p>', representation: 'view' })
    expect(
      (await site.post('/rest/api/contentbody/convert/view', { ...body, representation: 'wiki' })).status,
    ).toBe(400)
    expect((await site.post('/rest/api/contentbody/convert/editor', body)).status).toBe(501)
  })

  it('words errors as the REST API does', async () => {
    const missing = await site.fetch('/rest/api/content/1')
    expect(missing.status).toBe(404)
    expect(await missing.json()).toMatchObject({
      statusCode: 404,
      message: 'No content found with id: ContentId{id=1}',
      reason: 'Not Found',
    })
    expect(await site.status('/rest/api/content?limit=many')).toBe(400)
    expect(await site.status('/rest/api/content?status=gone')).toBe(400)
    expect(await (await site.fetch('/rest/api/nonsense')).json()).toMatchObject({ 'status-code': 404 })
    for (const url of [`${site.url}/display/NONE`, new URL('/', site.url)]) {
      const nowhere = await fetch(url)
      expect([nowhere.status, nowhere.headers.get('content-type')]).toEqual([404, 'text/html;charset=UTF-8'])
    }
  })

  it('leaves drafts, trash and the archive out until they are asked for', async () => {
    const gone = site.world.addPage(site.hr, 'Gone')
    const filed = site.world.addPage(site.hr, 'Filed away')
    site.world.trash(gone)
    site.world.archive(filed)
    expect(titles(await site.get('/rest/api/content?spaceKey=HR&limit=100'))).not.toContain('Gone')
    expect(titles(await site.get('/rest/api/content?spaceKey=HR&status=archived'))).toEqual(['Filed away'])
    expect(titles(await site.get('/rest/api/content?spaceKey=HR&status=any&limit=100'))).toContain('Gone')
    expect(await site.status(`/rest/api/content/${gone.id}`)).toBe(404)
    expect(await site.status(`/rest/api/content/${gone.id}?status=trashed`)).toBe(200)
  })
})

describe('web links of Data Center', () => {
  it('name the space from version 9 on, and were display links before', async () => {
    const links = async (version: string) => {
      const site = await startSmallSite({ version })
      const of = async (id: string) => (await site.get(`/rest/api/content/${id}`))._links.webui as string
      const { home, pay, news } = site
      const found = [await of(home.id), await of(pay.id), await of(news.id)]
      await site.close()
      return found.map((link) => link.replace(/\d{5,}/, 'ID'))
    }
    expect(await links('9.0')).toEqual([
      '/spaces/HR/pages/ID/People+Home',
      '/spaces/HR/pages/ID/Pay%3A+all%3F',
      '/spaces/HR/blog/2024/05/06/ID/News',
    ])
    const old = ['/display/HR/People+Home', '/pages/viewpage.action?pageId=ID', '/display/HR/2024/05/06/News']
    expect(await links('8.5.4')).toEqual(old)
  })
})

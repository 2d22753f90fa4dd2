import { describe, expect, it } from 'vitest'
import type { Listed } from '../../src/model/contracts.ts'
import type { Fault } from '../../src/sandbox/index.ts'
import { generatedWorld, memoryWorld, startSandbox } from '../../src/sandbox/index.ts'
import { ADMINISTER, VIEW } from '../../src/sandbox/principals.ts'
import confluence from '../../src/sources/confluence/index.ts'
import { type Flavour, signIn, titlesOf, walk } from './walking.ts'

const flavours: readonly Flavour[] = ['cloud', 'data-center']

/** Where a space's pages are listed. */
const listing: Readonly<Record<Flavour, string>> = {
  cloud: 'GET /wiki/api/v2/spaces/*/pages',
  'data-center': 'GET /rest/api/content/scan?*type=page',
}

function smallSite() {
  const world = memoryWorld({ name: 'Traps' })
  const amy = world.addUser('Amy')
  const staff = world.addGroup('staff', [world.crawler, amy])
  const [hr, eng] = [world.addSpace('HR', 'People'), world.addSpace('ENG', 'Engineering')]
  for (const space of [hr, eng]) {
    world.grant(space, staff, VIEW)
    world.grant(space, world.crawler, ADMINISTER)
  }
  return { world, amy, staff, hr, eng }
}

const readers = (walked: Awaited<ReturnType<typeof walk>>, title: string) => {
  const document = walked.documents.find((each) => each.title === title)
  if (!document) throw new Error(`${title} was not listed`)
  return document.permissions
}

describe.each(flavours)('a walk of %s', (flavour) => {
  const generated = () => generatedWorld({ pages: 400, spaces: 2, seed: 7, flavour, bodySize: [100, 400] })
  const withFault = (fault: Fault) => walk({ world: generated(), flavour, faults: [fault] })

  it('asks for smaller pages when the site cannot build large ones, and loses nothing', async () => {
    const walked = await withFault({ effect: { kind: 'heavy', bodies: 20 } })
    expect(walked.error).toBeUndefined()
    expect(walked.documents).toHaveLength(400)
    expect(new Set(walked.documents.map(({ id }) => id)).size).toBe(400)
    expect(walked.requests(/limit=(250|50)\b.*(?:body)/)).toBeLessThan(5)
  })

  it('follows the next link over empty pages', async () => {
    const walked = await withFault({ effect: { kind: 'empty-page' }, on: listing[flavour] })
    expect(walked.error).toBeUndefined()
    expect(walked.documents).toHaveLength(400)
  })

  it('reports a list that goes round in circles as incomplete, never as short', async () => {
    const world = generatedWorld({ pages: 600, spaces: 1, flavour, bodySize: [100, 200] })
    const walked = await walk({
      world,
      flavour,
      faults: [{ effect: { kind: 'repeat-cursor' }, on: listing[flavour] }],
    })
    expect(walked.listed.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'confluence.listing.repeats' },
    })
    expect(walked.documents.length).toBeGreaterThan(0)
  })

  it('outlasts answers that break off, and a moment of 503', async () => {
    for (const effect of [
      { kind: 'truncate' },
      { kind: 'reset' },
      { kind: 'status', status: 503 },
    ] as const) {
      const walked = await withFault({ effect, on: listing[flavour], from: 2, count: 1 })
      expect(walked.error).toBeUndefined()
      expect(walked.documents).toHaveLength(400)
    }
  })

  it('reads restriction lists that the listing cut to their last principal', async () => {
    const { world, hr } = smallSite()
    const many = Array.from({ length: 7 }, (_, index) => world.addUser(`Person ${index}`))
    const team = world.addGroup('team', many)
    world.grant(hr, team, VIEW)
    world.addPage(hr, 'For seven', { read: [world.crawler, ...many] })
    const walked = await walk({ world, flavour, traps: { restrictionListSize: 3 } })
    const { status, data } = readers(walked, 'For seven')
    expect(status).toBe('complete')
    expect(data[0].read.users).toHaveLength(8)
  })

  it('never takes a page that the index does not know yet for an open one', async () => {
    const { world, hr } = smallSite()
    world.addPage(hr, 'Old')
    const walked = await walk({
      world,
      flavour,
      traps: { indexLagMs: 3_600_000 },
      before: () => world.addPage(hr, 'New', { read: [world.crawler], labels: ['fresh'] }),
    })
    expect(titlesOf(walked.documents)).toEqual(['New', 'Old'])
    expect(readers(walked, 'New').data[0].read).toMatchObject({ users: [expect.any(String)], groups: [] })
    expect(walked.documents.find(({ title }) => title === 'New')?.labels).toEqual(['fresh'])
  })

  it('finds the way to pages whose parents are listed after them', async () => {
    const { world, hr } = smallSite()
    const top = world.addPage(hr, 'Top', { id: '900000', read: [world.crawler] })
    const middle = world.addPage(top, 'Middle', { id: '800000' })
    world.addPage(middle, 'Low', { id: '700000' })
    const walked = await walk({ world, flavour })
    const low = walked.documents.find(({ title }) => title === 'Low')
    expect(low?.ancestors).toEqual(['Top', 'Middle'])
    expect(readers(walked, 'Low').data[0].read.groups).toEqual([])
    expect(readers(walked, 'Low').status).toBe('complete')
  })

  it('gets every page by itself where the site can build no list with bodies at all', async () => {
    const { world, hr } = smallSite()
    const home = world.addPage(hr, 'Home', { body: '<p>Home text.</p>', labels: ['start'] })
    world.addPage(home, 'Below', { body: '<p>Below text.</p>', read: [world.crawler] })
    const walked = await walk({
      world,
      flavour,
      read: true,
      faults: [{ effect: { kind: 'heavy', bodies: 0 } }],
    })
    expect(walked.error).toBeUndefined()
    expect(walked.texts.get('Home')).toContain('Home text.')
    expect(walked.texts.get('Below')).toContain('Below text.')
    expect(readers(walked, 'Below').data[0].read.groups).toEqual([])
    expect(walked.documents.find(({ title }) => title === 'Below')?.ancestors).toEqual(['Home'])
    expect(walked.documents.find(({ title }) => title === 'Home')?.labels).toEqual(['start'])
  })

  it('reports posts that cannot be listed, and keeps the pages', async () => {
    const { world, hr } = smallSite()
    world.addPage(hr, 'Rules')
    world.addBlogPost(hr, 'News')
    const on = flavour === 'cloud' ? '/api/v2/blogposts' : 'scan?*type=blogpost'
    const walked = await walk({ world, flavour, faults: [{ effect: { kind: 'status', status: 404 }, on }] })
    expect(titlesOf(walked.documents)).toEqual(['Rules'])
    expect(walked.listed.at(-1)).toMatchObject({ type: 'failed', document: { title: 'Blog posts' } })
  })

  it('goes on with the other spaces when one is taken away meanwhile, and says which', async () => {
    const { world, hr, eng } = smallSite()
    world.addPage(hr, 'Rules')
    world.addPage(eng, 'Lathe')
    const walked = await walk({
      world,
      flavour,
      faults: [
        {
          effect: { kind: 'revoke', space: 'HR' },
          on: flavour === 'cloud' ? `spaces/${hr.id}/pages` : 'scan?*spaceKey=HR',
        },
      ],
    })
    expect(walked.error).toBeUndefined()
    expect(titlesOf(walked.documents)).toContain('Lathe')
    expect(walked.listed).toContainEqual(
      expect.objectContaining({ type: 'not_permitted', document: expect.objectContaining({ space: 'HR' }) }),
    )
  })

  it('lets nobody in where the permissions of a space cannot be read, and says so once', async () => {
    const { world, hr } = smallSite()
    world.addPage(hr, 'Rules')
    world.addPage(hr, 'More rules')
    const walked = await walk({
      world,
      flavour,
      faults: [
        { effect: { kind: 'status', status: flavour === 'cloud' ? 404 : 500 }, on: 'GET *permissions' },
      ],
    })
    for (const { permissions } of walked.documents) {
      expect(permissions).toMatchObject({
        status: 'unknown',
        data: [{ read: { users: [], groups: [] } }, {}, {}],
      })
    }
    expect(walked.documents).toHaveLength(2)
    expect(walked.events.filter(({ type }) => type === 'warning')).toHaveLength(1)
  })

  it('stops at once when it is cancelled', async () => {
    const sandbox = await startSandbox({ world: generated(), flavour, latencyMs: 20 })
    const source = confluence({ ...signIn(sandbox, flavour), max_num_of_docs_from_each_space: 0 })
    const stop = new AbortController()
    let count = 0
    const walking = (async () => {
      for await (const _ of source.index({ signal: stop.signal, emit: () => undefined }))
        if (++count === 3) stop.abort(new Error('enough'))
    })()
    await expect(walking).rejects.toThrow('enough')
    expect(count).toBe(3)
    await source.close()
    await sandbox.close()
  })

  it('stops at once also where an answer that several documents wait for never comes', async () => {
    const { world, amy, hr } = smallSite()
    world.addPage(hr, 'Rules', { read: [world.addGroup('board', [amy, world.crawler])] })
    const faults: Fault[] = [{ effect: { kind: 'hang' }, on: 'member' }]
    const sandbox = await startSandbox({ world, flavour, faults })
    const source = confluence(signIn(sandbox, flavour))
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('enough')), 300)
    const listed: Listed[] = []
    const walking = (async () => {
      for await (const item of source.index({ signal: stop.signal, emit: () => undefined })) listed.push(item)
    })()
    await expect(walking).rejects.toThrow('enough')
    expect(listed).toEqual([])
    await source.close()
    await sandbox.close()
  })
})

describe('a walk of Cloud', () => {
  it('lets nobody into what is below a folder whose restrictions cannot be read', async () => {
    const { world, hr } = smallSite()
    const folder = world.addFolder(hr, 'Drawer')
    world.addPage(folder, 'In the drawer')
    world.addPage(hr, 'On the table')
    const walked = await walk({
      world,
      flavour: 'cloud',
      faults: [{ effect: { kind: 'status', status: 404 }, on: `content/${folder.id}/restriction` }],
    })
    expect(readers(walked, 'In the drawer')).toMatchObject({ status: 'unknown' })
    expect(readers(walked, 'In the drawer').reason).toMatch(/folder/)
    expect(readers(walked, 'On the table').status).toBe('complete')
  })

  it('applies the restriction of a folder to what is below it', async () => {
    const { world, amy, hr } = smallSite()
    const folder = world.addFolder(hr, 'Drawer', { read: [world.crawler, amy] })
    world.addPage(folder, 'In the drawer')
    const walked = await walk({ world, flavour: 'cloud' })
    expect(readers(walked, 'In the drawer').data[0].read).toEqual({
      users: [world.crawler.accountId, amy.accountId].sort(),
      groups: [],
    })
  })

  it('asks page by page where the search index cannot be asked at all', async () => {
    const { world, amy, hr } = smallSite()
    world.addPage(hr, 'Secret', { read: [world.crawler, amy], labels: ['red'] })
    world.addPage(hr, 'Open')
    const faults: Fault[] = [{ effect: { kind: 'status', status: 500 }, on: 'content/search' }]
    const walked = await walk({ world, flavour: 'cloud', faults })
    expect(readers(walked, 'Secret').data[0].read.groups).toEqual([])
    expect(readers(walked, 'Secret').status).toBe('complete')
    expect(readers(walked, 'Open').status).toBe('complete')
    expect(walked.documents.find(({ title }) => title === 'Secret')?.labels).toEqual(['red'])
  })
})

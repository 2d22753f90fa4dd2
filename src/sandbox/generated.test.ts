import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { storageProblems } from '../../test/support/storage-problems.ts'
import { viewerOf } from './access.ts'
import { generatedWorld } from './generated.ts'
import { compareIds } from './id-order.ts'
import type { World, WorldNode } from './world.ts'

function pagesOf(world: World, type: 'page' | 'folder' | 'blogpost' = 'page'): WorldNode[] {
  return world.spaces.flatMap(({ id }) => {
    const list = world.list(id, type)
    return Array.from({ length: list.length }, (_, index) => list.at(index))
  })
}

const ancestors = (world: World, node: WorldNode): number =>
  node.parentId === undefined ? 0 : 1 + ancestors(world, world.node(node.parentId)!)

describe('a generated world', () => {
  const options = { pages: 3001, spaces: 4, seed: 11, folders: 40, blogPosts: 50 }
  const world = generatedWorld(options)
  const pages = pagesOf(world)

  it('is the same for equal options, and another for another seed', () => {
    const again = generatedWorld(options)
    expect(again.users).toEqual(world.users)
    expect(again.groups).toEqual(world.groups)
    expect(again.spaces).toEqual(world.spaces)
    expect(pagesOf(again)).toEqual(pages)
    expect(again.storage(pages[77]!.id)).toBe(world.storage(pages[77]!.id))
    const other = generatedWorld({ ...options, seed: 12 })
    expect(pagesOf(other).map(({ title }) => title)).not.toEqual(pages.map(({ title }) => title))
  })

  it('has as many of everything as asked for', () => {
    expect(pages).toHaveLength(3001)
    expect(pagesOf(world, 'folder')).toHaveLength(40)
    expect(pagesOf(world, 'blogpost')).toHaveLength(50)
    expect(world.spaces).toHaveLength(4)
    expect(world.users).toHaveLength(201)
    expect(world.groups).toHaveLength(13)
    expect(world.list(world.spaces[0]!.id, 'comment').length).toBe(0)
    expect(world.list('1', 'page').length).toBe(0)
    expect(() => world.list(world.spaces[0]!.id, 'page').at(751)).toThrow(RangeError)
  })

  it('lists by ascending id, finds each by its id, and nothing else', () => {
    for (const { id } of world.spaces) {
      const ids = pages.filter(({ spaceId }) => spaceId === id).map((page) => page.id)
      expect(ids.toSorted(compareIds)).toEqual(ids)
    }
    const everything = [...pages, ...pagesOf(world, 'folder'), ...pagesOf(world, 'blogpost')]
    expect(new Set(everything.map(({ id }) => id)).size).toBe(3091)
    for (const node of everything) expect(world.node(node.id)).toEqual(node)
    for (const id of ['', '0', 'x', '12.5', '-7', `0${pages[0]!.id}`, '99999999999', world.spaces[0]!.id]) {
      expect(world.node(id)).toBeUndefined()
    }
  })

  it('has titles that are unique in their space', () => {
    expect(new Set(pages.map(({ spaceId, title }) => `${spaceId} ${title}`)).size).toBe(3001)
  })

  it('is a tree of the given depth in which parents and children agree', () => {
    const nodes = [...pages, ...pagesOf(world, 'folder')]
    const byParent = Map.groupBy(nodes, ({ parentId }) => parentId)
    for (const node of nodes) {
      const expected = (byParent.get(node.id) ?? []).toSorted(
        (a, b) => Number(a.type !== 'folder') - Number(b.type !== 'folder') || a.position - b.position,
      )
      expect(world.children(node.id)).toEqual(expected)
    }
    expect(byParent.get(undefined)?.map(({ id }) => id)).toEqual(
      world.spaces.map(({ homepageId }) => homepageId),
    )
    const pageLevels = pages.map((page) => ancestors(world, page))
    expect(Math.max(...pageLevels)).toBeGreaterThanOrEqual(5)
    expect(Math.max(...pageLevels)).toBeLessThanOrEqual(6)
    const inFolders = pages.filter(({ parentId }) => parentId && world.node(parentId)?.type === 'folder')
    expect(inFolders.length).toBeGreaterThan(40)
  })

  it('has some pages whose parent came later', () => {
    const moved = pages.filter(({ id, parentId }) => parentId !== undefined && compareIds(parentId, id) > 0)
    expect(moved.length / pages.length).toBeGreaterThan(0.004)
    expect(moved.length / pages.length).toBeLessThan(0.02)
  })

  it('restricts the share asked for, and never keeps the crawler out', () => {
    const restricted = pages.filter(
      ({ readRestriction: { users, groups } }) => users.length + groups.length > 0,
    )
    expect(restricted.length / pages.length).toBeGreaterThan(0.035)
    expect(restricted.length / pages.length).toBeLessThan(0.065)
    const viewer = viewerOf(world, world.crawler)
    expect(pages.every((page) => viewer.may('read', page) && viewer.may('update', page))).toBe(true)
    const reader = viewerOf(world, world.users[40])
    expect(pages.some((page) => viewer.may('read', page) && !reader.may('read', page))).toBe(true)
  })

  it('restricts nothing when asked to', () => {
    const open = generatedWorld({ pages: 500, spaces: 1, restrictedShare: 0 })
    expect(pagesOf(open).every(({ readRestriction }) => readRestriction.groups.length === 0)).toBe(true)
  })

  it('keeps the crawler in even without groups or other people', () => {
    const lonely = generatedWorld({ pages: 200, spaces: 2, users: 0, groups: 0, restrictedShare: 0.5 })
    const viewer = viewerOf(lonely, lonely.crawler)
    expect(pagesOf(lonely).every((page) => viewer.may('read', page))).toBe(true)
  })

  it('dates what has one version like its creation, and nothing before it', () => {
    for (const { createdAt, version } of pages) {
      expect(version.createdAt.getTime()).toBeGreaterThanOrEqual(createdAt.getTime())
      if (version.number === 1) expect(version.createdAt).toEqual(createdAt)
    }
  })

  it('may be empty, or have more spaces than pages', () => {
    expect(pagesOf(generatedWorld({ pages: 0, spaces: 3, folders: 2, blogPosts: 1 }))).toEqual([])
    expect(generatedWorld({ pages: 0, spaces: 0 }).spaces).toEqual([])
    const sparse = generatedWorld({ pages: 2, spaces: 5 })
    expect(pagesOf(sparse)).toHaveLength(2)
    expect(sparse.spaces.filter(({ homepageId }) => homepageId !== undefined)).toHaveLength(2)
  })
})

describe('bodies of a generated world', () => {
  const world = generatedWorld({ pages: 1500, spaces: 3, seed: 5, blogPosts: 3, folders: 3 })
  const pages = pagesOf(world)
  const bodies = pages.map(({ id }) => world.storage(id))

  it('are well formed and differ from each other', () => {
    expect(bodies.flatMap(storageProblems)).toEqual([])
    expect(new Set(bodies).size).toBe(bodies.length)
    expect(world.storage(pagesOf(world, 'blogpost')[0]!.id)).toContain(', week 1: ')
    expect(world.storage(pagesOf(world, 'folder')[0]!.id)).toBe('')
  })

  it('are spread evenly over the logarithm of 1 to 60 kB', () => {
    const sizes = bodies.map((body) => body.length)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1000)
    expect(Math.max(...sizes)).toBeLessThan(62_000)
    const share = (from: number, to: number) =>
      sizes.filter((size) => size >= from && size < to).length / sizes.length
    for (const [from, to] of [
      [1000, 4000],
      [4000, 15_000],
      [15_000, 62_000],
    ] as const) {
      expect(share(from, to)).toBeGreaterThan(0.22)
      expect(share(from, to)).toBeLessThan(0.44)
    }
  })

  it.each([
    '<h2>',
    '<table',
    'ac:name="code"',
    'ac:name="info"',
    '<ac:task-list>',
    '<ul>',
    '<ol>',
    'ac:name="status"',
  ])('hold %s', (markup) => {
    expect(bodies.filter((body) => body.includes(markup)).length).toBeGreaterThan(100)
  })

  it('point at people and pages that are there', () => {
    const accounts = new Set(world.users.map(({ accountId }) => accountId))
    const titles = new Set(pages.map(({ title }) => title))
    const text = bodies.slice(0, 200).join('')
    const mentioned = [...text.matchAll(/ri:account-id="([^"]+)"/g)].map(([, id]) => id!)
    const linked = [...text.matchAll(/ri:content-title="([^"]+)"/g)].map(([, title]) => title!)
    expect(mentioned.length).toBeGreaterThan(20)
    expect(mentioned.filter((id) => !accounts.has(id))).toEqual([])
    expect(linked.length).toBeGreaterThan(20)
    expect(linked.filter((title) => !titles.has(title))).toEqual([])
  })

  it('name people by user key on Data Center', () => {
    const dataCenter = generatedWorld({ pages: 30, spaces: 1, flavour: 'data-center' })
    const text = pagesOf(dataCenter)
      .map(({ id }) => dataCenter.storage(id))
      .join('')
    expect(text).toContain('ri:userkey=')
    expect(text).not.toContain('ri:account-id=')
  })
})

describe('the cost of a generated world', () => {
  it('is less than 30 MB of memory for 100,000 pages, looked at one and all', ({ annotate }) => {
    const before = heapInUse()
    const world = generatedWorld({ pages: 100_000, spaces: 10 })
    let characters = 0
    let seen = 0
    for (const { id } of world.spaces) {
      const list = world.list(id, 'page')
      for (let index = 0; index < list.length; index += 1) {
        const node = list.at(index)
        seen += 1
        if (index % 100 === 0) characters += world.storage(node.id).length
      }
    }
    const after = heapInUse()
    expect(seen).toBe(100_000)
    expect(characters).toBeGreaterThan(1_000_000)
    expect(world.spaces).toHaveLength(10)
    expect(after - before).toBeLessThan(30e6)
    return annotate(`${((after - before) / 1e6).toFixed(1)} MB`)
  })

  it('is little time for a body', ({ annotate }) => {
    const world = generatedWorld({ pages: 5000, spaces: 1 })
    const list = world.list(world.spaces[0]!.id, 'page')
    const ids = Array.from({ length: list.length }, (_, index) => list.at(index).id)
    const started = performance.now()
    const characters = ids.reduce((sum, id) => sum + world.storage(id).length, 0)
    const seconds = (performance.now() - started) / 1000
    const speed = `${(characters / 1e6 / seconds).toFixed(0)} MB/s`
    console.log(`generated bodies: ${speed}`)
    expect(characters / ids.length).toBeGreaterThan(10_000)
    return annotate(speed)
  })
})

function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

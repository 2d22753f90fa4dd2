import { describe, expect, it } from 'vitest'
import { listPages, type PageRequest, type ReadPage } from './listing.ts'
import { createPageSize } from './page-size.ts'

interface Item {
  readonly id: string
  readonly plain?: boolean
}

/** A list of so many items; `bears` says whether a page of them can be built. */
function site(count: number, bears: (ids: readonly number[]) => boolean = () => true) {
  const asked: PageRequest[] = []
  const read: ReadPage<Item> = async (request) => {
    asked.push(request)
    const start = Number(request.position ?? 0)
    const ids = Array.from({ length: Math.min(request.size, count - start) }, (_, index) => start + index)
    if (!request.plain && !bears(ids)) return undefined
    const end = start + ids.length
    const items = ids.map((id) => ({ id: String(id), ...(request.plain ? { plain: true } : {}) }))
    return { items, ...(end < count ? { next: String(end) } : {}) }
  }
  return { asked, read }
}

async function all(listing: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = []
  for await (const batch of listing) items.push(...batch)
  return items
}

describe('a listing', () => {
  it('is read to its end', async () => {
    const { read, asked } = site(1000)
    const items = await all(listPages({ name: 'pages', read, size: createPageSize(250, 250) }))
    expect(items.map(({ id }) => Number(id))).toEqual(Array.from({ length: 1000 }, (_, id) => id))
    expect(asked).toHaveLength(4)
  })

  it('stops at its limit, asking for no more than that', async () => {
    const { read, asked } = site(1000)
    expect(
      await all(listPages({ name: 'pages', read, size: createPageSize(100, 250), limit: 151 })),
    ).toHaveLength(151)
    expect(asked.map(({ size }) => size)).toEqual([100, 51])
  })

  it('halves its pages until the site can bear them, and remembers that', async () => {
    const { read, asked } = site(500, (ids) => ids.length <= 60)
    const size = createPageSize(250, 250)
    expect(await all(listPages({ name: 'pages', read, size }))).toHaveLength(500)
    expect(asked.map((each) => each.size).slice(0, 4)).toEqual([250, 125, 62, 31])
    expect(size.current()).toBeLessThanOrEqual(60)
  })

  it('loses one item alone when that item breaks every page it is on', async () => {
    const { read, asked } = site(500, (ids) => !ids.includes(77))
    const items = await all(listPages({ name: 'pages', read, size: createPageSize(250, 250) }))
    expect(items).toHaveLength(500)
    expect(items.filter(({ plain }) => plain).map(({ id }) => id)).toEqual(['77'])
    expect(asked.length).toBeLessThan(40)
  })

  it('throws when its cursor repeats', async () => {
    let id = 0
    const read: ReadPage<Item> = async () => ({ items: [{ id: String(id++) }], next: 'same' })
    await expect(all(listPages({ name: 'pages', read, size: createPageSize(10, 10) }))).rejects.toMatchObject(
      {
        kind: 'transient',
        code: 'confluence.listing.repeats',
      },
    )
  })

  it('throws when a page repeats under ever new cursors', async () => {
    let cursor = 0
    const read: ReadPage<Item> = async () => ({ items: [{ id: '1' }], next: String(cursor++) })
    await expect(all(listPages({ name: 'pages', read, size: createPageSize(10, 10) }))).rejects.toMatchObject(
      {
        code: 'confluence.listing.repeats',
      },
    )
  })

  it('has an empty end confirmed, and no other', async () => {
    let confirmed = 0
    const confirmEnd = async () => void confirmed++
    const size = createPageSize(10, 10)
    await all(listPages({ name: 'pages', read: site(20).read, size, confirmEnd }))
    expect(confirmed).toBe(0)
    await all(listPages({ name: 'pages', read: site(0).read, size, confirmEnd }))
    expect(confirmed).toBe(1)
  })
})

describe('a page size', () => {
  it('grows with each good page, up to what never failed', () => {
    const size = createPageSize(100, 250)
    size.worked()
    expect(size.current()).toBe(200)
    size.worked()
    expect(size.current()).toBe(250)
    expect(size.failed(250)).toBe(true)
    size.worked()
    expect(size.current()).toBe(125)
  })

  it('tries a size that failed again after a while', () => {
    const size = createPageSize(200, 200)
    size.failed(200)
    for (let page = 0; page < 25; page++) size.worked()
    expect(size.current()).toBe(200)
  })

  it('ends at one', () => {
    const size = createPageSize(2, 2)
    expect(size.failed(2)).toBe(true)
    expect(size.failed(1)).toBe(false)
    expect(size.current()).toBe(1)
  })
})

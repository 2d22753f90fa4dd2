import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CommentItem } from '../api.ts'
import { threadsIn, versionOf } from './threads.ts'

const day = (number: number) => new Date(Date.UTC(2024, 2, number))

function comment(id: string, facts: Partial<CommentItem> = {}): CommentItem {
  return {
    id,
    spaceId: '1',
    containerId: '7',
    rootId: id,
    location: 'footer',
    resolution: 'open',
    version: 1,
    createdAt: day(1),
    url: `https://wiki.test/?focusedCommentId=${id}`,
    ...facts,
  }
}

const answer = (id: string, parentId: string, rootId: string, facts: Partial<CommentItem> = {}) =>
  comment(id, { parentId, rootId, ...facts })

const outline = (items: readonly CommentItem[]) =>
  threadsIn(items).map(({ rootId, comments }) => [
    rootId,
    comments.map(({ item, depth }) => `${'>'.repeat(depth)}${item.id}`).join(' '),
  ])

describe('threads', () => {
  it('put answers below what they answer, by date, then by number', () => {
    const items = [
      answer('12', '3', '3', { createdAt: day(2) }),
      answer('100', '9', '3', { createdAt: day(3) }),
      answer('9', '3', '3', { createdAt: day(2) }),
      comment('4', { createdAt: day(0) }),
      comment('3'),
    ]
    expect(outline(items)).toEqual([
      ['4', '4'],
      ['3', '3 >9 >>100 >12'],
    ])
  })

  it('hold together what is left when comments are gone', () => {
    expect(outline([answer('5', '3', '3'), answer('6', '5', '3'), answer('8', '7', '3')])).toEqual([
      ['3', '5 >6 8'],
    ])
  })

  it('are those of one page, even where an id comes twice', () => {
    expect(outline([comment('3'), comment('3', { containerId: '8' })])).toHaveLength(2)
  })

  it('lose nobody who answers in a circle, and none that is very deep', () => {
    expect(outline([answer('5', '6', '3'), answer('6', '5', '3')])).toEqual([['3', '5 >6']])
    const deep = Array.from({ length: 20_000 }, (_, nr) => answer(String(nr + 2), String(nr + 1), '1'))
    expect(threadsIn([comment('1'), ...deep])[0]?.comments.at(-1)?.depth).toBe(20_000)
  })

  it('hold every comment once, whatever answers what', () => {
    const anyItems = fc.uniqueArray(
      fc.record({ id: fc.nat(30), parent: fc.nat(30), root: fc.nat(3), page: fc.nat(2), at: fc.nat(5) }),
      { selector: ({ id }) => id },
    )
    fc.assert(
      fc.property(anyItems, (given) => {
        const items = given.map(({ id, parent, root, page, at }) =>
          answer(String(id), String(parent), String(root), { containerId: String(page), createdAt: day(at) }),
        )
        const placed = threadsIn(items).flatMap(({ comments }) => comments.map(({ item }) => item.id))
        expect(placed.toSorted()).toEqual(items.map(({ id }) => id).toSorted())
      }),
    )
  })
})

describe('the version of a thread', () => {
  const thread = (...items: readonly CommentItem[]) => threadsIn(items)[0]!
  const root = comment('3', { author: { id: 'a', name: 'Ada' } })
  const reply = answer('4', '3', '3')

  it('is the sum of versions and a digest, whatever the order they came in', () => {
    expect(versionOf(thread(root, reply))).toMatch(/^2-[0-9a-f]{8}$/)
    expect(versionOf(thread(reply, root))).toBe(versionOf(thread(root, reply)))
  })

  it('tells apart everything that a reader would see', () => {
    const others = [
      thread(root),
      thread(root, { ...reply, version: 2 }),
      thread({ ...root, version: 2 }, reply),
      thread({ ...root, resolution: 'resolved' }, reply),
      thread({ ...root, author: { id: 'a', name: 'Ada Lind' } }, reply),
      thread(root, answer('5', '3', '3')),
    ]
    const versions = [thread(root, reply), ...others].map(versionOf)
    expect(new Set(versions).size).toBe(versions.length)
  })
})

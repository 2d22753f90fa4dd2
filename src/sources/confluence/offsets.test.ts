import { describe, expect, it } from 'vitest'
import { createOffsets } from './offsets.ts'

/** Reads a list to its end, while `change` happens to it before each page. */
function read(list: string[], size: number, change: (page: number) => void = () => undefined): string[] {
  const step = createOffsets()
  const read: string[] = []
  let position: string | undefined
  for (let page = 0; page < 100; page++) {
    change(page)
    const { start, next } = step(position, size)
    const from = Number(start ?? 0)
    const ids = list.slice(from, from + size)
    const { fresh, next: following } = next(ids)
    read.push(...ids.slice(fresh))
    if (following === undefined) return read
    position = following
  }
  throw new Error('It never ends.')
}

const letters = () => 'abcdefghijklmnop'.split('')

describe('a list that is read by start', () => {
  it.each([1, 2, 3, 5, 15, 16, 17, 50])('is read whole, each item once, in pages of %d', (size) => {
    expect(read(letters(), size)).toEqual(letters())
  })

  it('may be empty', () => {
    expect(read([], 5)).toEqual([])
  })

  it.each([
    ['one item at its beginning is deleted', (list: string[]) => list.splice(0, 1)],
    ['the last item that was read is deleted', (list: string[]) => list.splice(4, 1)],
    ['all that was read is deleted', (list: string[]) => list.splice(0, 5)],
    ['nearly everything is deleted', (list: string[]) => list.splice(0, 14)],
    ['something is put at its beginning', (list: string[]) => list.splice(0, 0, 'new')],
  ])('loses nothing that is there all the time when %s meanwhile', (_, change) => {
    const list = letters()
    const found = new Set(read(list, 5, (page) => page === 1 && change(list)))
    for (const letter of list.filter((each) => each !== 'new')) expect(found).toContain(letter)
  })
})

import { describe, expect, it } from 'vitest'
import { treeShape } from './generated-tree.ts'

const numbers = (size: number) => Array.from({ length: size }, (_, page) => page)

describe('the shape of a page tree', () => {
  it.each([
    [0, 6],
    [1, 6],
    [2, 6],
    [5, 6],
    [7, 6],
    [300, 1],
    [300, 2],
    [300, 6],
    [4000, 9],
  ])('of %i pages in %i levels: children are those who name the parent', (size, depth) => {
    const tree = treeShape(size, depth, 7)
    const byParent = Map.groupBy(numbers(size), (page) => tree.parent(page))
    for (const page of numbers(size)) {
      const { first, end } = tree.children(page)
      const children = Array.from({ length: end - first }, (_, offset) => first + offset)
      expect(children).toEqual(byParent.get(page) ?? [])
    }
    expect(new Set(numbers(size).map(tree.level)).size).toBe(tree.levels)
    expect(tree.levels).toBe(size === 0 ? 0 : Math.min(size, depth))
  })

  it('lets pages trade places in pairs only', () => {
    const tree = treeShape(5000, 6, 7)
    const places = numbers(5000).map(tree.trade)
    expect(new Set(places).size).toBe(5000)
    for (const page of numbers(5000)) expect(tree.trade(places[page]!)).toBe(page)
  })
})

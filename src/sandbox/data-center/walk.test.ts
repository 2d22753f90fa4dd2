import { describe, expect, it } from 'vitest'
import type { NodeList, WorldNode } from '../world.ts'
import { nodesAfter, nodesBefore } from './walk.ts'

/** A list of nodes that have nothing but ids, and counts how often it is looked into. */
function listOf(...ids: readonly string[]): NodeList & { looks: number } {
  const list = {
    length: ids.length,
    looks: 0,
    at(index: number) {
      list.looks += 1
      return { id: ids[index] } as WorldNode
    },
  }
  return list
}

const idsOf = (nodes: Iterable<WorldNode>) => [...nodes].map(({ id }) => id)

describe('walking through nodes by id', () => {
  const lists = () => [listOf('3', '20', '100'), listOf(), listOf('7', '99')]

  it('merges lists in the order of the numbers, not of the letters', () => {
    expect(idsOf(nodesAfter(lists()))).toEqual(['3', '7', '20', '99', '100'])
  })

  it('goes on behind an id, whether it is there or not', () => {
    expect(idsOf(nodesAfter(lists(), '20'))).toEqual(['99', '100'])
    expect(idsOf(nodesAfter(lists(), '21'))).toEqual(['99', '100'])
    expect(idsOf(nodesAfter(lists(), '100'))).toEqual([])
  })

  it('goes back from an id', () => {
    expect(idsOf(nodesBefore(lists(), '99'))).toEqual(['20', '7', '3'])
    expect(idsOf(nodesBefore(lists(), '98'))).toEqual(['20', '7', '3'])
    expect(idsOf(nodesBefore(lists(), '3'))).toEqual([])
  })

  it('looks at few nodes of a long list', () => {
    const long = listOf(...Array.from({ length: 100_000 }, (_, index) => String(index)))
    const walk = nodesAfter([long], '50000')
    for (let step = 0; step < 10; step += 1) walk.next()
    expect(long.looks).toBeLessThan(40)
  })
})

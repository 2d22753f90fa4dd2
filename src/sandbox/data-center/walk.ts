/**
 * Going through the nodes of spaces in the order of their ids, forwards or backwards from an id, looking at no more of them than
 * are asked for.
 *
 * @module
 */

import { compareIds, countUpTo } from '../id-order.ts'
import type { NodeList, WorldNode } from '../world.ts'

interface Head {
  readonly list: NodeList
  index: number
}

/** Nodes with an id above `after`, ascending. */
export function* nodesAfter(lists: readonly NodeList[], after?: string): Generator<WorldNode> {
  const heads = lists.map((list) => ({ list, index: after === undefined ? 0 : countUpTo(list, after) }))
  const alive = (head: Head) => head.index < head.list.length
  yield* merge(heads.filter(alive), 1, alive)
}

/** Nodes with an id below `before`, descending. */
export function* nodesBefore(lists: readonly NodeList[], before: string): Generator<WorldNode> {
  const heads = lists.map((list) => {
    const count = countUpTo(list, before)
    const included = count > 0 && list.at(count - 1).id === before
    return { list, index: count - (included ? 2 : 1) }
  })
  const alive = (head: Head) => head.index >= 0
  yield* merge(heads.filter(alive), -1, alive)
}

function* merge(heads: Head[], step: 1 | -1, alive: (head: Head) => boolean): Generator<WorldNode> {
  const nodes = new Map(heads.map((head) => [head, head.list.at(head.index)]))
  while (nodes.size > 0) {
    const [head, node] = [...nodes].reduce((first, other) =>
      compareIds(other[1].id, first[1].id) * step < 0 ? other : first,
    )
    yield node
    head.index += step
    if (alive(head)) nodes.set(head, head.list.at(head.index))
    else nodes.delete(head)
  }
}

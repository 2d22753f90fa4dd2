/**
 * Choosing and ordering nodes for v2's lists. The usual walk (by id) merges the spaces' lists lazily and so looks at no more
 * nodes than it serves; every other order has to see them all.
 *
 * @module
 */

import { compareIds, countUpTo } from '../../id-order.ts'
import { badRequest } from '../../problem.ts'
import type { NodeList, WorldNode } from '../../world.ts'
import { cut, type Order, type Part, type Window } from './lists.ts'

type Key = Order<WorldNode>['key']

const byIdAlone: Key = () => 0

const keys: ReadonlyMap<string, Key> = new Map(
  Object.entries<Key>({
    id: byIdAlone,
    'created-date': (node) => node.createdAt.getTime(),
    'modified-date': (node) => node.version.createdAt.getTime(),
    title: (node) => node.title.toLowerCase(),
    'child-position': (node) => node.position,
  }),
)

/** `sort=-modified-date` as an order; absent means by id. @throws {Problem} 400 for anything else. */
export function orderBy(sort = 'id'): Order<WorldNode> {
  const key = keys.get(sort.replace(/^-/, ''))
  if (key === undefined) throw badRequest(`Provided value {${sort}} for 'sort' is not the correct type`)
  return { key, descending: sort.startsWith('-') }
}

export interface Selection {
  readonly lists: readonly NodeList[]
  readonly keep: (node: WorldNode) => boolean
  readonly sort: string | undefined
  readonly window: Window
}

export function select({ lists, keep, sort, window }: Selection): Part<WorldNode> {
  if (sort !== undefined && sort !== 'id') return cut([...each(lists, keep)], orderBy(sort), window)
  const items: WorldNode[] = []
  for (const node of merged(lists, window.after?.id)) {
    if (!keep(node)) continue
    if (items.length === window.limit) return { items, next: { key: 0, id: items.at(-1)!.id } }
    items.push(node)
  }
  return { items }
}

function* each(lists: readonly NodeList[], keep: (node: WorldNode) => boolean): Generator<WorldNode> {
  for (const list of lists) {
    for (let index = 0; index < list.length; index += 1) {
      const node = list.at(index)
      if (keep(node)) yield node
    }
  }
}

/** All nodes after an id, ascending, from lists that are each ascending. */
function* merged(lists: readonly NodeList[], after: string | undefined): Generator<WorldNode> {
  const heads = lists
    .map((list) => ({ list, index: after === undefined ? 0 : countUpTo(list, after) }))
    .filter(({ list, index }) => index < list.length)
    .map(({ list, index }) => ({ list, index, node: list.at(index) }))
  while (heads.length > 0) {
    const head = heads.reduce((least, other) =>
      compareIds(other.node.id, least.node.id) < 0 ? other : least,
    )
    yield head.node
    head.index += 1
    if (head.index < head.list.length) head.node = head.list.at(head.index)
    else heads.splice(heads.indexOf(head), 1)
  }
}

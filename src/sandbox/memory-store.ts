/**
 * Nodes of a world in memory, found by id, by space and type, by parent and by container without scanning.
 *
 * @module
 */

import { compareIds } from './id-order.ts'
import type { NodeList, WorldNode, WorldNodeType } from './world.ts'

export interface MemoryStore {
  readonly get: (id: string) => WorldNode | undefined
  /** @throws {Error} when the id is taken. */
  add(node: WorldNode): void
  remove(node: WorldNode): void
  /** Changes a node where the change may touch the order or the place of the node. */
  change(node: WorldNode, change: (node: WorldNode) => void): void
  readonly list: (spaceId: string, type: WorldNodeType) => NodeList
  /** What names this node as its parent: pages and folders in the tree, answers of a comment. By position, then id. */
  readonly children: (id: string) => readonly WorldNode[]
  readonly attached: (containerId: string, type: 'comment' | 'attachment') => readonly WorldNode[]
}

type Order = (a: WorldNode, b: WorldNode) => number

const byId: Order = (a, b) => compareIds(a.id, b.id)
const byPosition: Order = (a, b) => a.position - b.position || byId(a, b)

/** Lists that stay sorted, by key. */
function sortedLists(order: Order) {
  const lists = new Map<string, WorldNode[]>()

  /** Index of the first entry that does not come before the node. */
  function place(entries: readonly WorldNode[], node: WorldNode): number {
    let low = 0
    let high = entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (order(entries[middle]!, node) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    get: (key: string): readonly WorldNode[] => lists.get(key) ?? [],
    add(key: string, node: WorldNode): void {
      const entries = lists.get(key)
      if (entries === undefined) lists.set(key, [node])
      else entries.splice(place(entries, node), 0, node)
    },
    remove(key: string, node: WorldNode): void {
      const entries = lists.get(key)
      const index = entries?.indexOf(node) ?? -1
      if (index >= 0) entries?.splice(index, 1)
    },
  }
}

export function memoryStore(): MemoryStore {
  const nodes = new Map<string, WorldNode>()
  const inSpace = sortedLists(byId)
  const below = sortedLists(byPosition)
  const attachedTo = sortedLists(byId)

  /** Enters the node into, or takes it out of, every list that it belongs to. */
  function index(node: WorldNode, how: 'add' | 'remove'): void {
    inSpace[how](`${node.spaceId}/${node.type}`, node)
    if (node.parentId !== undefined) below[how](node.parentId, node)
    if (node.containerId !== undefined) attachedTo[how](`${node.containerId}/${node.type}`, node)
  }

  return {
    get: (id) => nodes.get(id),
    add(node) {
      if (nodes.has(node.id)) throw new Error(`This world has content with id ${node.id} already.`)
      nodes.set(node.id, node)
      index(node, 'add')
    },
    remove(node) {
      nodes.delete(node.id)
      index(node, 'remove')
    },
    change(node, change) {
      index(node, 'remove')
      change(node)
      index(node, 'add')
    },
    list: (spaceId, type) => nodeList(inSpace.get(`${spaceId}/${type}`)),
    children: (id) => below.get(id),
    attached: (containerId, type) => attachedTo.get(`${containerId}/${type}`),
  }
}

function nodeList(entries: readonly WorldNode[]): NodeList {
  return {
    length: entries.length,
    at(position) {
      const node = entries[position]
      if (node === undefined) throw new RangeError(`No node at ${position} of ${entries.length}.`)
      return node
    },
  }
}

/**
 * What is known of a space's content tree while it is walked: per node only what ancestors, lists of pages and permissions need,
 * never a body, so that a space of 100,000 pages stays small.
 *
 * @module
 */

import type { ContentItem, NodeType, Restriction } from './api.ts'
import type { AccessNode } from './permissions/path.ts'
import type { AccessPath } from './permissions.ts'

export interface NodeRef {
  readonly id: string
  readonly type: NodeType
}

export interface TreeNode extends NodeRef {
  readonly title: string
  readonly version: number
  /** Absent at the root. */
  readonly parent: NodeRef | undefined
  readonly position: number | undefined
  readonly labels: readonly string[]
  /** Absent: could not be read, which is never the same as empty. */
  readonly read: Restriction | undefined
  readonly update: Restriction | undefined
  /** Where the way up ends, because nobody could say what is above: nothing is known of who gets here. */
  readonly parentUnknown: boolean
}

export interface SpaceTree {
  add(node: TreeNode): void
  has(id: string): boolean
  get(id: string): TreeNode | undefined
  /** The way from the root down to the node, itself last; or the first node on the way up that is not here yet. */
  way(node: TreeNode): Way
  /** Children of a node (`undefined`: of the root) in the order in which Confluence shows them. */
  children(id: string | undefined): readonly TreeNode[]
  /** The current page of that title. */
  byTitle(title: string): TreeNode | undefined
  nodes(): Iterable<TreeNode>
}

type Way =
  | { readonly known: true; readonly nodes: readonly TreeNode[] }
  | { readonly known: false; readonly missing: NodeRef }

export function createTree(): SpaceTree {
  const nodes = new Map<string, TreeNode>()
  /** Made on first use, and again after more has come. */
  let children: Map<string | undefined, TreeNode[]> | undefined
  let titles: Map<string, TreeNode> | undefined

  return {
    add(node) {
      nodes.set(node.id, node)
      children = undefined
      titles = undefined
    },
    has: (id) => nodes.has(id),
    get: (id) => nodes.get(id),
    way(node) {
      const way: TreeNode[] = []
      const seen = new Set<string>()
      for (let at: TreeNode | undefined = node; at; ) {
        // A tree that bites its own tail has no root that anybody could be let in by.
        if (seen.has(at.id)) return { known: true, nodes: [lost(at), ...way.toReversed()] }
        seen.add(at.id)
        way.push(at)
        const parent: NodeRef | undefined = at.parent
        if (!parent) break
        at = nodes.get(parent.id)
        if (!at) return { known: false, missing: parent }
      }
      return { known: true, nodes: way.toReversed() }
    },
    children(id) {
      children ??= Map.groupBy([...nodes.values()].sort(byPosition), ({ parent }) => parent?.id)
      return children.get(id) ?? []
    },
    byTitle(title) {
      titles ??= new Map([...nodes.values()].filter(isPage).map((node) => [node.title, node]))
      return titles.get(title)
    },
    nodes: () => nodes.values(),
  }
}

const isPage = ({ type }: TreeNode) => type === 'page'

function byPosition(a: TreeNode, b: TreeNode): number {
  const unplaced = Number.MAX_SAFE_INTEGER
  const order = (a.position ?? unplaced) - (b.position ?? unplaced)
  return order === 0 ? a.title.localeCompare(b.title) : order
}

/** Own restrictions and labels of a node, from wherever they came. */
export type Own = Pick<TreeNode, 'labels' | 'read' | 'update'>

export function treeNode(item: ContentItem, { labels, read, update }: Own): TreeNode {
  const { id, type, title, version, parent, position, parentUnknown = false } = item
  return { id, type, title, version, parent, position, labels, read, update, parentUnknown }
}

/** A node that nobody could read: what is below it is let to nobody. */
export function lost({ id, type }: NodeRef): TreeNode {
  return {
    id,
    type,
    title: '',
    version: 0,
    parent: undefined,
    position: undefined,
    labels: [],
    read: undefined,
    update: undefined,
    parentUnknown: true,
  }
}

/** Whether an item that was read again is as it was: neither edited nor moved. */
export function isUnchanged(now: Placed, before: Placed): boolean {
  return now.version === before.version && now.parent?.id === before.parent?.id
}

interface Placed {
  readonly version: number
  readonly parent?: NodeRef | undefined
}

/** What permissions are computed from: a known way and the space's grants. */
export function accessPath(space: AccessPath['space'], way: readonly TreeNode[]): AccessPath {
  const own = way.at(-1)!
  const above = way.slice(0, -1)
  return {
    type: own.type === 'blogpost' ? 'blogpost' : 'page',
    space,
    ancestors: endsInTheDark(way[0]!) ? [nobodyKnows(way[0]!), ...gates(above)] : gates(above),
    own: { ...accessNode(own), update: own.update },
  }
}

const endsInTheDark = ({ parentUnknown, read }: TreeNode) => parentUnknown && read !== undefined

const gates = (nodes: readonly TreeNode[]) => nodes.filter(mayRestrict).map(accessNode)

const mayRestrict = ({ read }: TreeNode) => !read || read.users.length > 0 || read.groups.length > 0

const accessNode = ({ id, type, title, read }: TreeNode): AccessNode => ({
  from: title === '' ? `${type} ${id}` : `${type} "${title}" (${id})`,
  read,
})

const nobodyKnows = (node: TreeNode): AccessNode => ({
  from: `whatever is above ${accessNode(node).from}`,
  read: undefined,
})

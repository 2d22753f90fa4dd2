/**
 * How a space's tree grows from a listing: each item gets its labels and restrictions, and whatever stands above it is found.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { Annotation, ContentItem, Space } from './api.ts'
import { bulks, isLocal } from './seat.ts'
import { type NodeRef, type SpaceTree, type TreeNode, treeNode } from './tree.ts'
import type { Looks, Wiki } from './wiki.ts'

export interface Growth {
  readonly tree: SpaceTree
  /** Adds items; those already there are left out of the answer, so nothing is listed twice. */
  add(items: readonly ContentItem[]): Promise<readonly ContentItem[]>
  /** Ids that the search index named and nobody added: gone since, or left out of the listing. */
  unlisted(): readonly string[]
  /** The way down to a node; folders and the like are read as needed. `missing`: a page that may still come. */
  way(node: TreeNode): Promise<{ readonly nodes: readonly TreeNode[] } | { readonly missing: NodeRef }>
  /** The way to an item in the tree with everything above it read anew, and remembered so. */
  renewedWay(item: ContentItem, looks: Looks): Promise<readonly TreeNode[]>
  /** Reads pages that no listing brought, in bulk where the site shows them. Afterwards every one of them is in the tree. @returns those that came in bulk */
  fetch(missing: readonly NodeRef[]): Promise<readonly ContentItem[]>
}

interface GrowthOptions {
  readonly wiki: Wiki
  readonly space: Space
  readonly tree: SpaceTree
  /** `space`: one pass over the whole space at the beginning. `ids`: batch by batch, where only a part of the space is wanted. */
  readonly annotate: 'space' | 'ids'
  readonly archived: boolean
}

/** Items whose restrictions are completed at the same time; the client bounds the requests. */
const atOnce = 250

export async function growTree(
  { wiki, space, tree, annotate, archived }: GrowthOptions,
  context: CallContext,
): Promise<Growth> {
  const { api } = wiki
  const annotations = new Map<string, Annotation>()
  if (annotate === 'space') await collect(api.annotations(space, { ...context, archived }))

  /** Where the index cannot be asked, every item is asked about singly: slower, never laxer. */
  async function collect(lists: AsyncIterable<readonly Annotation[]>): Promise<void> {
    try {
      for await (const batch of lists)
        for (const annotation of batch) {
          const { author, ...rest } = annotation
          wiki.names.remember(author)
          annotations.set(annotation.id, rest)
        }
    } catch (thrown) {
      if (!isLocal(thrown)) throw thrown
    }
  }

  async function annotationsOf(items: readonly ContentItem[]): Promise<void> {
    const ids = items.filter((item) => !item.annotation && !annotations.has(item.id)).map(({ id }) => id)
    if (annotate === 'space' || ids.length === 0) return
    await collect(once(() => api.annotationsByIds(ids, { ...context, archived })))
  }

  async function add(items: readonly ContentItem[]): Promise<readonly ContentItem[]> {
    const fresh = items.filter((item) => !tree.has(item.id))
    await annotationsOf(fresh)
    for (const part of bulks(fresh, atOnce)) {
      const owns = await Promise.all(part.map((item) => wiki.own(item, annotations.get(item.id))))
      for (const [index, item] of part.entries()) {
        wiki.names.remember(item.annotation?.author)
        annotations.delete(item.id)
        tree.add(treeNode(item, owns[index]!))
      }
    }
    await addContainers(fresh)
    return fresh
  }

  /** Folders and the like right above these, and what they are in: all that no listing will bring, many at a time. */
  async function addContainers(nodes: readonly { readonly parent?: NodeRef | undefined }[]): Promise<void> {
    for (let open = nodes; open.length > 0; ) {
      const refs = open.flatMap(({ parent }) => (parent && parent.type !== 'page' ? [parent] : []))
      const missing = new Map(refs.filter(({ id }) => !tree.has(id)).map((ref) => [ref.id, ref]))
      const found = await Promise.all([...missing.values()].map(wiki.ancestor))
      for (const node of found) tree.add(node)
      open = found
    }
  }

  return {
    tree,
    add,
    unlisted: () => [...annotations.keys()].filter((id) => !tree.has(id)),
    async way(node) {
      for (;;) {
        const way = tree.way(node)
        if (way.known) return { nodes: way.nodes }
        if (way.missing.type === 'page') return { missing: way.missing }
        tree.add(await wiki.ancestor(way.missing))
      }
    },
    async renewedWay(item, looks) {
      const above = await wiki.above(item, looks)
      for (const now of above) {
        const { parent, read, parentUnknown } = now
        const before = tree.get(now.id)
        tree.add(before ? { ...before, parent, read, parentUnknown } : now)
      }
      return [...above, tree.get(item.id)!]
    },
    async fetch(missing) {
      const ids = [...new Set(missing.map(({ id }) => id))]
      const found = await add(await bulk(() => api.contentByIds(ids, 'page', context)))
      const rest = missing.filter(({ id }) => !tree.has(id))
      for (const node of await Promise.all(rest.map(wiki.ancestor))) tree.add(node)
      return found
    },
  }
}

async function* once<Value>(find: () => Promise<Value>): AsyncGenerator<Value> {
  yield await find()
}

async function bulk(find: () => Promise<readonly ContentItem[]>): Promise<readonly ContentItem[]> {
  try {
    return await find()
  } catch (thrown) {
    if (isLocal(thrown)) return []
    throw thrown
  }
}

/** The whole tree of a space without bodies, for macros that list pages of a space which is not, or not wholly, walked. */
export async function loadTree(wiki: Wiki, space: Space, tree: SpaceTree): Promise<SpaceTree> {
  const context = { signal: wiki.signal }
  const growth = await growTree({ wiki, space, tree, annotate: 'space', archived: false }, context)
  for await (const batch of wiki.api.content(space, { body: false, archived: false }, context))
    await growth.add(batch)
  await findAbove(growth, [...tree.nodes()])
  return tree
}

/** Completes the ways of all these nodes, level by level. @returns pages that no listing brought */
export async function findAbove(growth: Growth, nodes: readonly TreeNode[]): Promise<readonly ContentItem[]> {
  const found: ContentItem[] = []
  for (let open = nodes; open.length > 0; ) {
    const missing: NodeRef[] = []
    const next: TreeNode[] = []
    for (const node of open) {
      const way = await growth.way(node)
      if ('nodes' in way) continue
      missing.push(way.missing)
      next.push(node)
    }
    if (missing.length > 0) found.push(...(await growth.fetch(missing)))
    open = next
  }
  return found
}

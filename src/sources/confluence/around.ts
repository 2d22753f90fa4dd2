/**
 * What a page may see of the wiki around it. Everything asked here is checked against the readers of the page in hand: what one of
 * them could not open does not come back.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { ContentItem, FileAddress, FileItem, Site, Space } from './api.ts'
import { changedMeanwhile } from './changed.ts'
import { loadTree } from './growth.ts'
import { withoutBody } from './not-there.ts'
import type { AccessPath } from './permissions.ts'
import type { Included, PageLink, Surroundings } from './surroundings.ts'
import { accessPath, createTree, isUnchanged, type SpaceTree, type TreeNode } from './tree.ts'
import type { Wiki } from './wiki.ts'

export interface PageInHand {
  readonly wiki: Wiki
  readonly space: Space
  readonly item: ContentItem
  /** Root first, the page itself last. */
  readonly way: readonly TreeNode[]
  /** The tree of its space, once it is complete. */
  readonly tree: () => SpaceTree | undefined
  readonly bodyMode: Surroundings['bodyMode']
}

/** A tree and the space it is of. */
interface Wood {
  readonly tree: SpaceTree
  readonly space: Space
  readonly access: AccessPath['space']
}

interface SurroundingsOptions extends CallContext {
  /** Whether the text of included pages is wanted, or only whether it is the same as before. */
  readonly texts: boolean
}

export function createSurroundings(inHand: PageInHand, { signal, texts }: SurroundingsOptions): Surroundings {
  const { wiki, space, item } = inHand
  const { api, permissions } = wiki
  const pageUrl = (spaceKey: string, title: string) => linkByTitle(api.site, spaceKey, title)
  let view: Promise<string> | undefined

  async function ownPath(): Promise<AccessPath> {
    return accessPath(await wiki.access(space), inHand.way)
  }

  async function isOpenToReaders(path: AccessPath): Promise<boolean> {
    return permissions.readableByAll(path, await ownPath())
  }

  /** The whole tree of a space: this one's where it is complete, else read for the purpose. */
  async function wood(spaceKey: string): Promise<Wood | undefined> {
    const own = spaceKey === space.key ? inHand.tree() : undefined
    if (own) return { tree: own, space, access: await wiki.access(space) }
    const other = spaceKey === space.key ? space : await wiki.space(spaceKey)
    if (!other) return undefined
    const tree = await wiki.tree(other, () => loadTree(wiki, other, createTree()))
    return { tree, space: other, access: await wiki.access(other) }
  }

  function linkTo({ id, title }: TreeNode, spaceKey: string, children: readonly PageLink[]): PageLink {
    return { id, title, url: api.linkTo(id, spaceKey), children }
  }

  async function mayShow({ tree, access }: Wood, node: TreeNode): Promise<boolean> {
    const way = tree.way(node)
    return way.known && isOpenToReaders(accessPath(access, way.nodes))
  }

  /** Pages below a node that may be shown. What is below a page that may not be shown may not be either. */
  async function below(in_: Wood, id: string, depth: number): Promise<PageLink[]> {
    if (depth <= 0) return []
    const links: PageLink[] = []
    for (const node of in_.tree.children(id)) {
      if (node.type !== 'page' && node.type !== 'folder') continue
      if (!(await mayShow(in_, node))) continue
      links.push(linkTo(node, in_.space.key, await below(in_, node.id, depth - 1)))
    }
    return links
  }

  /** What was written since the page was listed may be for fewer readers. */
  async function viewOfThisVersion(): Promise<string> {
    const { html, version } = await api.view(item.id, item.type === 'blogpost' ? 'blogpost' : 'page', {
      signal,
    })
    if (version !== item.version) throw changedMeanwhile(item)
    return html
  }

  async function includeFromOwn(tree: SpaceTree, title: string): Promise<Included> {
    const node = tree.byTitle(title)
    const way = node && tree.way(node)
    if (!node || !way?.known) return { outcome: 'missing' }
    if (!(await isOpenToReaders(accessPath(await wiki.access(space), way.nodes))))
      return refused(space.key, title)
    const page = linkTo(node, space.key, [])
    if (!texts) return { outcome: 'found', page, version: node.version, storage: '' }
    const found = await wiki.page(node.id)
    if (!found || found.spaceId !== space.id) return { outcome: 'missing' }
    // Written anew since it was listed: the words are for those who may read them now.
    if (!isUnchanged(found, node)) return includeAlone(space, found)
    return { outcome: 'found', page, version: found.version, storage: textOf(found) }
  }

  /** A page whose way is not that of a known tree. */
  async function includeAlone(home: Space, found: ContentItem): Promise<Included> {
    const way = await wiki.wayTo(found)
    if (!(await isOpenToReaders(accessPath(await wiki.access(home), way))))
      return refused(home.key, found.title)
    const page = linkTo(way.at(-1)!, home.key, [])
    return { outcome: 'found', page, version: found.version, storage: texts ? textOf(found) : '' }
  }

  const refused = (spaceKey: string, title: string): Included => ({
    outcome: 'not_permitted',
    // Made of what the including page itself says.
    url: pageUrl(spaceKey, title),
  })

  return {
    page: { id: item.id, title: item.title, spaceKey: space.key, url: item.url },
    webUrl: api.site.webUrl,
    deployment: api.site.deployment,
    bodyMode: inHand.bodyMode,
    userNames: (ids) => wiki.names.find(ids),
    pageUrl,
    async include(spaceKey, title) {
      const tree = spaceKey === space.key ? inHand.tree() : undefined
      if (tree) return includeFromOwn(tree, title)
      const home = spaceKey === space.key ? space : await wiki.space(spaceKey)
      const found = home && (await wiki.pageByTitle(home, title, texts))
      if (!found || found.spaceId !== home.id) return { outcome: 'missing' }
      return includeAlone(home, found)
    },
    async children(root, depth) {
      const in_ = await wood(root.spaceKey ?? space.key)
      const top = in_ && rootOf(in_, root, inHand)
      if (!in_ || !top || !(await mayShow(in_, top))) return []
      return below(in_, top.id, depth)
    },
    async labelled({ labels, any, spaceKeys, limit }) {
      const links: PageLink[] = []
      for (const key of spaceKeys.length > 0 ? spaceKeys : [space.key]) {
        const in_ = await wood(key)
        for (const node of in_?.tree.nodes() ?? []) {
          if (links.length >= limit) return links
          if (!in_ || node.type !== 'page' || !carries(node, labels, any)) continue
          if (await mayShow(in_, node)) links.push(linkTo(node, key, []))
        }
      }
      return links
    },
    async files(pageId, names) {
      const type = item.type === 'blogpost' && pageId === item.id ? 'blogpost' : 'page'
      const isLate = pageId === item.id && wiki.isLate(item)
      const files = await wiki.files.on({ spaceId: space.id, id: pageId, type, isLate })
      const wanted = files.filter(({ title }) => names.includes(title))
      return new Map(wanted.map((file) => [file.title, addressOf(file)]))
    },
    view() {
      view ??= viewOfThisVersion()
      return view
    },
  }
}

const addressOf = ({ id, containerId, title, version }: FileItem): FileAddress => ({
  ...{ id, containerId, title },
  version: String(version),
})

/** @throws {OutflowError} kind `content` */
function textOf(item: ContentItem): string {
  if (item.body === undefined) throw withoutBody(item)
  return item.body
}

type Root = Parameters<Surroundings['children']>[0]

function rootOf({ tree, space }: Wood, { title, special }: Root, { way }: PageInHand): TreeNode | undefined {
  if (special === '@self') return tree.get(way.at(-1)!.id)
  if (special === '@parent') return way.length > 1 ? tree.get(way.at(-2)!.id) : undefined
  if (special === '@home' || title === undefined)
    return space.homepageId === undefined ? undefined : tree.get(space.homepageId)
  return tree.byTitle(title)
}

function carries(node: TreeNode, labels: readonly string[], any: boolean): boolean {
  const has = (label: string) => node.labels.includes(label)
  return any ? labels.some(has) : labels.length > 0 && labels.every(has)
}

/** By title, as both deployments understand it; says nothing about whether the page exists. */
function linkByTitle({ webUrl }: Site, spaceKey: string, title: string): string {
  return `${webUrl}/pages/viewpage.action?${new URLSearchParams({ spaceKey, title }).toString()}`
}

/**
 * What a run knows of the whole site beside the space that is being walked: each thing asked once, and remembered within bounds.
 *
 * @module
 */

import type { IndexContext } from '../../model/contracts.ts'
import { createGathering } from '../../util/gather.ts'
import { createRecent } from '../../util/recent.ts'
import type { Annotation, ConfluenceApi, ContentItem, Space } from './api.ts'
import { createFileShelf, type FileShelf } from './files/shelf.ts'
import { createNames, type Names } from './names.ts'
import { type AccessPath, createPermissions, type Permissions } from './permissions.ts'
import type { PictureRules } from './pictures.ts'
import { isLocal } from './seat.ts'
import { lost, type NodeRef, type Own, type SpaceTree, type TreeNode, treeNode } from './tree.ts'

export interface Wiki {
  readonly api: ConfluenceApi
  /** Ends when the source is closed. For what more than one document waits for. */
  readonly signal: AbortSignal
  readonly permissions: Permissions
  readonly names: Names
  /** What is attached to which page. */
  readonly files: FileShelf
  /** Which pictures of pages are wanted; none without it. */
  readonly pictures: PictureRules | undefined
  /** A space and who may do what in it; its grants are undefined when this account may not know. */
  access(space: Space): Promise<AccessPath['space']>
  space(key: string): Promise<Space | undefined>
  /** Labels and restrictions of an item: those given, where they are whole and of the same version, else asked for singly. Fails closed. */
  own(item: ContentItem, given: Annotation | undefined): Promise<Own>
  /** A node above that no listing brought; `lost` when it cannot be read. */
  ancestor(ref: NodeRef): Promise<TreeNode>
  /**
   * Whether an item was written so lately, or in this run, that what is known of the nodes above it may be older than its words: somebody
   * may have closed them first.
   */
  isLate(item: ContentItem): boolean
  /**
   * What is above an item, root first, by single requests: for a late item as it is now, else as it was when it was first asked for.
   *
   * @param looks what was read since the words on hand came, and serves all of them
   */
  above(item: ContentItem, looks: Looks): Promise<readonly TreeNode[]>
  /** An item and its way from the root, all by single requests; for pages of other spaces. */
  wayTo(item: ContentItem): Promise<readonly TreeNode[]>
  /** @param body whether its body is wanted */
  pageByTitle(space: Space, title: string, body: boolean): Promise<ContentItem | undefined>
  /** A page with its body, as it was when it was first asked for; `undefined` when it is gone. */
  page(id: string): Promise<ContentItem | undefined>
  /** The whole tree of a space, whether or not the walk goes there; `load` is called where it is not at hand. */
  tree(space: Space, load: () => Promise<SpaceTree>): Promise<SpaceTree>
}

/** Nodes by id, each read once. */
export type Looks = Map<string, Promise<TreeNode>>

interface WikiOptions {
  readonly api: ConfluenceApi
  readonly signal: AbortSignal
  readonly emit: IndexContext['emit']
  readonly pictures?: PictureRules | undefined
}

/** Bytes of included bodies, roughly. */
const mostIncluded = 16_000_000
const mostNodes = 5000
const mostTrees = 2
/** How long before the run the search index may have missed what happened, and clocks may differ by; in milliseconds. */
const lateness = 600_000
/** Memberships, which the permissions remember too. */
const mostGroups = 1000

export function createWiki({ api, signal, emit, pictures }: WikiOptions): Wiki {
  const context = { signal }
  const grants = createRecent<AccessPath['space']>(1000)
  const spaces = createRecent<Space | undefined>(1000)
  const ancestors = createRecent<TreeNode>(mostNodes)
  const foreign = createRecent<Own>(mostNodes)
  const titles = createRecent<ContentItem | undefined>(
    mostIncluded,
    (item) => 500 + (item?.body?.length ?? 0),
  )
  const pages = createRecent<ContentItem | undefined>(mostIncluded, (item) => 500 + (item?.body?.length ?? 0))
  const lateFrom = api.now() - lateness
  const trees = createRecent<SpaceTree>(mostTrees)

  const pageOf = createGathering(async (ids) => {
    const items = await api.contentByIds(ids, 'page', context)
    return new Map(items.map((item) => [item.id, item]))
  })

  async function readGrants({ key, name, ...rest }: Space): Promise<AccessPath['space']> {
    try {
      return { key, name, grants: await api.grants({ key, name, ...rest }, context) }
    } catch (thrown) {
      if (!isLocal(thrown)) throw thrown
      emit({
        type: 'warning',
        code: thrown.code,
        message: `${thrown.message} Its documents carry permissions "unknown": nobody is let in.`,
        ...(thrown.fix ? { fix: thrown.fix } : {}),
      })
      return { key, name, grants: undefined }
    }
  }

  async function findSpace(key: string): Promise<Space | undefined> {
    const wanted = key.toLowerCase()
    for await (const space of api.spaces({ keys: [key], archived: true }, context))
      if (space.key.toLowerCase() === wanted || space.alias?.toLowerCase() === wanted) return space
    return undefined
  }

  async function readOwn(item: ContentItem, given: Annotation | undefined): Promise<Own> {
    const whole = given && (given.version === undefined || given.version === item.version)
    if (!whole)
      return api.annotation(item.id, item.type === 'blogpost' ? 'blogpost' : 'page', context) as Promise<Own>
    const [read, update] = await Promise.all([
      given.read ?? api.restriction(item.id, 'read', context),
      given.update ?? api.restriction(item.id, 'update', context),
    ])
    return { labels: given.labels, read, update }
  }

  const own: Wiki['own'] = async (item, given) => {
    const annotation = item.annotation ?? given
    try {
      return await readOwn(item, annotation)
    } catch (thrown) {
      if (!isLocal(thrown)) throw thrown
      return { labels: annotation?.labels ?? [], read: undefined, update: undefined }
    }
  }

  async function readAncestor(ref: NodeRef): Promise<TreeNode> {
    try {
      const readAlone = () => api.restriction(ref.id, 'read', context)
      const [item, ofContainer] = await Promise.all([
        api.node(ref.id, ref.type, context),
        // Only a page may bring its restriction along.
        ref.type === 'page' ? undefined : readAlone(),
      ])
      const read = ofContainer ?? item.annotation?.read ?? (await readAlone())
      return treeNode(item, { labels: item.annotation?.labels ?? [], read, update: undefined })
    } catch (thrown) {
      if (isLocal(thrown)) return lost(ref)
      throw thrown
    }
  }

  const ancestor: Wiki['ancestor'] = (ref) => ancestors(ref.id, () => readAncestor(ref))

  const isLate: Wiki['isLate'] = ({ modifiedAt }) => !modifiedAt || modifiedAt.getTime() >= lateFrom

  function look(ref: NodeRef, looks: Looks): Promise<TreeNode> {
    const node = looks.get(ref.id) ?? readAncestor(ref)
    looks.set(ref.id, node)
    return node
  }

  const above: Wiki['above'] = async (item, looks) => {
    const read = (ref: NodeRef) => (isLate(item) ? look(ref, looks) : ancestor(ref))
    const way: TreeNode[] = []
    const seen = new Set([item.id])
    for (let ref = item.parent; ref; ref = way[0]!.parent) {
      // A circle has no root: what is in it is let to nobody.
      way.unshift(seen.has(ref.id) ? lost(ref) : await read(ref))
      seen.add(ref.id)
    }
    return way
  }

  const names = createNames(api, context)
  const groups = createRecent<ReadonlySet<string>>(mostGroups)

  /** Members bring their names along, which mentions will need. */
  async function readMembers(groupId: string): Promise<ReadonlySet<string>> {
    const members = await api.groupMembers(groupId, context)
    for (const [id, name] of members) if (name) names.remember({ id, name })
    return new Set(members.keys())
  }

  const groupMembers = (groupId: string) => groups(groupId, () => readMembers(groupId))

  async function accessClassMembers(accessClass: string): Promise<ReadonlySet<string> | undefined> {
    const groupIds = await api.accessClassGroups(accessClass, context)
    if (!groupIds) return undefined
    const members = await Promise.all(groupIds.map(groupMembers))
    return members.reduce((all, some) => all.union(some), new Set<string>())
  }

  return {
    pictures,
    api,
    signal,
    names,
    files: createFileShelf({ api, names, signal }),
    permissions: createPermissions({ groupMembers, accessClassMembers }),
    access: (space) => grants(space.key, () => readGrants(space)),
    space: (key) => spaces(key, () => findSpace(key)),
    own,
    ancestor,
    isLate,
    above,
    async wayTo(item) {
      const itsOwn = await foreign(`${item.id} ${item.version}`, () => own(item, undefined))
      return [...(await above(item, new Map())), treeNode(item, itsOwn)]
    },
    pageByTitle: (space, title, body) =>
      titles(`${space.key}\n${title}\n${body}`, () => api.pageByTitle(space, title, { ...context, body })),
    page: (id) => pages(id, () => pageOf(id)),
    tree: (space, load) => trees(space.key, load),
  }
}

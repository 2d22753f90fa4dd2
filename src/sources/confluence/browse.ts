/**
 * Looking around in a wiki before anything is set up: what is below a place, and who is behind an id. Nothing is stored.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { BrowsedPlace, NamedIdentity } from '../../model/contracts.ts'
import { OutflowError } from '../../model/errors.ts'
import type { ConfluenceApi, Space } from './api.ts'
import { loadTree } from './growth.ts'
import { pageOrPost } from './single.ts'
import { createTree, type SpaceTree, type TreeNode } from './tree.ts'
import type { Wiki } from './wiki.ts'

/** A space's place is told from a page's id by this. */
const spacePrefix = 'space:'

/**
 * Spaces, by their keys; or the pages at the top of a space; or those below a page. The tree of a space is read whole, some requests for each
 * thousand pages.
 *
 * @param parent `space:KEY`, or the id of a page; absent: the spaces
 * @throws {OutflowError} kind `missing`
 */
export async function browse(
  wiki: Wiki,
  parent: string | undefined,
  context: CallContext,
): Promise<readonly BrowsedPlace[]> {
  if (parent === undefined) return spacePlaces(wiki.api, context)
  if (parent.startsWith(spacePrefix)) {
    const space = await wiki.space(parent.slice(spacePrefix.length))
    if (!space) throw notThere(parent)
    return pagePlaces(wiki, space, await treeOf(wiki, space), undefined)
  }
  const item = await pageOrPost(wiki, parent, context)
  for await (const space of wiki.api.spaces({ ids: [item.spaceId], archived: true }, context))
    if (space.id === item.spaceId) return pagePlaces(wiki, space, await treeOf(wiki, space), item.id)
  throw notThere(parent)
}

async function spacePlaces(
  { spaces, site }: ConfluenceApi,
  context: CallContext,
): Promise<readonly BrowsedPlace[]> {
  const places: BrowsedPlace[] = []
  for await (const { key, name } of spaces({}, context))
    places.push({
      id: `${spacePrefix}${key}`,
      kind: 'space',
      title: name,
      url: `${site.webUrl}/display/${encodeURIComponent(key)}`,
      hasChildren: true,
    })
  return places.sort((a, b) => (a.title < b.title ? -1 : 1))
}

const treeOf = (wiki: Wiki, space: Space) => wiki.tree(space, () => loadTree(wiki, space, createTree()))

/** Folders count as pages here: pages are below them. */
function pagePlaces(
  { api }: Wiki,
  { key }: Space,
  tree: SpaceTree,
  parent: string | undefined,
): readonly BrowsedPlace[] {
  const isShown = ({ type }: TreeNode) => type === 'page' || type === 'folder'
  return tree
    .children(parent)
    .filter(isShown)
    .map(({ id, title }) => ({
      ...{ id, title, kind: 'page' },
      url: api.linkTo(id, key),
      hasChildren: tree.children(id).some(isShown),
    }))
}

/** Each id as a person's, and, where it is nobody's, as a group's. */
export async function identities(
  { api }: Wiki,
  ids: readonly string[],
  context: CallContext,
): Promise<readonly NamedIdentity[]> {
  const people = await api.userNames(ids, context)
  return Promise.all(
    ids.map(async (id): Promise<NamedIdentity> => {
      const person = people.get(id)
      if (person !== undefined) return { id, kind: 'user', name: person }
      const group = await api.groupName(id, context)
      return group === undefined ? { id, kind: 'user' } : { id, kind: 'group', name: group }
    }),
  )
}

function notThere(place: string): OutflowError {
  return new OutflowError({
    kind: 'missing',
    code: 'confluence.place.missing',
    message: `There is no place "${place}" that this account can see.`,
    fix: 'Take the ids that browsing gives: begin without a parent.',
  })
}

/**
 * Blog posts of all spaces in scope, by as few lists as the site allows. Posts have no place in a tree: nothing is above them but
 * their space.
 *
 * @module
 */

import type { IndexContext, Listed } from '../../model/contracts.ts'
import { readAhead } from '../../util/read-ahead.ts'
import type { Annotation, ContentItem, Space } from './api.ts'
import { refOf } from './documents.ts'
import { listSafely } from './render.ts'
import { isLocal } from './seat.ts'
import type { Selection } from './selection.ts'
import type { Surroundings } from './surroundings.ts'
import { treeNode } from './tree.ts'
import type { Wiki } from './wiki.ts'

/** One space's share in the posts. */
export interface PostScope {
  readonly space: Space
  readonly selection: Selection
  /** How many documents this space may still have. */
  left: number
  /** Posts that were listed, and whether the limit cut any. */
  documents: number
  truncated: boolean
}

interface Posts {
  readonly wiki: Wiki
  readonly scopes: readonly PostScope[]
  /** Whether these are all spaces that the account sees. */
  readonly everywhere: boolean
  readonly bodyMode: Surroundings['bodyMode']
  readonly context: IndexContext
}

export async function* listPosts({
  wiki,
  scopes,
  everywhere,
  bodyMode,
  context,
}: Posts): AsyncGenerator<Listed> {
  const { api } = wiki
  const bySpace = new Map(scopes.map((scope) => [scope.space.id, scope]))
  const seen = new Set<string>()
  const lists = api.blogPosts(
    scopes.map(({ space }) => space),
    { body: true, everywhere },
    context,
  )
  for await (const batch of readAhead(lists)) {
    const fresh = batch.filter(({ id, spaceId }) => bySpace.has(spaceId) && !seen.has(id))
    for (const { id } of fresh) seen.add(id)
    const annotations = await annotationsOf(fresh)
    const owns = await Promise.all(fresh.map((item) => wiki.own(item, annotations.get(item.id))))
    for (const [index, item] of fresh.entries()) {
      wiki.names.remember((item.annotation ?? annotations.get(item.id))?.author)
      const scope = bySpace.get(item.spaceId)!
      yield* leave(item, scope, [treeNode(item, owns[index]!)])
    }
  }

  async function annotationsOf(items: readonly ContentItem[]): Promise<ReadonlyMap<string, Annotation>> {
    const ids = items.filter(({ annotation }) => !annotation).map(({ id }) => id)
    if (ids.length === 0) return new Map()
    try {
      const found = await api.annotationsByIds(ids, context)
      return new Map(found.map((annotation) => [annotation.id, annotation]))
    } catch (thrown) {
      if (isLocal(thrown)) return new Map()
      throw thrown
    }
  }

  async function* leave(
    item: ContentItem,
    scope: PostScope,
    way: readonly ReturnType<typeof treeNode>[],
  ): AsyncGenerator<Listed> {
    const { space, selection } = scope
    const rule = selection.skips(item, way)
    if (rule !== undefined) {
      yield { type: 'skipped', document: refOf({ site: api.site, space, item }), rule }
    } else if (scope.left <= 0) {
      scope.truncated = true
    } else {
      scope.left -= 1
      scope.documents += 1
      yield await listSafely({ wiki, space, item, way, tree: () => undefined, bodyMode })
    }
  }
}

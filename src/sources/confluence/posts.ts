/**
 * Blog posts of all spaces in scope, by as few lists as the site allows. Posts have no place in a tree: nothing is above them but
 * their space.
 *
 * @module
 */

import type { IndexContext, Listed } from '../../model/contracts.ts'
import { readAhead } from '../../util/read-ahead.ts'
import type { Annotation, ContentItem, Space } from './api.ts'
import type { PageInHand } from './around.ts'
import { placeOf, refOf } from './documents.ts'
import { listSafely, type Recalled, recallPage } from './render.ts'
import { isLocal } from './seat.ts'
import type { Selection } from './selection.ts'
import type { Surroundings } from './surroundings.ts'
import { isUnchanged, treeNode } from './tree.ts'
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
  const withBodies = !context.recall
  const lists = api.blogPosts(
    scopes.map(({ space }) => space),
    { body: withBodies, everywhere },
    context,
  )
  for await (const batch of readAhead(lists)) {
    const fresh = batch.filter(({ id, spaceId }) => bySpace.has(spaceId) && !seen.has(id))
    for (const { id } of fresh) seen.add(id)
    const annotations = await annotationsOf(fresh)
    const owns = await Promise.all(fresh.map((item) => wiki.own(item, annotations.get(item.id))))
    const chosen: PageInHand[] = []
    for (const [index, item] of fresh.entries()) {
      wiki.names.remember((item.annotation ?? annotations.get(item.id))?.author)
      const scope = bySpace.get(item.spaceId)!
      const way = [treeNode(item, owns[index]!)]
      const rule = scope.selection.skips(item, way)
      if (rule !== undefined) yield skipped(item, scope.space, rule)
      else if (scope.left <= 0) scope.truncated = true
      else {
        scope.left -= 1
        scope.documents += 1
        chosen.push({ wiki, space: scope.space, item, way, tree: () => undefined, bodyMode })
      }
    }
    if (withBodies) for (const post of chosen) yield await listSafely(post)
    else yield* recallPosts(chosen)
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

  function skipped(item: ContentItem, space: Space, rule: string): Listed {
    const document = refOf({ site: api.site, space, item })
    return { type: 'skipped', document, place: placeOf(api.site, item), rule, outOfScope: true }
  }

  /** Those that were delivered as they are leave at once, the others when their bodies are here. */
  async function* recallPosts(posts: readonly PageInHand[]): AsyncGenerator<Listed> {
    const recalled = await Promise.all(posts.map((post) => recallPage(post, context)))
    const wanted = posts.filter((_, index) => 'wanted' in recalled[index]!)
    for (const each of recalled) if ('listed' in each) yield each.listed
    const bodies = await bodiesOf(wanted.map(({ item }) => item.id))
    for (const post of wanted) {
      const { item } = post
      const fresh = bodies.get(item.id)
      const same = fresh && isUnchanged(fresh, item) && fresh.spaceId === item.spaceId
      // Without its body it is fetched by itself, where it is looked at anew.
      const listed = await listSafely(same ? { ...post, item: fresh } : post)
      yield listed.type === 'document' && isStale(recalled[posts.indexOf(post)]!)
        ? { ...listed, stale: true }
        : listed
    }
  }

  async function bodiesOf(ids: readonly string[]): Promise<ReadonlyMap<string, ContentItem>> {
    try {
      const items = ids.length > 0 ? await api.contentByIds(ids, 'blogpost', context) : []
      return new Map(items.map((item) => [item.id, item]))
    } catch (thrown) {
      if (isLocal(thrown)) return new Map()
      throw thrown
    }
  }
}

const isStale = (recalled: Recalled) => 'wanted' in recalled && recalled.stale

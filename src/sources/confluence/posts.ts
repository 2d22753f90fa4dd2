/**
 * Blog posts of all spaces in scope, by as few lists as the site allows. Posts have no place in a tree: nothing is above them but
 * their space.
 *
 * @module
 */

import type { IndexContext, Listed } from '../../model/contracts.ts'
import { readAhead } from '../../util/read-ahead.ts'
import type { Along } from './along.ts'
import type { Annotation, ContentItem, Space } from './api.ts'
import type { PageInHand } from './around.ts'
import { placeOf, refOf } from './documents.ts'
import { listSafely, recallPage } from './render.ts'
import { isLocal } from './seat.ts'
import type { Selection } from './selection.ts'
import type { Surroundings } from './surroundings.ts'
import { isUnchanged, treeNode } from './tree.ts'
import type { Wiki } from './wiki.ts'

/** One space's share in the posts. */
export interface PostScope {
  readonly space: Space
  readonly selection: Selection
  readonly along: Along
  /** How many documents this space may still have. */
  left: number
  /** Posts that were listed, and whether the limit cut any. */
  documents: number
  truncated: boolean
}

/** A post in hand, and the share that it counts in. */
interface Post {
  readonly post: PageInHand
  readonly scope: PostScope
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
    const chosen: Post[] = []
    for (const [index, item] of fresh.entries()) {
      wiki.names.remember((item.annotation ?? annotations.get(item.id))?.author)
      const scope = bySpace.get(item.spaceId)!
      const way = [treeNode(item, owns[index]!)]
      const post = { wiki, space: scope.space, item, way, tree: () => undefined, bodyMode }
      const rule = scope.selection.skips(item, way)
      if (rule !== undefined) yield* skipped(post, scope, rule)
      else if (scope.left <= 0) scope.truncated = true
      else {
        scope.left -= 1
        scope.documents += 1
        chosen.push({ post, scope })
      }
    }
    if (withBodies) for (const each of chosen) yield* leave(each, await listSafely(each.post))
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

  async function* leave({ post, scope }: Post, listed: Listed): AsyncGenerator<Listed> {
    yield listed
    yield* scope.along.after(listed, post)
  }

  function* skipped(post: PageInHand, { along }: PostScope, rule: string): Generator<Listed> {
    const { space, item } = post
    const document = refOf({ site: api.site, space, item })
    yield { type: 'skipped', document, place: placeOf(api.site, item), rule, outOfScope: true }
    yield* along.skippedWith(post, rule)
  }

  /** Those that were delivered as they are leave at once, the others when their bodies are here. */
  async function* recallPosts(posts: readonly Post[]): AsyncGenerator<Listed> {
    const recalled = await Promise.all(posts.map(({ post }) => recallPage(post, context)))
    const wanted: (Post & { readonly stale: boolean })[] = []
    for (const [index, each] of posts.entries()) {
      const as = recalled[index]!
      if ('wanted' in as) wanted.push({ ...each, stale: as.stale })
      else yield* leave(each, as.listed)
    }
    const bodies = await bodiesOf(wanted.map(({ post }) => post.item.id))
    for (const each of wanted) {
      const { post, stale } = each
      const fresh = bodies.get(post.item.id)
      const same = fresh && isUnchanged(fresh, post.item) && fresh.spaceId === post.item.spaceId
      // Without its body it is fetched by itself, where it is looked at anew.
      const listed = await listSafely(same ? { ...post, item: fresh } : post)
      yield* leave(each, listed.type === 'document' && stale ? { ...listed, stale } : listed)
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

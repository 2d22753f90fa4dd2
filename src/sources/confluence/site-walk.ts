/**
 * The walk through all spaces in scope: some at a time, then the blog posts of all of them.
 *
 * @module
 */

import type { IndexContext, Listed } from '../../model/contracts.ts'
import { OutflowError, reportError } from '../../model/errors.ts'
import { merge } from '../../util/merge.ts'
import { together } from './along.ts'
import type { ContentItem, Space } from './api.ts'
import { commentsAlong } from './comments/along.ts'
import { createComments } from './comments.ts'
import type { ConfluenceSettings } from './config.ts'
import { countOf, createListedIds, leftOut } from './cross-check.ts'
import { postsRef } from './documents.ts'
import { filesAlong } from './files/along.ts'
import { listPosts, type PostScope } from './posts.ts'
import { chooseSpaces, type Scope } from './scope.ts'
import { isLocal } from './seat.ts'
import { createSelection, type Filters, isFiltering } from './selection.ts'
import { findItem } from './single.ts'
import { outOfSight } from './still-there.ts'
import type { Survey } from './survey.ts'
import { spaceFailed, type Walk, type Walked, walkSpace } from './walk.ts'
import type { Wiki } from './wiki.ts'

/** Spaces that are walked at the same time. */
const spacesAtOnce = 4

const docLimit = 'max_num_of_docs_from_each_space'

interface SiteWalk {
  readonly wiki: Wiki
  readonly settings: ConfluenceSettings
  /** Told how far the walk got. */
  readonly survey: Survey
  readonly context: IndexContext
}

/** @throws {OutflowError} what must stop the run; `config` when the filters match nothing at all */
export async function* walkSite({ wiki, settings, survey, context }: SiteWalk): AsyncGenerator<Listed> {
  const limit = settings[docLimit] || Number.POSITIVE_INFINITY
  const { labels, cql } = settings
  const ancestor = await findAncestor(wiki, settings.ancestor, context)
  const filters: Filters = { labels, cql, ancestor: ancestor?.id }
  const { signal } = context
  const scope = await chooseSpaces(wiki.api, settings, { signal, ancestorSpaceId: ancestor?.spaceId })
  survey.begin(scope.wanted)
  for (const { id } of scope.wanted.slice(scope.spaces.length)) survey.cut(id)
  if (scope.truncated) yield scope.truncated
  const { spaces, everywhere } = scope
  const archived = settings.include_archived
  const comments = createComments({ wiki, spaces, everywhere, which: settings.comments, archived, context })
  wiki.files.fill({ spaces, everywhere, archived })
  const posts: PostScope[] = []
  const ids = createListedIds()
  let matched = 0
  let failed = 0

  function count(listed: Listed): void {
    ids.note(listed)
    if (listed.type === 'document') matched += 1
    else if (listed.type === 'failed' || listed.type === 'not_permitted') failed += 1
  }

  async function* walkOne(space: Space): AsyncGenerator<Listed> {
    const matching = await idsMatching(wiki, space, filters, context)
    if (matching instanceof OutflowError) return yield spaceFailed({ wiki, space }, matching)
    const selection = createSelection(filters, matching)
    const threads = await commentsAlong({ wiki, space, comments }, context)
    const files = settings.extract_files ? await filesAlong({ wiki, space, settings }) : undefined
    const along = together(files ? [threads, files] : [threads])
    yield* along.problem()
    const walk: Walk = {
      wiki,
      space,
      selection,
      limit,
      archived,
      bodyMode: settings.body,
      along,
      context,
    }
    const walked = yield* walkSpace(walk)
    context.emit({ type: 'space.finished', space: space.key, found: walked.found })
    if (walked.complete) survey.complete(space.id, 'page')
    if (threads.complete) survey.complete(space.id, 'comments')
    if (files?.complete) survey.complete(space.id, 'attachment')
    if (walked.truncated) survey.cut(space.id)
    if (walked.truncated) yield await truncation(walk, walked, settings.blog_posts)
    else posts.push(postScope(walk, limit - walked.documents))
  }

  const walks = scope.spaces.map((space) => () => walkOne(space))
  for await (const listed of merge(walks, spacesAtOnce, signal)) {
    count(listed)
    yield listed
  }
  const withPosts = settings.blog_posts && filters.ancestor === undefined
  const types = withPosts ? (['page', 'blogpost'] as const) : (['page'] as const)
  async function* afterPages(): AsyncGenerator<Listed> {
    if (withPosts) yield* postsOf({ wiki, settings, survey, context }, scope, posts)
    const whole = posts.filter(({ space }) => types.every((type) => survey.isComplete(space.id, type)))
    yield* leftOut({ wiki, settings, types, listed: ids, context }, whole)
  }
  for await (const listed of merge([afterPages], 1, signal)) {
    count(listed)
    yield listed
  }
  if (matched === 0 && failed === 0 && isFiltering(filters)) throw nothingMatches(filters)
}

async function* postsOf(
  { wiki, settings, survey, context }: SiteWalk,
  scope: Scope,
  scopes: readonly PostScope[],
): AsyncGenerator<Listed> {
  if (scopes.length === 0) return
  const everywhere = scope.everywhere && scopes.length === scope.spaces.length
  try {
    yield* listPosts({ wiki, scopes, everywhere, bodyMode: settings.body, context })
    yield* confirmScopes(wiki, scopes, survey, context)
  } catch (thrown) {
    if (!isLocal(thrown)) throw thrown
    yield { type: 'failed', document: postsRef(wiki.api.site), error: reportError(thrown) }
  }
  for (const { space, documents, truncated, left } of scopes) {
    if (!truncated) continue
    survey.cut(space.id)
    const limit = settings[docLimit]
    const before = limit - left - documents
    const posts = await countOf(wiki, [space], ['blogpost'], context)
    const available = posts === undefined ? {} : { available: before + posts }
    yield { type: 'truncated', space: space.key, setting: docLimit, limit, ...available }
  }
}

/** A list of posts shows nothing of a space that went out of sight meanwhile, and says nothing of it. Whose pages failed has been named. */
async function* confirmScopes(
  { api }: Wiki,
  scopes: readonly PostScope[],
  survey: Survey,
  { signal }: IndexContext,
): AsyncGenerator<Listed> {
  const visible = new Set<string>()
  const keys = scopes.map(({ space }) => space.key)
  for await (const { id } of api.spaces({ keys, archived: true }, { signal })) visible.add(id)
  for (const { space, truncated } of scopes) {
    if (visible.has(space.id)) {
      if (!truncated) survey.complete(space.id, 'blogpost')
    } else if (survey.isComplete(space.id, 'page'))
      yield spaceFailed({ wiki: { api }, space }, outOfSight(space))
  }
}

const postScope = ({ space, selection, along }: Walk, left: number): PostScope => ({
  space,
  selection,
  along,
  left,
  documents: 0,
  truncated: false,
})

async function truncation(
  { wiki, space, limit, context }: Walk,
  walked: Walked,
  withPosts: boolean,
): Promise<Listed> {
  const cut = { type: 'truncated', space: space.key, setting: docLimit, limit } as const
  if (walked.available !== undefined) return { ...cut, available: walked.available }
  const pages = await countOf(wiki, [space], ['page'], context)
  const posts = withPosts ? await countOf(wiki, [space], ['blogpost'], context) : 0
  return pages === undefined || posts === undefined ? cut : { ...cut, available: pages + posts }
}

/** An error that concerns this space alone is given back. */
async function idsMatching(
  { api }: Wiki,
  space: Space,
  { cql }: Filters,
  context: IndexContext,
): Promise<ReadonlySet<string> | OutflowError | undefined> {
  if (cql === undefined) return undefined
  try {
    return await api.idsMatching(space, cql, context)
  } catch (thrown) {
    if (isLocal(thrown)) return thrown
    if (!(thrown instanceof OutflowError) || thrown.code !== 'http.rejected') throw thrown
    throw new OutflowError({
      kind: 'config',
      code: 'confluence.cql.rejected',
      message: `Confluence does not accept the clause of \`cql\`: ${cql}`,
      fix: 'Try it in a browser under Advanced search; leave out "order by", and put values with blanks or ~ in double quotes.',
      cause: thrown,
    })
  }
}

async function findAncestor(
  wiki: Wiki,
  address: string | undefined,
  context: IndexContext,
): Promise<ContentItem | undefined> {
  if (address === undefined) return undefined
  try {
    return await findItem(wiki, address, context)
  } catch (thrown) {
    if (!(thrown instanceof OutflowError) || (thrown.kind !== 'missing' && thrown.kind !== 'permission'))
      throw thrown
    throw new OutflowError({
      kind: 'config',
      code: 'confluence.ancestor.unknown',
      message: `The page ${address} of \`ancestor\` is not there, or this account may not see it.`,
      fix: 'Open the page in a browser as this account and copy its address.',
      cause: thrown,
    })
  }
}

function nothingMatches({ labels, ancestor, cql }: Filters): OutflowError {
  const names = [
    ...(labels.length > 0 ? [`labels ${labels.join(', ')}`] : []),
    ...(ancestor === undefined ? [] : [`ancestor ${ancestor}`]),
    ...(cql === undefined ? [] : [`cql ${cql}`]),
  ]
  return new OutflowError({
    kind: 'config',
    code: 'confluence.filter.matches_nothing',
    message: `No page or post matches the filters: ${names.join('; ')}.`,
    fix: 'Check the filters against a page that should be in: its labels, its place in the tree, and how long ago it was indexed.',
  })
}

/**
 * Documents that were seen before and that no list brought: what became of each, by Confluence's own answer about it.
 *
 * Confluence answers the same to what is deleted for good and to what this account may not see ("the page does not exist or the calling
 * user does not have permission to view it", REST API v2 and v1 alike). So a page that is simply absent is never proved deleted: it is
 * out of sight, and the person's policy decides. The trash and the archive do answer.
 *
 * @module
 */

import type { Known, Revisited } from '../../model/contracts.ts'
import type { DocumentKind } from '../../model/document.ts'
import type { ContentItem, Space, Standing } from './api.ts'
import { placeOf, refOf } from './documents.ts'
import { listSafely } from './render.ts'
import { revisitThreads } from './revisit-threads.ts'
import { isLocal } from './seat.ts'
import { createSelection, type Filters, isFiltering, type Selection } from './selection.ts'
import { findItem, pageInHand } from './single.ts'
import type { Survey } from './survey.ts'
import type { Answer, Revisit } from './visit.ts'

/** Answers each once. @throws {OutflowError} what must stop the run */
export async function* revisit(visit: Revisit, known: readonly Known[]): AsyncGenerator<Revisited> {
  const spaces = await lookUpSpaces(visit, known)
  const ofPages = new Map<string, Answer>()
  const objectIds = new Map(known.map(({ document, place }) => [document.id, place.objectId]))
  for (const type of ['page', 'blogpost'] as const) {
    const some = known.filter(({ document }) => document.kind === type)
    if (some.length === 0) continue
    for await (const answer of revisitItems(visit, some, type, spaces)) {
      ofPages.set(objectIds.get(answer.id)!, answer)
      yield answer
    }
  }
  const threads = known.filter(({ document }) => document.kind === 'comments')
  if (threads.length > 0) yield* revisitThreads(visit, threads, ofPages)
}

type Spaces = ReadonlyMap<string, Space>

/** Those that were not walked: by the settings they are out of scope, or they are not to be seen. */
async function lookUpSpaces({ wiki, survey, context }: Revisit, known: readonly Known[]): Promise<Spaces> {
  const ids = new Set(known.map(({ place }) => place.spaceId).filter((id) => survey.inScope(id) === false))
  const found = new Map<string, Space>()
  if (ids.size === 0) return found
  const { signal } = context
  for await (const space of wiki.api.spaces({ ids: [...ids], archived: true }, { signal }))
    if (ids.has(space.id)) found.set(space.id, space)
  return found
}

async function* revisitItems(
  visit: Revisit,
  known: readonly Known[],
  type: 'page' | 'blogpost',
  spaces: Spaces,
): AsyncGenerator<Revisited> {
  const { wiki, survey, context } = visit
  const out = known.filter(
    ({ place }) => survey.inScope(place.spaceId) === false && !spaces.has(place.spaceId),
  )
  for (const { document } of out)
    yield { id: document.id, gone: 'lost_access', message: spaceOutOfSight(document.space) }
  const failed = known.filter(({ place }) => isFailed(survey, place.spaceId, type))
  for (const { document } of failed) yield { id: document.id, unproved: notToItsEnd(document.space) }
  const asked = known.filter((each) => !out.includes(each) && !failed.includes(each))
  let standings: ReadonlyMap<string, Standing>
  try {
    standings = await wiki.api.standings(
      asked.map(({ place }) => place.objectId),
      type,
      context,
    )
  } catch (thrown) {
    if (!isLocal(thrown)) throw thrown
    for (const { document } of asked) yield { id: document.id, unproved: thrown.message }
    return
  }
  for (const each of asked) {
    const standing = standings.get(each.place.objectId)
    const answer = standing
      ? await answerOfPresent(visit, each, standing, spaces)
      : answerOfAbsent(visit, each)
    yield { id: each.document.id, ...answer }
  }
}

/** The space's list broke: the next run will read it, and asking for each document by itself would cost more than that. */
const isFailed = (survey: Survey, spaceId: string, kind: DocumentKind) =>
  survey.inScope(spaceId) === true && !survey.isComplete(spaceId, kind) && !survey.isCut(spaceId)

/** Not to be seen, in a space that is. */
function answerOfAbsent({ survey }: Revisit, { document, place }: Known): Answer {
  const { kind, title } = document
  const message = `Confluence does not show "${title}" to this account: it was deleted for good, or closed to it.`
  const incomplete = survey.inScope(place.spaceId) === true && !survey.isComplete(place.spaceId, kind)
  return incomplete ? { closed: 'lost_access', message } : { gone: 'lost_access', message }
}

async function answerOfPresent(
  visit: Revisit,
  known: Known,
  { status, spaceId }: Standing,
  spaces: Spaces,
): Promise<Answer> {
  const { settings, survey } = visit
  const { kind, title } = known.document
  const inScope = survey.inScope(spaceId)
  // Only a whole walk can prove that something is gone; and only of what it has been through.
  const proves = inScope === false || survey.isComplete(spaceId, kind)
  if (status === 'trashed') {
    const message = `"${title}" is in the trash.`
    return proves ? { gone: 'trashed', message } : { closed: 'trashed', message }
  }
  if (status === 'draft') return { unproved: `"${title}" has become a draft.` }
  const away = whyAway(visit, known, { status, spaceId }, spaces)
  if (inScope === undefined || !away) return listAgain(visit, known)
  // What the settings leave out was not listed, and needs no proof by a list.
  return proves || (kind === 'blogpost' && !settings.blog_posts) ? away : { unproved: notToItsEnd(spaceId) }
}

/** Why something that is there is none of ours any more; `undefined`: it is. */
function whyAway(
  { settings, survey }: Revisit,
  { document }: Known,
  { status, spaceId }: Standing,
  spaces: Spaces,
): Answer | undefined {
  const { kind, title, space } = document
  if (status === 'archived' && !settings.include_archived)
    return { gone: 'archived', message: `"${title}" is archived.` }
  if (kind === 'blogpost' && (!settings.blog_posts || settings.ancestor !== undefined))
    return { gone: 'out_of_scope', message: `Blog posts are not read by these settings.` }
  if (survey.inScope(spaceId) !== false) return undefined
  if (spaces.get(spaceId)?.status === 'archived' && !settings.include_archived)
    return { gone: 'archived', message: `Space ${space} is archived.` }
  return { gone: 'space_out_of_scope', message: `"${title}" is in a space that these settings leave out.` }
}

/** There and in scope: what the list left out, or a retry. */
async function listAgain(visit: Revisit, { document, place }: Known): Promise<Answer> {
  const { wiki, settings, context } = visit
  try {
    const [item] = await wiki.api.contentByIds(
      [place.objectId],
      document.kind === 'blogpost' ? 'blogpost' : 'page',
      context,
    )
    if (!item) return { unproved: `"${document.title}" is there, and could not be read.` }
    const page = await pageInHand(wiki, item, settings.body, context)
    const rule = (await selectionOf(visit)).skips(item, page.way)
    if (rule === undefined) return { found: await listSafely(page) }
    return settings.cql === undefined
      ? { found: skipped(visit, item, page.space, rule) }
      : { unproved: leftOut(rule) }
  } catch (thrown) {
    if (isLocal(thrown)) return { unproved: thrown.message }
    throw thrown
  }
}

/** Of `cql` nothing is known here: what it finds, the walk has asked. */
async function selectionOf({ wiki, settings, context }: Revisit): Promise<Selection> {
  const { labels, cql, ancestor } = settings
  const top = ancestor === undefined ? undefined : await findItem(wiki, ancestor, context)
  const filters: Filters = { labels, cql, ancestor: top?.id }
  return createSelection(filters, isFiltering(filters) && cql !== undefined ? new Set() : undefined)
}

function skipped({ wiki }: Revisit, item: ContentItem, space: Space, rule: string) {
  const { site } = wiki.api
  const document = refOf({ site, space, item })
  return { type: 'skipped', document, place: placeOf(site, item), rule, outOfScope: true } as const
}

const leftOut = (rule: string) => `Whether the filter ${rule} still finds it is not known.`

const spaceOutOfSight = (space: string) =>
  `Space ${space} is out of sight: it was deleted, or closed to this account; Confluence answers the same to both.`

const notToItsEnd = (space: string) => `Space ${space} was not listed to its end in this run.`

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
import { OutflowError } from '../../model/errors.ts'
import type { ContentItem, Space, Standing } from './api.ts'
import { threadKind } from './comments/revisit.ts'
import { placeOf, refOf } from './documents.ts'
import { fileKind } from './files/revisit.ts'
import { revisitAttached } from './revisit-attached.ts'
import { isWanted } from './scope.ts'
import { isLocal } from './seat.ts'
import { createSelection, type Filters, type Selection } from './selection.ts'
import { findItem, listAsNow, pageInHand } from './single.ts'
import { unread } from './unread.ts'
import { type Answer, failedAnswer, type Revisit } from './visit.ts'

interface Visit extends Revisit {
  readonly selection: () => Promise<Selection>
}

/** Answers each once. @throws {OutflowError} what must stop the run */
export async function* revisit(asked: Revisit, all: readonly Known[]): AsyncGenerator<Revisited> {
  const visit = { ...asked, selection: selectionOf(asked) }
  const site = `confluence:${visit.wiki.api.site.id}`
  const known = all.filter(({ place }) => place.site === site)
  // Another site has the same ids for other things, and its own answers alone count.
  for (const { document, place } of all)
    if (place.site !== site) yield { id: document.id, ...elsewhere(document) }
  const ofPages = new Map<string, Answer>()
  for (const type of ['page', 'blogpost'] as const)
    for await (const [{ document, place }, answer] of revisitItems(visit, ofKind(known, type), type)) {
      ofPages.set(place.objectId, answer)
      yield { id: document.id, ...answer }
    }
  yield* revisitAttached(visit, threadKind(visit), ofKind(known, 'comments'), ofPages)
  yield* revisitAttached(visit, fileKind(visit), ofKind(known, 'attachment'), ofPages)
}

const elsewhere = ({ title }: Known['document']) =>
  ({
    gone: 'space_out_of_scope',
    message: `"${title}" is on another site than the one of these settings.`,
  }) as const

const ofKind = (known: readonly Known[], kind: DocumentKind) =>
  known.filter(({ document }) => document.kind === kind)

type ItemType = 'page' | 'blogpost'

async function* revisitItems(
  visit: Visit,
  known: readonly Known[],
  type: ItemType,
): AsyncGenerator<readonly [Known, Answer]> {
  const failed = known.filter(({ place }) => isFailed(visit, place.spaceId, type))
  for (const each of failed) yield [each, { unproved: notToItsEnd(each.document.space) }]
  const asked = known.filter((each) => !failed.includes(each))
  if (asked.length === 0) return
  let seen: Seen
  try {
    const standings = await standingsOf(visit, asked, type)
    seen = { standings, spaces: await spacesBeside(visit, asked, standings) }
  } catch (thrown) {
    if (!isLocal(thrown)) throw thrown
    for (const each of asked) yield [each, failedAnswer(each, thrown)]
    return
  }
  for (const each of asked) {
    const standing = seen.standings.get(each.place.objectId)
    yield standing
      ? [each, await answerOfPresent(visit, each, standing, seen.spaces)]
      : [each, answerOfAbsent(visit, each, seen.spaces)]
  }
}

interface Seen {
  readonly standings: ReadonlyMap<string, Standing>
  readonly spaces: Spaces
}

/** Asked twice for what does not show: a list that leaves something out may do so once. */
async function standingsOf(
  { wiki, context }: Revisit,
  known: readonly Known[],
  type: ItemType,
): Promise<ReadonlyMap<string, Standing>> {
  const ids = known.map(({ place }) => place.objectId)
  const standings = await wiki.api.standings(ids, type, context)
  const absent = ids.filter((id) => !standings.has(id))
  return absent.length === 0
    ? standings
    : new Map([...standings, ...(await wiki.api.standings(absent, type, context))])
}

type Spaces = ReadonlyMap<string, Space>

/** Those that were not walked, and that these documents were in or are in: out of scope by the settings, or not to be seen. */
async function spacesBeside(
  { wiki, survey, context }: Revisit,
  known: readonly Known[],
  standings: ReadonlyMap<string, Standing>,
): Promise<Spaces> {
  const named = [...known.map(({ place }) => place), ...standings.values()]
  const ids = new Set(named.map(({ spaceId }) => spaceId).filter((id) => survey.inScope(id) === false))
  const found = new Map<string, Space>()
  if (ids.size === 0) return found
  const { signal } = context
  for await (const space of wiki.api.spaces({ ids: [...ids], archived: true }, { signal }))
    if (ids.has(space.id)) found.set(space.id, space)
  return found
}

/** The space's list broke: the next run will read it, and asking for each document by itself would cost more than that. */
function isFailed({ survey, settings }: Revisit, spaceId: string, type: ItemType): boolean {
  if (type === 'blogpost' && !readsPosts(settings)) return false
  return survey.inScope(spaceId) === true && !survey.isComplete(spaceId, type) && !survey.isCut(spaceId)
}

const readsPosts = ({ blog_posts, ancestor }: Revisit['settings']) => blog_posts && ancestor === undefined

function answerOfAbsent({ survey }: Revisit, { document, place }: Known, spaces: Spaces): Answer {
  const { kind, title, space } = document
  const outOfSight = survey.inScope(place.spaceId) === false && !spaces.has(place.spaceId)
  const message = outOfSight
    ? `Space ${space} is out of sight: it was deleted, or closed to this account; Confluence answers the same to both.`
    : `Confluence does not show "${title}" to this account: it was deleted for good, or closed to it.`
  const incomplete = survey.inScope(place.spaceId) === true && !survey.isComplete(place.spaceId, kind)
  return incomplete ? { closed: 'lost_access', message } : { gone: 'lost_access', message }
}

async function answerOfPresent(
  visit: Visit,
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
  if (status === 'draft') return { closed: 'lost_access', message: `"${title}" has become a draft.` }
  const away = whyAway(visit, known, { status, spaceId }, spaces)
  if (!away) return listAgain(visit, known)
  // What the settings leave out was not listed, and needs no proof by a list.
  const isProved = proves || (kind === 'blogpost' && !readsPosts(settings))
  return isProved || !('gone' in away) ? away : { closed: away.gone, message: away.message }
}

/** Why something that is there is none of ours any more; `undefined`: it is. */
function whyAway(
  { wiki, settings, survey }: Revisit,
  known: Known,
  { status, spaceId }: Standing,
  spaces: Spaces,
): Answer | undefined {
  const { kind, title, space } = known.document
  const readsArchived = settings.include_archived && wiki.api.site.deployment === 'cloud'
  if (status === 'archived' && !readsArchived) return { gone: 'archived', message: `"${title}" is archived.` }
  if (kind === 'blogpost' && !readsPosts(settings))
    return { gone: 'out_of_scope', message: `Blog posts are not read by these settings.` }
  if (survey.inScope(spaceId) !== false) return undefined
  const in_ = spaces.get(spaceId)
  if (in_?.status === 'archived' && !settings.include_archived)
    return { gone: 'archived', message: `Space ${space} is archived.` }
  if (!in_ || isWanted(in_, settings)) return failedAnswer(known, spaceLeftOut(in_?.key ?? space))
  return { gone: 'space_out_of_scope', message: `"${title}" is in a space that these settings leave out.` }
}

/** There and in scope: what the list left out, or a retry. */
async function listAgain(visit: Visit, known: Known): Promise<Answer> {
  const { wiki, settings, context } = visit
  const { kind, title } = known.document
  try {
    const type = kind === 'blogpost' ? 'blogpost' : 'page'
    const [item] = await wiki.api.contentByIds([known.place.objectId], type, context)
    if (!item) return failedAnswer(known, unread(`"${title}" is there, and could not be read.`))
    const page = await pageInHand(wiki, item, settings.body, context)
    if (isBeside(visit, page.space))
      return { unproved: `"${title}" is in a space that these settings leave out.` }
    const rule = (await visit.selection()).skips(item, page.way)
    if (rule === undefined) return { found: await listAsNow(page, context) }
    return settings.cql === undefined
      ? { found: skipped(visit, item, page.space, rule) }
      : failedAnswer(known, unread(`Whether the filter ${rule} still finds "${title}" is not known.`))
  } catch (thrown) {
    if (isLocal(thrown)) return failedAnswer(known, thrown)
    throw thrown
  }
}

/** Where nothing was walked, the settings alone tell; of the page of `ancestor`, the selection does. */
const isBeside = ({ survey, settings }: Revisit, space: Space) =>
  survey.inScope(space.id) === undefined && !isWanted(space, { ...settings, ancestor: undefined })

/** Made for the first that needs it, since the page of `ancestor` costs requests. Of `cql` nothing is known here: the walk has asked. */
function selectionOf({ wiki, settings, context }: Revisit): () => Promise<Selection> {
  const { labels, cql, ancestor } = settings
  let made: Selection | undefined
  return async () => {
    if (made) return made
    const top = ancestor === undefined ? undefined : await findItem(wiki, ancestor, context)
    const filters: Filters = { labels, cql, ancestor: top?.id }
    made = createSelection(filters, cql === undefined ? undefined : new Set())
    return made
  }
}

function skipped({ wiki }: Revisit, item: ContentItem, space: Space, rule: string) {
  const { site } = wiki.api
  const document = refOf({ site, space, item })
  return { type: 'skipped', document, place: placeOf(site, item), rule, outOfScope: true } as const
}

const notToItsEnd = (space: string) => `Space ${space} was not listed to its end in this run.`

function spaceLeftOut(key: string): OutflowError {
  return new OutflowError({
    kind: 'transient',
    code: 'confluence.space.left_out',
    message: `Space ${key} is there, and the list of spaces left it out.`,
    fix: 'Run again later; what was delivered of it before is still there.',
  })
}

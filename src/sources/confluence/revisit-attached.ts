/**
 * What hangs on pages (threads of comments, files) and was seen before, and that no list brought. It is decided as its page, so where the
 * page is to be seen and the thing is not, it is gone; and where it is there after all, its readers are those of the page as it is now.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { Known, Listed, Revisited } from '../../model/contracts.ts'
import type { Document, DocumentKind } from '../../model/document.ts'
import { OutflowError } from '../../model/errors.ts'
import type { DocumentPermissions } from '../../model/permissions.ts'
import type { Standing } from './api.ts'
import type { PageInHand } from './around.ts'
import { listDocument } from './render.ts'
import { isLocal } from './seat.ts'
import { pageInHand, pageOrPost } from './single.ts'
import { unread } from './unread.ts'
import { type Answer, failedAnswer, type Revisit } from './visit.ts'

/** Where one is now, by its own answer: on a page, perhaps another one, or nowhere. */
export type Fate = { readonly containerId: string } | 'gone' | 'unknown'

/** One kind of what hangs on pages. */
export interface AttachedKind<Thing> {
  readonly kind: DocumentKind
  /** Why the settings leave all of it out. */
  readonly unwanted: string | undefined
  /** Why the settings leave this one out. */
  unwantedOne(thing: Thing): string | undefined
  /** All of it on a page, by the id of the object. */
  on(page: PageInHand, context: CallContext): Promise<ReadonlyMap<string, Thing>>
  /** @param page what it is on, as it is now */
  list(thing: Thing, page: PageNow): Promise<Extract<Listed, { type: 'document' | 'skipped' | 'failed' }>>
  /** By its own answer, whose page is to be seen. @throws {OutflowError} as every call */
  fateOf(known: Known, context: CallContext): Promise<Fate>
}

/** A page in hand, and as a document. */
interface PageNow {
  readonly page: PageInHand
  readonly document: Document
}

interface Look<Thing> extends Revisit {
  readonly of: AttachedKind<Thing>
}

/** @param ofPages what was answered of pages and posts in the same visit, by their object's id */
export async function* revisitAttached<Thing>(
  visit: Revisit,
  of: AttachedKind<Thing>,
  known: readonly Known[],
  ofPages: ReadonlyMap<string, Answer>,
): AsyncGenerator<Revisited> {
  const look = { ...visit, of }
  const open: Known[] = []
  for (const each of known) {
    const answer = answerByPage(look, each, ofPages)
    if (answer) yield { ...answer, id: each.document.id }
    else open.push(each)
  }
  const deleted = await deletedOf(look, open)
  for (const each of deleted) yield { id: each.document.id, ...deletedAnswer(look, each) }
  const rest = open.filter((each) => !deleted.includes(each))
  for (const [containerId, some] of Map.groupBy(rest, containerOf)) yield* lookOnPage(look, containerId, some)
}

/** Id of the page or post that it was on. */
export const containerOf = ({ place }: Known) => place.parentIds.at(-1) ?? ''

/** What the settings, or the page's own fate, decide. */
function answerByPage<Thing>(
  { of }: Look<Thing>,
  known: Known,
  ofPages: ReadonlyMap<string, Answer>,
): Answer | undefined {
  if (of.unwanted !== undefined) return { gone: 'out_of_scope', message: of.unwanted }
  const ofPage = ofPages.get(containerOf(known))
  return ofPage && 'found' in ofPage ? undefined : ofPage
}

function isProved<Thing>({ settings, survey, of }: Look<Thing>, { place: { spaceId } }: Known): boolean {
  return (
    survey.isComplete(spaceId, of.kind) &&
    survey.isComplete(spaceId, 'page') &&
    (!settings.blog_posts || survey.isComplete(spaceId, 'blogpost'))
  )
}

/** Behind a limit no list will ever prove it, and nobody can open it any more. */
function deletedAnswer<Thing>(look: Look<Thing>, known: Known): Answer {
  const message = `"${known.document.title}" was deleted: its page is there, and it is not.`
  return isProved(look, known) ? { gone: 'deleted', message } : { closed: 'deleted', message }
}

/** Those whose space was listed as far as it ever is, and whose own address says that they are gone: asked without looking at each page. */
async function deletedOf<Thing>(look: Look<Thing>, known: readonly Known[]): Promise<readonly Known[]> {
  const { survey } = look
  const listed = known.filter((each) => isProved(look, each) || survey.isCut(each.place.spaceId))
  if (listed.length === 0) return []
  try {
    const fates = await fatesOf(look, look.of, listed)
    return listed.filter((_, index) => fates[index] === 'gone')
  } catch (thrown) {
    if (isLocal(thrown)) return []
    throw thrown
  }
}

/** What became of each, by its own answer; nothing is known where what it was on is not to be seen. */
export async function fatesOf<Thing>(
  visit: Pick<Revisit, 'wiki' | 'context'>,
  of: Pick<AttachedKind<Thing>, 'fateOf'>,
  known: readonly Known[],
): Promise<readonly Fate[]> {
  const inSight = await inSightOf(visit, new Set(known.map(containerOf)))
  return Promise.all(
    known.map(async (each) => (inSight.has(containerOf(each)) ? safeFate(visit, of, each) : 'unknown')),
  )
}

/** Which of these pages and posts are to be seen: what hangs on them has no restrictions of its own, so it cannot be a matter of sight. */
async function inSightOf(
  { wiki: { api }, context }: Pick<Revisit, 'wiki' | 'context'>,
  ids: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const pages = await api.standings([...ids], 'page', context)
  const others = [...ids].filter((id) => !pages.has(id))
  const posts =
    others.length > 0 ? await api.standings(others, 'blogpost', context) : new Map<string, Standing>()
  return new Set(
    [...pages, ...posts]
      .filter(([, { status }]) => ['current', 'archived'].includes(status))
      .map(([id]) => id),
  )
}

async function safeFate<Thing>(
  { context }: Pick<Revisit, 'context'>,
  of: Pick<AttachedKind<Thing>, 'fateOf'>,
  known: Known,
): Promise<Fate> {
  try {
    return await of.fateOf(known, context)
  } catch (thrown) {
    if (isLocal(thrown)) return 'unknown'
    throw thrown
  }
}

/** The page, with what is on it now, by single requests. */
async function* lookOnPage<Thing>(
  look: Look<Thing>,
  containerId: string,
  known: readonly Known[],
): AsyncGenerator<Revisited> {
  const page = await pageNow(look, containerId)
  if (page instanceof OutflowError) {
    for (const each of known) yield { id: each.document.id, ...withoutPage(each, page) }
    return
  }
  const things = await thingsOn(look, page)
  for (const each of known)
    yield {
      id: each.document.id,
      ...(things instanceof OutflowError
        ? failedAnswer(each, things, page.document.permissions)
        : await answerOf(look, each, page, things.get(each.place.objectId))),
    }
}

/** An error that concerns this page alone is given back. */
async function pageNow({ wiki, settings, context }: Revisit, id: string): Promise<PageNow | OutflowError> {
  try {
    const page = await pageInHand(wiki, await pageOrPost(wiki, id, context), settings.body, context)
    return { page, document: (await listDocument(page)).document }
  } catch (thrown) {
    if (isLocal(thrown)) return thrown
    throw thrown
  }
}

function withoutPage(known: Known, error: OutflowError): Answer {
  if (error.kind !== 'missing' && error.kind !== 'permission') return failedAnswer(known, error)
  return { closed: 'lost_access', message: `What it is on is not to be seen: ${error.message}` }
}

async function thingsOn<Thing>(
  { of, context }: Look<Thing>,
  { page }: PageNow,
): Promise<ReadonlyMap<string, Thing> | OutflowError> {
  try {
    return await of.on(page, context)
  } catch (thrown) {
    if (isLocal(thrown)) return thrown
    throw thrown
  }
}

async function answerOf<Thing>(
  look: Look<Thing>,
  known: Known,
  page: PageNow,
  thing: Thing | undefined,
): Promise<Answer> {
  const { of } = look
  if (!thing) return fateAnswer(look, known, page.document.permissions)
  const message = of.unwantedOne(thing)
  return message === undefined ? { found: await of.list(thing, page) } : { gone: 'out_of_scope', message }
}

/** Not on its page, which is to be seen. A list may leave something out, so its own address decides. */
async function fateAnswer<Thing>(
  look: Look<Thing>,
  known: Known,
  permissions: DocumentPermissions,
): Promise<Answer> {
  const { title } = known.document
  try {
    const fate = await look.of.fateOf(known, look.context)
    if (fate === 'gone') return deletedAnswer(look, known)
    // It has other readers there; what is known of it is for nobody until it is listed there.
    if (fate !== 'unknown' && fate.containerId !== containerOf(known))
      return await movedAnswer(look, known, fate.containerId)
    return failedAnswer(
      known,
      unread(`Whether "${title}" is still there could not be found out.`),
      permissions,
    )
  } catch (thrown) {
    if (isLocal(thrown)) return failedAnswer(known, thrown, permissions)
    throw thrown
  }
}

/** To a page of a space that is none of ours; or to one that the lists do not know yet, whose readers are not known until they do. */
async function movedAnswer<Thing>(look: Look<Thing>, known: Known, to: string): Promise<Answer> {
  const message = `"${known.document.title}" is on another page now (${to}), where no list has it.`
  const page = await pageNow(look, to)
  const isOurs = page instanceof OutflowError || look.survey.inScope(page.page.space.id) !== false
  return isOurs ? { closed: 'lost_access', message } : { gone: 'space_out_of_scope', message }
}

/**
 * Threads of comments that were seen before and that no list brought. A comment is decided as its page, so where the page is to be seen
 * and the comment is not, it is gone; and where it is there after all, its readers are those of the page as it is now.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { Known, Revisited } from '../../model/contracts.ts'
import type { Document } from '../../model/document.ts'
import { OutflowError } from '../../model/errors.ts'
import type { DocumentPermissions } from '../../model/permissions.ts'
import type { PageInHand } from './around.ts'
import { listThread, locateComments, type Thread, threadsOn } from './comments.ts'
import { listDocument } from './render.ts'
import { isLocal } from './seat.ts'
import { pageInHand, pageOrPost } from './single.ts'
import { type Answer, failedAnswer, type Revisit, unread } from './visit.ts'

/** @param ofPages what was answered of pages and posts in the same visit, by their object's id */
export async function* revisitThreads(
  visit: Revisit,
  known: readonly Known[],
  ofPages: ReadonlyMap<string, Answer>,
): AsyncGenerator<Revisited> {
  const open: Known[] = []
  for (const each of known) {
    const answer = answerByPage(visit, each, ofPages)
    if (answer) yield { ...answer, id: each.document.id }
    else open.push(each)
  }
  const deleted = await deletedOf(visit, open)
  for (const each of deleted) yield { id: each.document.id, ...deletedAnswer(visit, each) }
  const rest = open.filter((each) => !deleted.includes(each))
  for (const [containerId, some] of Map.groupBy(rest, containerOf))
    yield* lookOnPage(visit, containerId, some)
}

const containerOf = ({ place }: Known) => place.parentIds.at(-1) ?? ''

/** What the settings, or the page's own fate, decide. */
function answerByPage(
  { settings }: Revisit,
  known: Known,
  ofPages: ReadonlyMap<string, Answer>,
): Answer | undefined {
  if (settings.comments === 'none')
    return { gone: 'out_of_scope', message: 'Comments are not read by these settings.' }
  const ofPage = ofPages.get(containerOf(known))
  return ofPage && 'found' in ofPage ? undefined : ofPage
}

function isProved({ settings, survey }: Revisit, { place: { spaceId } }: Known): boolean {
  return (
    survey.isComplete(spaceId, 'comments') &&
    survey.isComplete(spaceId, 'page') &&
    (!settings.blog_posts || survey.isComplete(spaceId, 'blogpost'))
  )
}

/** Behind a limit no list will ever prove it, and nobody can open it any more. */
function deletedAnswer(visit: Revisit, known: Known): Answer {
  const message = `"${known.document.title}" was deleted: its page is there, and it is not.`
  return isProved(visit, known) ? { gone: 'deleted', message } : { closed: 'deleted', message }
}

/** Those whose space was listed as far as it ever is, and whose own address says that they are gone: asked in bulk as far as that goes. */
async function deletedOf(visit: Revisit, known: readonly Known[]): Promise<readonly Known[]> {
  const { wiki, survey, context } = visit
  const listed = known.filter((each) => isProved(visit, each) || survey.isCut(each.place.spaceId))
  const asked = listed.map((each) => ({ id: each.place.objectId, containerId: containerOf(each) }))
  try {
    const fates = asked.length > 0 ? await locateComments(wiki, asked, context) : new Map()
    return listed.filter(({ place }) => fates.get(place.objectId) === 'gone')
  } catch (thrown) {
    if (isLocal(thrown)) return []
    throw thrown
  }
}

/** The page, with the threads that it has now, by single requests. */
async function* lookOnPage(
  visit: Revisit,
  containerId: string,
  known: readonly Known[],
): AsyncGenerator<Revisited> {
  const { wiki, settings, context } = visit
  let page: PageInHand
  let of: Document
  try {
    page = await pageInHand(wiki, await pageOrPost(wiki, containerId, context), settings.body, context)
    of = (await listDocument(page)).document
  } catch (thrown) {
    if (!isLocal(thrown)) throw thrown
    for (const each of known) yield { id: each.document.id, ...withoutPage(each, thrown) }
    return
  }
  const threads = await threadsNow(page, context)
  for (const each of known)
    yield {
      id: each.document.id,
      ...(threads instanceof OutflowError
        ? failedAnswer(each, threads, of.permissions)
        : await answerOf(visit, each, { page, of, thread: threads.get(each.place.objectId) })),
    }
}

function withoutPage(known: Known, error: OutflowError): Answer {
  if (error.kind !== 'missing' && error.kind !== 'permission') return failedAnswer(known, error)
  return { closed: 'lost_access', message: `What it is on is not to be seen: ${error.message}` }
}

/** By the root's id; an error that concerns this page alone is given back. */
async function threadsNow(
  page: PageInHand,
  context: CallContext,
): Promise<ReadonlyMap<string, Thread> | OutflowError> {
  try {
    return new Map((await threadsOn(page, context)).map((thread) => [thread.rootId, thread]))
  } catch (thrown) {
    if (isLocal(thrown)) return thrown
    throw thrown
  }
}

interface OnPage {
  readonly page: PageInHand
  /** The page as a document: a thread is decided as its page. */
  readonly of: Document
  readonly thread: Thread | undefined
}

async function answerOf(visit: Revisit, known: Known, { page, of, thread }: OnPage): Promise<Answer> {
  const { settings, context } = visit
  if (!thread) return fateOf(visit, known, of.permissions)
  const { location } = thread.comments[0]!.item
  if (settings.comments !== 'all' && settings.comments !== location)
    return { gone: 'out_of_scope', message: `Only ${settings.comments} comments are read by these settings.` }
  return { found: await listThread(thread, { page, document: of, recall: context.recall }) }
}

/** Not on its page, which is to be seen. A list may leave something out, so its own address decides. */
async function fateOf(visit: Revisit, known: Known, permissions: DocumentPermissions): Promise<Answer> {
  const { wiki, context } = visit
  const { document, place } = known
  try {
    if ((await wiki.api.commentStatus(place.objectId, context)) === 'gone') return deletedAnswer(visit, known)
    const unsure = unread(`Whether "${document.title}" is still there could not be found out.`)
    return failedAnswer(known, unsure, permissions)
  } catch (thrown) {
    if (isLocal(thrown)) return failedAnswer(known, thrown, permissions)
    throw thrown
  }
}

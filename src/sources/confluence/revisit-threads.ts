/**
 * Threads of comments that were seen before and that no list brought. A comment is decided as its page, so where the page is to be seen
 * and the comment is not, it is gone.
 *
 * @module
 */

import type { Known, Revisited } from '../../model/contracts.ts'
import { type Fate, locateComments } from './comments.ts'
import { isLocal } from './seat.ts'
import { type Answer, notToItsEnd, type Revisit } from './visit.ts'

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
  const fates = await fatesOf(visit, open)
  for (const { document, place } of open)
    yield { id: document.id, ...answerOf(visit, document.title, fates.get(place.objectId)) }
}

/** What the settings, or the page's own fate, decide. */
function answerByPage(
  { settings, survey }: Revisit,
  { document, place }: Known,
  ofPages: ReadonlyMap<string, Answer>,
): Answer | undefined {
  if (settings.comments === 'none')
    return { gone: 'out_of_scope', message: 'Comments are not read by these settings.' }
  const ofPage = ofPages.get(place.parentIds.at(-1) ?? '')
  if (ofPage && 'found' in ofPage) return { unproved: 'Its page came by itself, without its comments.' }
  if (ofPage) return ofPage
  const complete =
    survey.isComplete(place.spaceId, 'comments') &&
    survey.isComplete(place.spaceId, 'page') &&
    (!settings.blog_posts || survey.isComplete(place.spaceId, 'blogpost'))
  return complete ? undefined : { unproved: notToItsEnd(document.space) }
}

async function fatesOf(
  { wiki, context }: Revisit,
  known: readonly Known[],
): Promise<ReadonlyMap<string, Fate>> {
  const asked = known.map(({ place }) => ({ id: place.objectId, containerId: place.parentIds.at(-1) ?? '' }))
  try {
    return asked.length > 0 ? await locateComments(wiki, asked, context) : new Map()
  } catch (thrown) {
    if (isLocal(thrown)) return new Map()
    throw thrown
  }
}

function answerOf({ settings }: Revisit, title: string, fate: Fate = 'unknown'): Answer {
  const { comments } = settings
  if (fate === 'gone')
    return { gone: 'deleted', message: `"${title}" was deleted: its page is there, and it is not.` }
  if (fate !== 'unknown' && comments !== 'all' && comments !== fate)
    return { gone: 'out_of_scope', message: `Only ${comments} comments are read by these settings.` }
  return { unproved: `Whether "${title}" is still there could not be found out.` }
}

/**
 * Comments of pages and posts: one document a thread, with the permissions of its page. docs/confluence/comments.md tells what readers
 * of it need to know.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { Content, Trace } from '../../model/content.ts'
import type { IndexContext, Listed } from '../../model/contracts.ts'
import type { Document } from '../../model/document.ts'
import { OutflowError, reportError } from '../../model/errors.ts'
import type { CommentItem, Space } from './api.ts'
import { createSurroundings, type PageInHand } from './around.ts'
import { changedMeanwhile } from './changed.ts'
import { type Bodies, createBodies, noBodies } from './comments/bodies.ts'
import { threadContent } from './comments/content.ts'
import { newest, threadDocument, threadRef } from './comments/document.ts'
import { type Thread, threadsIn, versionOf } from './comments/threads.ts'
import type { ConfluenceSettings } from './config.ts'
import { placeOf } from './documents.ts'
import { hasSameReaders, readersOf } from './readers.ts'
import { isLocal } from './seat.ts'
import { createSpaceLists } from './space-lists.ts'
import { answersAreTheSame } from './traces.ts'
import type { Wiki } from './wiki.ts'

export { commentsFailed } from './comments/document.ts'
export type { Thread } from './comments/threads.ts'

/** By the id of the page or post that they are on. */
export type ThreadsByPage = ReadonlyMap<string, readonly Thread[]>

export interface Comments {
  /** Where bodies come from that the list did not bring along. */
  readonly bodies: Bodies
  /**
   * All threads of a space; asked once. Their pages may be others than those that were walked.
   *
   * @throws {OutflowError} when the list could not be read to its end: nothing is known then, which is not the same as none
   */
  threadsOf(space: Space): Promise<ThreadsByPage>
}

interface CommentsOptions {
  readonly wiki: Wiki
  readonly spaces: readonly Space[]
  /** Whether these are all spaces that the account sees. */
  readonly everywhere: boolean
  readonly which: ConfluenceSettings['comments']
  /** Whether archived pages are read. */
  readonly archived?: boolean
  readonly context: IndexContext
}

/** Bodies that are kept until their thread is read, in characters; beyond, they are let go and fetched again. */
const mostKept = 8_000_000

/** Asks nothing before the first space is asked for. */
export function createComments(options: CommentsOptions): Comments {
  const { wiki, spaces, everywhere, which, context } = options
  const { api } = wiki
  const archived = options.archived === true || spaces.some(({ status }) => status === 'archived')
  const known = new Map<string, Promise<ThreadsByPage>>()
  const itemsOf = createSpaceLists({ spaces, everywhere, list })
  let room = context.recall ? 0 : mostKept

  /** A comment that somebody deletes meanwhile can move others to a place that was read already: each counts once. */
  async function list(of: readonly Space[], everywhere: boolean): Promise<readonly CommentItem[]> {
    const found = new Map<string, CommentItem>()
    const lists = api.comments(of, { body: room > 0, everywhere }, { signal: context.signal, archived })
    for await (const batch of lists)
      for (const item of batch) {
        wiki.names.remember(item.author)
        if (!found.has(item.id)) found.set(item.id, keptWithin(item))
      }
    return [...found.values()]
  }

  function keptWithin(item: CommentItem): CommentItem {
    const { body = '', ...rest } = item
    const fits = body.length <= room
    room = fits ? room - body.length : 0
    return fits ? item : rest
  }

  async function load(space: Space): Promise<ThreadsByPage> {
    if (which === 'none') return new Map()
    const threads = threadsIn(await itemsOf(space)).filter(
      (thread) => which === 'all' || which === locationOf(thread),
    )
    return Map.groupBy(threads, ({ containerId }) => containerId)
  }

  return {
    bodies: createBodies((ids) => api.commentsByIds(ids, { signal: wiki.signal, archived })),
    threadsOf(space) {
      const threads = known.get(space.id) ?? load(space)
      known.set(space.id, threads)
      return threads
    },
  }
}

const locationOf = ({ comments }: Thread) => comments[0]!.item.location

interface ThreadOptions {
  readonly page: PageInHand
  /** The page as it was listed: a thread is decided as its page. */
  readonly document: Document
  /** Of the comments, where they were listed without. */
  readonly bodies?: Bodies
  readonly recall?: IndexContext['recall'] | undefined
}

/** What goes wrong costs this thread alone. One that was delivered as it is leaves without content. */
export async function listThread(
  thread: Thread,
  options: ThreadOptions,
): Promise<Extract<Listed, { type: 'document' | 'failed' }>> {
  const { page, document: of, recall } = options
  try {
    const { page: now, permissions } = await readersOf(newest(thread), options)
    const document = threadDocument(thread, { page: now, of, permissions })
    const traces = await recall?.(document)
    if (traces && (await isAsBefore(now, traces))) return { type: 'document', document }
    const inHand = { thread, page: now, document, bodies: options.bodies ?? noBodies }
    inHand.bodies.want(withoutBody(thread))
    const content = (context: CallContext) => threadContent(inHand, context)
    return { type: 'document', document, content, ...(traces ? { stale: true } : {}) }
  } catch (thrown) {
    if (!isLocal(thrown)) throw thrown
    const place = { ...placeOf(page.wiki.api.site, page.item), objectId: thread.rootId }
    const parentIds = [...of.place.parentIds, thread.containerId]
    const failed = { document: threadRef(thread, page), place: { ...place, parentIds } }
    return { type: 'failed', ...failed, error: reportError(thrown) }
  }
}

async function isAsBefore(page: PageInHand, traces: readonly Trace[]): Promise<boolean> {
  const surroundings = createSurroundings(page, { signal: page.wiki.signal, texts: false })
  return answersAreTheSame(traces, surroundings)
}

function withoutBody({ comments }: Thread): readonly string[] {
  return comments.filter(({ item }) => item.body === undefined).map(({ item }) => item.id)
}

/** The threads on one page or post, by its own request. @throws {OutflowError} as every call of the API */
export async function threadsOn({ wiki, space, item }: PageInHand, context: CallContext) {
  const archived = space.status === 'archived' || item.status === 'archived'
  return threadsIn(await wiki.api.commentsOn(item.id, { ...context, archived }))
}

/**
 * One thread by its own request: for a `download`.
 *
 * @param page what it is on, as it is now
 * @throws {OutflowError} `missing` when it is gone; `content` when it was written to, and its readers are others now
 */
export async function fetchThread(
  page: PageInHand,
  document: Document,
  context: CallContext,
): Promise<Content> {
  const rootId = document.place.objectId
  const thread = (await threadsOn(page, context)).find((each) => each.rootId === rootId)
  if (!thread) throw notThere(document)
  const changed = versionOf(thread) !== document.version
  if (changed && !(await hasSameReaders(page, document))) throw changedMeanwhile(document)
  return threadContent({ thread, page, document, bodies: noBodies }, context)
}

function notThere({ title, url }: Document): OutflowError {
  return new OutflowError({
    kind: 'missing',
    code: 'confluence.content.not_there',
    message: `${title} (${url}) is not there any more.`,
    fix: 'Nothing, if somebody deleted it. The next run takes it out.',
  })
}

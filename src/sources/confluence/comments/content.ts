/**
 * What a thread says: all of its comments, each rendered as a page of the wiki is, in the surroundings of the page that it is on.
 *
 * @module
 */

import type { CallContext } from '../../../model/call.ts'
import type { Content } from '../../../model/content.ts'
import type { Document } from '../../../model/document.ts'
import { OutflowError } from '../../../model/errors.ts'
import type { CommentItem } from '../api.ts'
import type { PageInHand } from '../around.ts'
import { changedMeanwhile } from '../changed.ts'
import { hasSameReaders } from '../readers.ts'
import { contentOf } from '../render.ts'
import type { Bodies } from './bodies.ts'
import { threadMarkup } from './markup.ts'
import type { Thread, ThreadComment } from './threads.ts'

interface ThreadInHand {
  readonly thread: Thread
  /** The page that it is on. */
  readonly page: PageInHand
  /** The thread as a document. */
  readonly document: Document
  readonly bodies: Bodies
}

/**
 * @throws {OutflowError} `content` when a body cannot be had, or new words would go out to the readers of old ones
 */
export async function threadContent(inHand: ThreadInHand, context: CallContext): Promise<Content> {
  const { page, document } = inHand
  const comments = await withBodies(inHand)
  const headings = await headingsOf(page, comments)
  // Macros that the server alone can show would be looked for in its rendering of the page, where they are not.
  const asPage: PageInHand = { ...page, bodyMode: 'storage' }
  const contents = await Promise.all(comments.map(({ item }) => contentOf(asPage, item.body ?? '', context)))
  const parts = comments.map(({ depth }, index) => {
    const { body } = contents[index]!
    return { heading: headings[index]!, depth, page: 'markup' in body ? body.markup : () => undefined }
  })
  return {
    mediaType: 'text/html',
    bytes: contents.reduce((sum, { bytes }) => sum + bytes, 0),
    body: { markup: threadMarkup({ title: document.title, quote: comments[0]!.item.selection, parts }) },
    losses: distinct(contents.flatMap(({ losses = [] }) => losses)),
    traces: distinct(contents.flatMap(({ traces = [] }) => traces)),
  }
}

/** Those that the list brought, and the others as they are now. */
async function withBodies({
  thread,
  page,
  document,
  bodies,
}: ThreadInHand): Promise<readonly ThreadComment[]> {
  const missing = thread.comments.filter(({ item }) => item.body === undefined).map(({ item }) => item.id)
  if (missing.length === 0) return thread.comments
  const fresh = new Map((await bodies.take(missing)).map((item) => [item.id, item]))
  const comments = thread.comments.map(({ item, depth }) => ({ item: fresh.get(item.id) ?? item, depth }))
  const gone = missing.some((id) => !fresh.has(id))
  const edited = comments.some(({ item }, index) => item.version !== thread.comments[index]!.item.version)
  if (gone || (edited && !(await hasSameReaders(page, document)))) throw changedMeanwhile(document)
  const empty = comments.find(({ item }) => item.body === undefined)
  if (empty) throw withoutBody(empty.item)
  return comments
}

/** Whose each comment is, and of when. */
async function headingsOf({ wiki }: PageInHand, comments: readonly ThreadComment[]): Promise<string[]> {
  const nameless = comments.flatMap(({ item }) => (item.author ? [] : (item.authorId ?? [])))
  const names = await wiki.names.find(nameless)
  return comments.map(({ item: { author, authorId = '', createdAt } }) => {
    const name = author?.name ?? names.get(authorId) ?? 'Unknown user'
    return createdAt ? `${name}, ${createdAt.toISOString().slice(0, 10)}` : name
  })
}

function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}

function withoutBody({ id, url }: CommentItem): OutflowError {
  return new OutflowError({
    kind: 'content',
    code: 'confluence.body.missing',
    message: `Confluence gave no body for comment ${id} (${url}).`,
    fix: 'Open the comment in a browser. If it shows there, save it once and run again.',
  })
}

/**
 * From a listed item to a listed document: its permissions now, its content when somebody asks for it.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { Content } from '../../model/content.ts'
import type { IndexContext, Listed } from '../../model/contracts.ts'
import { reportError } from '../../model/errors.ts'
import { createSurroundings, type PageInHand } from './around.ts'
import { documentOf, placeOf, refOf } from './documents.ts'
import { looksAround } from './looks-around.ts'
import { packPage } from './packed.ts'
import { withPictures } from './pictures.ts'
import { isLocal } from './seat.ts'
import { readPage } from './storage-format/read-page.ts'
import type { Surroundings } from './surroundings.ts'
import { answersAreTheSame, traceQuestions } from './traces.ts'
import { accessPath } from './tree.ts'

/** Without a body it carries no content: the document is then downloaded by its own request. */
export async function listDocument(page: PageInHand): Promise<Extract<Listed, { type: 'document' }>> {
  const { wiki, space, item, way } = page
  const { body } = item
  const permissions = await wiki.permissions.of(accessPath(await wiki.access(space), way))
  const author = item.authorId && (wiki.names.get(item.authorId) ?? item.authorId)
  const document = documentOf({ site: wiki.api.site, space, item }, { way, permissions, author })
  if (body === undefined) return { type: 'document', document }
  return {
    type: 'document',
    document,
    content: (context) => contentOf(page, body, context),
    ...(!looksAround(body) && { packed: () => packPage(page) }),
  }
}

/** The same for a listing, where what goes wrong costs this document alone. */
export async function listSafely(
  page: PageInHand,
): Promise<Extract<Listed, { type: 'document' | 'failed' }>> {
  try {
    return await listDocument(page)
  } catch (thrown) {
    if (!isLocal(thrown)) throw thrown
    const { wiki, space, item } = page
    const { site } = wiki.api
    const document = refOf({ site, space, item })
    return { type: 'failed', document, place: placeOf(site, item), error: reportError(thrown) }
  }
}

/** What is known of an item whose body did not come along: as it was delivered, or the body is wanted. */
type Recalled =
  | { readonly listed: Extract<Listed, { type: 'document' }> }
  /** `stale`: the item itself is as it was, and what it was made of is not. */
  | { readonly wanted: true; readonly stale: boolean }

/** Whether an item can leave without its body. Where that cannot be told, it cannot. */
export async function recallPage(page: PageInHand, { recall, signal }: IndexContext): Promise<Recalled> {
  if (!recall) return { wanted: true, stale: false }
  try {
    const listed = await listDocument(page)
    const traces = await recall(listed.document)
    if (!traces) return { wanted: true, stale: false }
    const surroundings = createSurroundings(page, { signal, texts: false })
    return (await answersAreTheSame(traces, surroundings)) ? { listed } : { wanted: true, stale: true }
  } catch (thrown) {
    if (!isLocal(thrown)) throw thrown
    return { wanted: true, stale: false }
  }
}

/** @param limit what of the wiki around it may be asked; everything without it */
export async function contentOf(
  page: PageInHand,
  storage: string,
  context: CallContext,
  limit: (surroundings: Surroundings) => Surroundings = (all) => all,
): Promise<Content> {
  const around = limit(createSurroundings(page, { ...context, texts: true }))
  const { surroundings, traces, included } = traceQuestions(around)
  const read = await readPage({ storage, surroundings })
  const { api, pictures: rules } = page.wiki
  const pages = new Set([page.item.id, ...included()])
  const shown = rules && (await withPictures(read.markup, { ...context, api, surroundings, rules, pages }))
  const bytes = Buffer.byteLength(storage)
  const losses = [...read.losses, ...(shown?.losses ?? [])]
  return {
    mediaType: 'text/html',
    bytes,
    body: { markup: shown?.markup ?? read.markup },
    losses,
    traces: traces(),
  }
}

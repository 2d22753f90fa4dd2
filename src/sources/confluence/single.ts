/**
 * One page by itself: found by an address or an id, and fetched by its own requests.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { Content } from '../../model/content.ts'
import type { IndexContext } from '../../model/contracts.ts'
import type { Document } from '../../model/document.ts'
import { OutflowError } from '../../model/errors.ts'
import { parseAddress } from './address.ts'
import type { ContentItem, Space } from './api.ts'
import type { PageInHand } from './around.ts'
import { changedMeanwhile } from './changed.ts'
import { fetchThread } from './comments.ts'
import type { ConfluenceSettings } from './config.ts'
import { fetchFile } from './files.ts'
import { withoutBody } from './not-there.ts'
import { unpackPage, withoutOthers } from './packed.ts'
import { contentOf, listDocument, listSafely, recallPage } from './render.ts'
import { isLocal } from './seat.ts'
import type { Surroundings } from './surroundings.ts'
import type { Wiki } from './wiki.ts'

/** @throws {OutflowError} `missing` or `permission`; `config` when the address names no page of this site */
export async function locateDocument(wiki: Wiki, address: string, context: CallContext): Promise<Document> {
  const item = await findItem(wiki, address, context)
  return (await listDocument(await pageInHand(wiki, item, 'auto', context))).document
}

/** @throws {OutflowError} `missing`, `permission`, `transient`; `content` when the site cannot give the body */
export async function fetchDocument(
  wiki: Wiki,
  document: Document,
  { body: bodyMode, max_file_size: most }: ConfluenceSettings,
  context: CallContext,
): Promise<Content> {
  if (document.kind === 'attachment') return fetchFile(wiki.api, document, { ...context, most })
  if (document.kind === 'comments') return fetchComments(wiki, document, bodyMode, context)
  const type = document.kind === 'blogpost' ? 'blogpost' : 'page'
  const item = await wiki.api.node(document.recordLocator.document_id ?? '', type, context)
  if (item.body === undefined) throw withoutBody(document)
  const page = await pageInHand(wiki, item, bodyMode, context)
  if (String(item.version) !== document.version) await proveSameReaders(page, document)
  return contentOf(page, item.body, context)
}

/**
 * The content of a page that was packed when it was listed. Should it show others after all, it is fetched anew, and has to be for the same
 * readers.
 */
export async function unpackDocument(
  wiki: Wiki,
  packed: string,
  document: Document,
  bodyMode: Surroundings['bodyMode'],
  context: CallContext,
): Promise<Content> {
  const { page, storage } = unpackPage(wiki, packed, bodyMode)
  let showsOthers = false
  const watched = (surroundings: Surroundings) =>
    withoutOthers(surroundings, () => {
      showsOthers = true
    })
  try {
    const content = await contentOf(page, storage, context, watched)
    if (!showsOthers) return content
  } catch (thrown) {
    if (!showsOthers) throw thrown
  }
  const item = await wiki.api.node(page.item.id, page.item.type === 'blogpost' ? 'blogpost' : 'page', context)
  if (item.body === undefined) throw withoutBody(document)
  const fresh = await pageInHand(wiki, item, bodyMode, context)
  await proveSameReaders(fresh, document)
  return contentOf(fresh, item.body, context)
}

/** A thread goes by what it is on. */
async function fetchComments(
  wiki: Wiki,
  document: Document,
  bodyMode: Surroundings['bodyMode'],
  context: CallContext,
): Promise<Content> {
  const item = await pageOrPost(wiki, document.place.parentIds.at(-1) ?? '', context)
  return fetchThread(await pageInHand(wiki, item, bodyMode, context), document, context)
}

/** @throws {OutflowError} kind `content`: new words would go out to the readers of the old ones */
async function proveSameReaders(page: PageInHand, document: Document): Promise<void> {
  const { permissions } = (await listDocument(page)).document
  if (JSON.stringify(permissions) !== JSON.stringify(document.permissions)) throw changedMeanwhile(document)
}

/** A page or post by its id, its address, or an address that names it by title. */
export async function findItem(wiki: Wiki, address: string, context: CallContext): Promise<ContentItem> {
  const { pageId, spaceKey, title } = /^\d+$/.test(address) ? { pageId: address } : placeOn(wiki, address)
  if (pageId !== undefined) return pageOrPost(wiki, pageId, context)
  const space = spaceKey === undefined ? undefined : await wiki.space(spaceKey)
  const byTitle =
    space && title ? await wiki.api.pageByTitle(space, title, { ...context, body: true }) : undefined
  if (byTitle) return byTitle
  throw new OutflowError({
    kind: 'config',
    code: 'confluence.address.no_page',
    message: `${address} is not the address of a page that this account can see.`,
    fix: 'Open the page in a browser and copy its address, or give the page’s id.',
  })
}

function placeOn({ api }: Wiki, address: string): { pageId?: string; spaceKey?: string; title?: string } {
  const place = parseAddress(address)
  const here = new URL(api.site.webUrl).host
  const there = new URL(place.baseUrl).host
  if (here === there || place.cloudId !== undefined) return place
  throw new OutflowError({
    kind: 'config',
    code: 'confluence.address.other_site',
    message: `${address} is on ${there}, but the settings name ${here}.`,
    fix: 'Give the address of a page on the site of `url`, or change `url`.',
  })
}

/** An id does not say which of the two it is of; pages are more. @throws {OutflowError} kind `missing` */
export async function pageOrPost({ api }: Wiki, id: string, context: CallContext): Promise<ContentItem> {
  for (const type of ['page', 'blogpost'] as const)
    try {
      return await api.node(id, type, context)
    } catch (thrown) {
      // What is in the trash has an error of its own, which says more.
      if (!(thrown instanceof OutflowError) || thrown.code !== 'http.not_found') throw thrown
    }
  throw new OutflowError({
    kind: 'missing',
    code: 'confluence.page.missing',
    message: `There is no page or post with the id ${id} that this account can see.`,
    fix: 'Open it in a browser as this account. It may have been deleted, or be restricted; Confluence answers the same to both.',
  })
}

/** By single requests. @throws {OutflowError} kind `missing` when its space is not to be seen */
export async function pageInHand(
  wiki: Wiki,
  item: ContentItem,
  bodyMode: Surroundings['bodyMode'],
  context: CallContext,
) {
  const space = await spaceOf(wiki, item, context)
  const way = await wiki.wayTo(item)
  await learnAuthor(wiki, item)
  return { wiki, space, item, way, tree: () => undefined, bodyMode }
}

/** A listing brings names along; without its author's, a document would look like another one. */
async function learnAuthor({ names }: Wiki, { authorId, annotation }: ContentItem): Promise<void> {
  names.remember(annotation?.author)
  try {
    if (authorId) await names.find([authorId])
  } catch (thrown) {
    if (!isLocal(thrown)) throw thrown
  }
}

/** One page or post as a listing would bring it, had it not left it out. */
export async function listAsNow(page: PageInHand, context: IndexContext) {
  const recalled = await recallPage(page, context)
  if ('listed' in recalled) return recalled.listed
  const listed = await listSafely(page)
  return listed.type === 'document' && recalled.stale ? { ...listed, stale: true as const } : listed
}

async function spaceOf(wiki: Wiki, item: ContentItem, context: CallContext): Promise<Space> {
  const filter = { ids: [item.spaceId], archived: true }
  for await (const space of wiki.api.spaces(filter, context)) if (space.id === item.spaceId) return space
  throw new OutflowError({
    kind: 'missing',
    code: 'confluence.space.missing',
    message: `The space of "${item.title}" (${item.id}) is not there any more, or this account may not see it.`,
    fix: 'Have a space administrator give the account view permission on the space.',
  })
}

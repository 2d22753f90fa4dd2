/**
 * From a listed item to a listed document: its permissions now, its content when somebody asks for it.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'
import type { Content } from '../../model/content.ts'
import type { Listed } from '../../model/contracts.ts'
import { reportError } from '../../model/errors.ts'
import { createSurroundings, type PageInHand } from './around.ts'
import { documentOf, refOf } from './documents.ts'
import { isLocal } from './seat.ts'
import { readPage } from './storage-format/read-page.ts'
import { accessPath } from './tree.ts'

/** Without a body it carries no content: the document is then downloaded by its own request. */
export async function listDocument(page: PageInHand): Promise<Extract<Listed, { type: 'document' }>> {
  const { wiki, space, item, way } = page
  const { body } = item
  const permissions = await wiki.permissions.of(accessPath(await wiki.access(space), way))
  const author = item.authorId && (wiki.names.get(item.authorId) ?? item.authorId)
  const document = documentOf({ site: wiki.api.site, space, item }, { way, permissions, author })
  if (body === undefined) return { type: 'document', document }
  return { type: 'document', document, content: (context) => contentOf(page, body, context) }
}

/** The same for a listing, where what goes wrong costs this document alone. */
export async function listSafely(page: PageInHand): Promise<Listed> {
  try {
    return await listDocument(page)
  } catch (thrown) {
    if (!isLocal(thrown)) throw thrown
    const { wiki, space, item } = page
    const document = refOf({ site: wiki.api.site, space, item })
    return { type: 'failed', document, error: reportError(thrown) }
  }
}

export async function contentOf(page: PageInHand, storage: string, context: CallContext): Promise<Content> {
  const surroundings = createSurroundings(page, context)
  const { markup, losses } = await readPage({ storage, surroundings })
  return { mediaType: 'text/html', bytes: Buffer.byteLength(storage), body: { markup }, losses }
}

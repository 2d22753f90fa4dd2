/**
 * Files attached to pages and posts, each a document: beside the page that they are on, and for its readers.
 *
 * @module
 */

import { type FileSelection, skipsFile } from '../../kit/file-selection.ts'
import type { CallContext } from '../../model/call.ts'
import type { Content } from '../../model/content.ts'
import type { Listed } from '../../model/contracts.ts'
import type { Document } from '../../model/document.ts'
import { reportError } from '../../model/errors.ts'
import type { ConfluenceApi, FileItem } from './api.ts'
import type { PageInHand } from './around.ts'
import { fileDocument, filePlace, fileRef } from './files/document.ts'
import { downloadFile } from './files/download.ts'
import { readersOf } from './readers.ts'
import { isLocal } from './seat.ts'

export { filesFailed } from './files/document.ts'

interface FileOptions {
  readonly page: PageInHand
  /** The page as it was listed: a file is decided as its page. */
  readonly document: Document
  readonly settings: FileSelection
}

/** What goes wrong costs this file alone. It leaves without content: any process can fetch it by the document alone. */
export async function listFile(
  file: FileItem,
  { page, document: of, settings }: FileOptions,
): Promise<Extract<Listed, { type: 'document' | 'skipped' | 'failed' }>> {
  const ref = { document: fileRef(file, page), place: filePlace(file, page, of.place.parentIds) }
  const rule = skipsFile(settings, { ...file, filename: file.title })
  if (rule !== undefined) return { type: 'skipped', ...ref, rule, outOfScope: true }
  try {
    const { page: now, permissions } = await readersOf(file.modifiedAt, { page, document: of })
    return { type: 'document', document: fileDocument(file, { page: now, of, permissions }) }
  } catch (thrown) {
    if (!isLocal(thrown)) throw thrown
    return { type: 'failed', ...ref, error: reportError(thrown) }
  }
}

/**
 * The very version that was listed, for the readers that it was listed for: a newer one may be for fewer.
 *
 * @param most bytes that it may have at most
 * @throws {OutflowError} as `downloadFile`
 */
export async function fetchFile(
  api: ConfluenceApi,
  { title, version, mediaType, size, place }: Document,
  { most, signal }: CallContext & { readonly most: number },
): Promise<Content> {
  const containerId = place.parentIds.at(-1) ?? ''
  const expected = { id: place.objectId, containerId, title, version, mediaType, ...(size && { size }) }
  const { path, bytes, dispose } = await downloadFile(expected, { api, most, signal })
  return { mediaType, bytes, body: { file: path }, dispose }
}

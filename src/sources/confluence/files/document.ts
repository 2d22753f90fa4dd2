/**
 * From a file to a document: id, names, place and links.
 *
 * @module
 */

import type { Listed } from '../../../model/contracts.ts'
import type { Document, DocumentRef, Place } from '../../../model/document.ts'
import { type OutflowError, reportError } from '../../../model/errors.ts'
import type { DocumentPermissions } from '../../../model/permissions.ts'
import type { FileItem, Site, Space } from '../api.ts'
import type { PageInHand } from '../around.ts'
import { safeName } from '../documents.ts'

interface FileFacts {
  readonly page: PageInHand
  /** The page as a document. */
  readonly of: Document
  readonly permissions: DocumentPermissions
}

export function fileDocument(file: FileItem, { page, of, permissions }: FileFacts): Document {
  const { id, containerId, title, createdAt, modifiedAt, authorId, size } = file
  const { wiki, space, item } = page
  const { site } = wiki.api
  const author = file.author?.name ?? (authorId && (wiki.names.get(authorId) ?? authorId))
  return {
    ...fileRef(file, page),
    place: filePlace(file, page, of.place.parentIds),
    path: `${safeName(space.key)}/${safeName(id)}-${shortName(title, safeName)}`,
    filename: shortName(title, plainName),
    mediaType: file.mediaType,
    ...(size === undefined ? {} : { size }),
    version: String(file.version),
    ...(createdAt ? { createdAt } : {}),
    ...(modifiedAt ? { modifiedAt } : {}),
    ...(author ? { author } : {}),
    ancestors: [...of.ancestors, item.title],
    labels: file.labels,
    recordLocator: {
      space_id: space.key,
      document_id: id,
      page_id: containerId,
      type: 'attachment',
      ...(site.cloudId ? { cloud_id: site.cloudId } : {}),
    },
    permissions,
  }
}

export function fileRef({ id, title, url }: FileItem, { wiki, space }: PageInHand): DocumentRef {
  return {
    id: `confluence:${wiki.api.site.id}/attachment/${id}`,
    kind: 'attachment',
    title,
    url,
    space: space.key,
  }
}

/** @param above ids of what is above its page */
export function filePlace(
  { id, containerId }: FileItem,
  { wiki, space }: PageInHand,
  above: readonly string[],
): Place {
  return {
    site: `confluence:${wiki.api.site.id}`,
    objectId: id,
    spaceId: space.id,
    parentIds: [...above, containerId],
  }
}

/** Stands for all files of a space in the report, when they could not be listed. */
export function filesFailed(site: Site, space: Space, error: OutflowError): Listed {
  const document: DocumentRef = {
    id: `confluence:${site.id}/files-of/${space.key}`,
    kind: 'attachment',
    title: `Files of space ${space.key} (${space.name})`,
    url: `${site.webUrl}/display/${encodeURIComponent(space.key)}`,
    space: space.key,
  }
  return { type: 'failed', document, error: reportError(error) }
}

const longestName = 120

/** What is cut of a long name is not its extension, which says what is in it. */
function shortName(name: string, safe: (name: string) => string): string {
  const [, stem = name, extension = ''] = /^(.+)(\.[^.]{1,10})$/su.exec(name) ?? []
  const cut = stem.slice(0, longestName - extension.length).replace(/[\uD800-\uDBFF]$/, '')
  return safe(`${cut}${extension}`)
}

/** As people know it, without what would lead elsewhere or cannot be seen. */
function plainName(name: string): string {
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}/\\]/gu, '_').trim()
  return /^\.*$/.test(plain) ? `_${plain.replaceAll('.', '_')}` : plain
}

/**
 * From a thread to a document: id, title, path and links.
 *
 * @module
 */

import type { Listed } from '../../../model/contracts.ts'
import type { Document, DocumentRef } from '../../../model/document.ts'
import { type OutflowError, reportError } from '../../../model/errors.ts'
import type { DocumentPermissions } from '../../../model/permissions.ts'
import type { Site, Space } from '../api.ts'
import type { PageInHand } from '../around.ts'
import { safeName } from '../documents.ts'
import { type Thread, versionOf } from './threads.ts'

interface ThreadFacts {
  readonly page: PageInHand
  /** The page as a document. */
  readonly of: Document
  readonly permissions: DocumentPermissions
}

export function threadDocument(thread: Thread, { page, of, permissions }: ThreadFacts): Document {
  const { site } = page.wiki.api
  const { rootId, containerId, spaceId, comments } = thread
  const { item: first } = comments[0]!
  const { authorId } = first
  const author = first.author?.name ?? (authorId && (page.wiki.names.get(authorId) ?? authorId))
  const filename = `${safeName(containerId)}-comments-${safeName(rootId)}.html`
  return {
    ...threadRef(thread, page),
    place: {
      site: `confluence:${site.id}`,
      objectId: rootId,
      spaceId,
      parentIds: [...of.place.parentIds, containerId],
    },
    path: `${safeName(page.space.key)}/${filename}`,
    filename,
    mediaType: 'text/html',
    version: versionOf(thread),
    ...(first.createdAt ? { createdAt: first.createdAt } : {}),
    ...dateOf(newest(thread)),
    ...(author ? { author } : {}),
    ancestors: [...of.ancestors, page.item.title],
    labels: [],
    recordLocator: {
      space_id: page.space.key,
      document_id: rootId,
      page_id: containerId,
      type: 'comment',
      location: first.location,
      resolution: first.resolution,
      ...(site.cloudId ? { cloud_id: site.cloudId } : {}),
    },
    permissions,
  }
}

export function threadRef({ rootId, comments }: Thread, { wiki, space, item }: PageInHand): DocumentRef {
  const { location, resolution, url } = comments[0]!.item
  const state = resolution === 'resolved' || resolution === 'dangling' ? ` (${resolution})` : ''
  return {
    id: `confluence:${wiki.api.site.id}/comments/${rootId}`,
    kind: 'comments',
    title: `${location === 'inline' ? 'Inline comment' : 'Comment'} on "${item.title}"${state}`,
    url,
    space: space.key,
  }
}

/** Stands for all comments of a space in the report, when they could not be listed. */
export function commentsFailed(site: Site, space: Space, error: OutflowError): Listed {
  const document: DocumentRef = {
    id: `confluence:${site.id}/comments-of/${space.key}`,
    kind: 'comments',
    title: `Comments of space ${space.key} (${space.name})`,
    url: `${site.webUrl}/display/${encodeURIComponent(space.key)}`,
    space: space.key,
  }
  return { type: 'failed', document, error: reportError(error) }
}

/** When it was last written to; `undefined` where the site does not say of all. */
export function newest({ comments }: Thread): Date | undefined {
  const times = comments.map(({ item }) => item.modifiedAt?.getTime() ?? Number.NaN)
  const latest = times.reduce((one, other) => Math.max(one, other))
  return Number.isNaN(latest) ? undefined : new Date(latest)
}

const dateOf = (modifiedAt: Date | undefined) => (modifiedAt ? { modifiedAt } : {})

/**
 * A document: one thing that a source lists (a page, a blog post, a comment thread, an attachment).
 *
 * @module
 */

import type { DocumentPermissions } from './permissions.ts'

/** `file`: one that stands by itself. */
export type DocumentKind = 'page' | 'blogpost' | 'comments' | 'attachment' | 'file'

/** Enough to name a document to a person and to find it again. */
export interface DocumentRef {
  /** Stable for ever: site + kind + object id, never a URL or a title (Infiniflow RAGFlow issue 16665 tells what else happens). Example: `confluence:acme.atlassian.net/page/123`. */
  readonly id: string
  readonly kind: DocumentKind
  readonly title: string
  /** The document's real web address; empty where it has none. */
  readonly url: string
  /** Key of the space it lives in. */
  readonly space: string
}

/** Where a document is in its source, by ids that stay: what names it to people may change. */
export interface Place {
  /** The site, as it stands in the document's id: `confluence:acme.atlassian.net`. */
  readonly site: string
  /** The source's own id of the page, post, comment or file. */
  readonly objectId: string
  readonly spaceId: string
  /** Ids of what is above it, root first; of a comment or a file, what it belongs to comes last. */
  readonly parentIds: readonly string[]
}

export interface Document extends DocumentRef {
  readonly place: Place
  /** Where its elements land, relative and safe on every file system; a destination adds its own extension: `HR/123.html`. */
  readonly path: string
  /** File name in element metadata and in element ids: `123.html`. */
  readonly filename: string
  /** MIME type of the content that `download` will bring. */
  readonly mediaType: string
  /** Size of a file in bytes, where the source says it of itself: what `download` brings is checked against it. */
  readonly size?: number
  /** Version as the source counts it. */
  readonly version: string
  readonly createdAt?: Date
  readonly modifiedAt?: Date
  /** Name or id of the person who wrote the current version. */
  readonly author?: string
  /** Titles of the ancestors, root first. */
  readonly ancestors: readonly string[]
  readonly labels: readonly string[]
  /** How the source finds it again: `{space_id, document_id, cloud_id?}`. */
  readonly recordLocator: Readonly<Record<string, string>>
  readonly permissions: DocumentPermissions
}

/** The parts of a document that name it, without the rest. */
export function documentRef({ id, kind, title, url, space }: DocumentRef): DocumentRef {
  return { id, kind, title, url, space }
}

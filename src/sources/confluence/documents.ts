/**
 * From an item of the wiki to a document: ids, paths and links.
 *
 * @module
 */

import type { Document, DocumentRef, Place } from '../../model/document.ts'
import type { DocumentPermissions } from '../../model/permissions.ts'
import type { ContentItem, Site, Space } from './api.ts'
import type { TreeNode } from './tree.ts'

interface Placed {
  readonly site: Site
  readonly space: Space
  readonly item: ContentItem
}

export function documentOf(
  { site, space, item }: Placed,
  facts: {
    readonly way: readonly TreeNode[]
    readonly permissions: DocumentPermissions
    readonly author: string | undefined
  },
): Document {
  const { way, permissions, author } = facts
  return {
    ...refOf({ site, space, item }),
    place: { ...placeOf(site, item), parentIds: way.slice(0, -1).map(({ id }) => id) },
    path: `${safeName(space.key)}/${safeName(item.id)}.html`,
    filename: `${safeName(item.id)}.html`,
    mediaType: 'text/html',
    version: String(item.version),
    ...(item.createdAt ? { createdAt: item.createdAt } : {}),
    ...(item.modifiedAt ? { modifiedAt: item.modifiedAt } : {}),
    ...(author ? { author } : {}),
    ancestors: way.slice(0, -1).flatMap(({ title }) => (title === '' ? [] : [title])),
    labels: way.at(-1)?.labels ?? [],
    recordLocator: {
      space_id: space.key,
      document_id: item.id,
      ...(item.type === 'blogpost' ? { type: item.type } : {}),
      ...(site.cloudId ? { cloud_id: site.cloudId } : {}),
    },
    permissions,
  }
}

export function refOf({ site, space, item }: Placed): DocumentRef {
  const kind = item.type === 'blogpost' ? 'blogpost' : 'page'
  return {
    id: `confluence:${site.id}/${kind}/${item.id}`,
    kind,
    title: item.title,
    url: item.url,
    space: space.key,
  }
}

/** Where an item is, as far as the item itself says it. */
export function placeOf(site: Site, { id, spaceId, parent }: ContentItem): Place {
  return { site: `confluence:${site.id}`, objectId: id, spaceId, parentIds: parent ? [parent.id] : [] }
}

/** Stands for a whole space in the report, when it could not be listed. */
export function spaceRef(site: Site, space: Space): DocumentRef {
  return {
    id: `confluence:${site.id}/space/${space.key}`,
    kind: 'page',
    title: `Space ${space.key} (${space.name})`,
    url: `${site.webUrl}/display/${encodeURIComponent(space.key)}`,
    space: space.key,
  }
}

/** Stands for all blog posts in the report, when they could not be listed. */
export function postsRef(site: Site): DocumentRef {
  return {
    id: `confluence:${site.id}/blogposts`,
    kind: 'blogpost',
    title: 'Blog posts',
    url: site.webUrl,
    space: '*',
  }
}

/** Keys and ids come from outside: one path segment, without a way up, on every file system. */
export function safeName(name: string): string {
  const safe = name.replaceAll(/[^A-Za-z0-9~._-]/g, '_').slice(0, 200)
  return /^\.*$/.test(safe) ? `_${safe.replaceAll('.', '_')}` : safe
}

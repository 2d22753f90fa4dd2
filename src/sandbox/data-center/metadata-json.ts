/**
 * Labels, and what content of one type alone has: a file's type and size, a comment's place, a page's position.
 *
 * @module
 */

import type { WorldNode } from '../world.ts'
import type { Expansion } from './expansion.ts'
import { restId, type Visit } from './site.ts'

export function metadataJson(visitor: Visit, node: WorldNode, expansion: Expansion) {
  const file = node.attachment && { mediaType: node.attachment.mediaType, comment: node.attachment.comment }
  const labels = expansion.has('labels') && { labels: embeddedLabels(visitor, node) }
  const expandable = ['currentuser', 'properties', 'frontend', 'editorHtml', 'labels']
  return {
    ...file,
    ...labels,
    _expandable: Object.fromEntries(
      expandable.filter((name) => !expansion.has(name)).map((name) => [name, '']),
    ),
  }
}

function embeddedLabels(visitor: Visit, node: WorldNode) {
  const results = labelsJson(node)
  const self = `${visitor.base}/rest/api/content/${restId(node)}/label`
  return { results, start: 0, limit: 200, size: results.length, _links: { self } }
}

/** Ids of labels depend on their names alone. */
export function labelsJson(node: WorldNode) {
  return node.labels.map((name) => ({ prefix: 'global', name, id: labelId(name), label: name }))
}

const labelId = (name: string) =>
  String(Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) % 900_000_007, 7) + 100_000)

export function extensionsJson(_visitor: Visit, node: WorldNode, expansion: Expansion) {
  if (node.attachment !== undefined) {
    const { mediaType, size, comment } = node.attachment
    return { mediaType, fileSize: size, comment }
  }
  if (node.comment !== undefined) return commentExtensions(node.comment, expansion)
  return { position: node.position }
}

function commentExtensions(comment: NonNullable<WorldNode['comment']>, expansion: Expansion) {
  const { location, resolution, selection, markerRef } = comment
  return {
    location,
    ...(expansion.has('resolution') && { resolution: { status: resolution } }),
    ...(expansion.has('inlineProperties') &&
      location === 'inline' && { inlineProperties: { originalSelection: selection, markerRef } }),
    _expandable: { inlineProperties: '', resolution: '' },
  }
}

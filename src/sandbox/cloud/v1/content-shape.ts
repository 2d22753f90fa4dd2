/**
 * v1 content with what `expand` asks for.
 *
 * @module
 */

import type { SandboxContext } from '../../context.ts'
import { Problem } from '../../problem.ts'
import type { Reading } from '../../view/rendering.ts'
import { renderedBody, viewFormats } from '../../view/view.ts'
import type { WorldNode } from '../../world.ts'
import { downloadLink, editLink, spaceOf, tinyLink, webLink } from '../links.ts'
import { labelId } from '../v2/shapes.ts'
import { ancestorsOf } from '../v2/tree.ts'
import { type RestrictedOperation, restrictionShape } from './restriction-shapes.ts'
import { personShape, restUrl, spaceShape, versionShape } from './shapes.ts'

/** The paths of an `expand` parameter: `has('version')` also where only something below it was named. */
export interface Expansion {
  readonly any: boolean
  has(path: string): boolean
  /** What was asked for of the thing at this path. */
  below(path: string): Expansion
}

export function expansionOf(paths: readonly string[]): Expansion {
  return {
    any: paths.length > 0,
    has: (path) => paths.some((each) => each === path || each.startsWith(`${path}.`)),
    below: (path) =>
      expansionOf(
        paths.filter((each) => each.startsWith(`${path}.`)).map((each) => each.slice(path.length + 1)),
      ),
  }
}

/** How many attachments a list embeds. */
const embeddedAttachments = 25

const bodyFormats = ['storage', ...viewFormats] as const

export function contentShape({ context, viewer }: Reading, node: WorldNode, expansion: Expansion): object {
  const { world } = context
  const id = contentId(node)
  const expanded = {
    ...(expansion.has('space') && { space: spaceShape(context, spaceOf(world, node)) }),
    ...(expansion.has('version') && { version: versionShape(context, id, node.version) }),
    ...(expansion.has('history') && { history: historyShape(context, node, expansion) }),
    ...(expansion.has('ancestors') && {
      ancestors: ancestorsOf(world, node).map((each) =>
        contentShape({ context, viewer }, each, expansion.below('ancestors')),
      ),
    }),
    ...(expansion.has('container') && { container: containerShape(context, node) }),
    ...(expansion.has('body') && { body: bodyShape({ context, viewer }, node, expansion) }),
    ...(expansion.has('metadata') && { metadata: metadataShape(context, node, expansion) }),
    ...(expansion.has('restrictions') && { restrictions: restrictionsShape(context, node, expansion) }),
    ...(expansion.has('children') && { children: childrenShape({ context, viewer }, node, expansion) }),
  }
  return plainShape(context, node, { expanded, extensions: expansion.below('extensions') })
}

const contentId = ({ id, type }: WorldNode) => (type === 'attachment' ? `att${id}` : id)

const nothing = expansionOf([])

interface Shown {
  readonly expanded: object
  readonly extensions: Expansion
}

function plainShape(context: SandboxContext, node: WorldNode, { expanded, extensions }: Shown) {
  const { world } = context
  const id = contentId(node)
  const expandable: Record<string, string> = {
    container: node.containerId
      ? `/rest/api/content/${node.containerId}`
      : `/rest/api/space/${spaceOf(world, node).key}`,
    metadata: '',
    operations: '',
    children: `/rest/api/content/${id}/child`,
    restrictions: `/rest/api/content/${id}/restriction/byOperation`,
    history: `/rest/api/content/${id}/history`,
    ancestors: '',
    body: '',
    version: '',
    descendants: `/rest/api/content/${id}/descendant`,
    space: `/rest/api/space/${spaceOf(world, node).key}`,
  }
  for (const name of Object.keys(expanded)) delete expandable[name]
  return {
    id,
    type: node.type,
    status: node.status,
    title: node.title,
    ...expanded,
    macroRenderedOutput: {},
    extensions: extensionsOf(node, extensions),
    _expandable: expandable,
    _links: {
      self: restUrl(context, `/content/${id}`),
      tinyui: tinyLink(node.id),
      editui: `/pages/resumedraft.action?draftId=${node.id}`,
      edituiv2: editLink(world, node),
      webui: webLink(world, node),
      ...(node.attachment !== undefined && { download: downloadLink(node) }),
    },
  }
}

function extensionsOf({ attachment, comment, position }: WorldNode, expansion: Expansion): object {
  if (attachment !== undefined)
    return {
      mediaType: attachment.mediaType,
      fileSize: attachment.size,
      comment: attachment.comment,
      fileId: attachment.fileId,
    }
  return comment === undefined ? { position } : commentExtensions(comment, expansion)
}

/** What a comment says of its place beyond `location` comes only when asked for. Answers mark no words of their own. */
function commentExtensions(
  { location, resolution, selection, markerRef }: NonNullable<WorldNode['comment']>,
  expansion: Expansion,
) {
  const inline = location === 'inline' && expansion.has('inlineProperties')
  return {
    location,
    ...(inline && { inlineProperties: { originalSelection: selection ?? '', markerRef: markerRef ?? '' } }),
    ...(expansion.has('resolution') && { resolution: { status: resolution } }),
    _expandable: {
      ...(!inline && { inlineProperties: '' }),
      ...(!expansion.has('resolution') && { resolution: '' }),
    },
  }
}

function containerShape(context: SandboxContext, node: WorldNode) {
  if (node.containerId === undefined) return { id: spaceOf(context.world, node).id, type: 'space' }
  return plainShape(context, context.world.node(node.containerId)!, { expanded: {}, extensions: nothing })
}

function historyShape(context: SandboxContext, node: WorldNode, expansion: Expansion) {
  return {
    latest: true,
    createdBy: personShape(context, node.authorId),
    createdDate: node.createdAt.toISOString(),
    ...(expansion.has('history.lastUpdated') && {
      lastUpdated: versionShape(context, node.id, node.version),
    }),
    _expandable: { previousVersion: '', contributors: '', nextVersion: '' },
    _links: { self: restUrl(context, `/content/${node.id}/history`) },
  }
}

function bodyShape(reading: Reading, node: WorldNode, expansion: Expansion) {
  if (expansion.has('body.atlas_doc_format') || expansion.has('body.editor'))
    throw new Problem(501, 'NOT_IMPLEMENTED', 'The sandbox writes bodies in storage format and as view only')
  const bodies = bodyFormats
    .filter((format) => expansion.has(`body.${format}`))
    .map((format) => {
      const value =
        format === 'storage' ? reading.context.world.storage(node.id) : renderedBody(reading, node, format)
      const body = {
        value,
        representation: format,
        embeddedContent: [],
        _expandable: { content: `/rest/api/content/${node.id}` },
      }
      return [format, body] as const
    })
  const others = bodyFormats.filter((format) => !expansion.has(`body.${format}`))
  return {
    ...Object.fromEntries(bodies),
    _expandable: Object.fromEntries(others.map((format) => [format, ''])),
  }
}

function metadataShape(context: SandboxContext, node: WorldNode, expansion: Expansion) {
  if (!expansion.has('metadata.labels'))
    return { _expandable: { labels: '', currentuser: '', properties: '' } }
  const results = node.labels.map((name) => ({ prefix: 'global', name, id: labelId(name), label: name }))
  const self = restUrl(context, `/content/${contentId(node)}/label`)
  return {
    labels: { results, start: 0, limit: 200, size: results.length, _links: { self } },
    _expandable: { currentuser: '', properties: '' },
  }
}

function restrictionsShape(context: SandboxContext, node: WorldNode, expansion: Expansion) {
  const span = { start: 0, limit: context.traps.restrictionListSize }
  const operations: readonly RestrictedOperation[] = ['read', 'update']
  const shown = operations
    .filter((operation) => expansion.has(`restrictions.${operation}`))
    .map((operation) => {
      const users = expansion.has(`restrictions.${operation}.restrictions.user`)
      const groups = expansion.has(`restrictions.${operation}.restrictions.group`)
      return [operation, restrictionShape(context, { node, operation }, { users, groups, span })] as const
    })
  const hidden = operations.filter((operation) => !expansion.has(`restrictions.${operation}`))
  const path = `/content/${contentId(node)}/restriction/byOperation`
  return {
    ...Object.fromEntries(shown),
    _expandable: Object.fromEntries(hidden.map((operation) => [operation, ''])),
    _links: { self: restUrl(context, path) },
  }
}

function childrenShape({ context, viewer }: Reading, node: WorldNode, expansion: Expansion) {
  const self = restUrl(context, `/content/${node.id}/child`)
  if (!expansion.has('children.attachment'))
    return { _expandable: { attachment: `/rest/api/content/${node.id}/child/attachment` }, _links: { self } }
  const nested = expansion.below('children.attachment')
  const attachments = context.world
    .attached(node.id, 'attachment')
    .filter(({ status }) => status === 'current')
  const results = attachments
    .slice(0, embeddedAttachments)
    .map((each) => contentShape({ context, viewer }, each, nested))
  const next = `/rest/api/content/${node.id}/child/attachment?limit=${embeddedAttachments}&start=${embeddedAttachments}`
  return {
    attachment: {
      results,
      start: 0,
      limit: embeddedAttachments,
      size: results.length,
      _links: { ...(attachments.length > results.length && { next }), self: `${self}/attachment` },
    },
    _expandable: { comment: `/rest/api/content/${node.id}/child/comment` },
    _links: { self },
  }
}

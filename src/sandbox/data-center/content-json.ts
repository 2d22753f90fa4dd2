/**
 * Content as Data Center's REST API shows it: a few words of its own, and whatever was asked to be expanded. What is not expanded is
 * named in `_expandable`.
 *
 * @module
 */

import type { WorldNode } from '../world.ts'
import { bodiesJson } from './bodies.ts'
import { webLinks } from './content-links.ts'
import type { Expansion } from './expansion.ts'
import { historyJson, versionJson } from './history-json.ts'
import { extensionsJson, metadataJson } from './metadata-json.ts'
import { relevantRestrictionsJson, restrictionsJson } from './restriction-json.ts'
import { restId, type Visit } from './site.ts'
import { spaceJson } from './space-json.ts'

/** How many children a piece of content carries along; the rest is behind the next link. */
const embeddedChildren = 25

type Part = (visitor: Visit, node: WorldNode, expansion: Expansion) => unknown

/** What each name expands to. A part that answers `undefined` does not exist for this content. */
const parts: Readonly<Record<string, Part>> = {
  space: (visitor, node, expansion) => spaceJson(visitor, visitor.spaceOf(node), expansion),
  history: historyJson,
  version: (visitor, node) => versionJson(visitor, node.version),
  ancestors: (visitor, node, expansion) =>
    ancestorsOf(visitor, node).map((ancestor) => contentJson(visitor, ancestor, expansion)),
  container: containerJson,
  body: bodiesJson,
  metadata: metadataJson,
  extensions: extensionsJson,
  children: childrenJson,
  restrictions: restrictionsJson,
  relevantViewRestrictions: (visitor, node) =>
    visitor.capabilities.relevantViewRestrictions ? relevantRestrictionsJson(visitor, node) : undefined,
}

/** Parts that are there without being asked for. */
const alwaysThere: readonly string[] = ['extensions']

export function contentJson(visitor: Visit, node: WorldNode, expansion: Expansion): Record<string, unknown> {
  const expanded = Object.entries(parts)
    .filter(([name]) => alwaysThere.includes(name) || expansion.has(name))
    .map(([name, part]) => [name, part(visitor, node, expansion.below(name))] as const)
    .filter(([, value]) => value !== undefined)
  const expandable = Object.entries(expandablesOf(visitor, node)).filter(([name]) => !expansion.has(name))
  return {
    id: restId(node),
    type: node.type,
    status: node.status,
    title: node.title,
    ...Object.fromEntries(expanded),
    _links: webLinks(visitor, node),
    _expandable: Object.fromEntries(expandable),
  }
}

function expandablesOf(visitor: Visit, node: WorldNode): Record<string, string> {
  const self = `/rest/api/content/${restId(node)}`
  const space = `/rest/api/space/${visitor.spaceOf(node).key}`
  return {
    container: node.containerId === undefined ? space : `/rest/api/content/${node.containerId}`,
    metadata: '',
    operations: '',
    children: `${self}/child`,
    restrictions: `${self}/restriction/byOperation`,
    history: `${self}/history`,
    ancestors: '',
    body: '',
    version: '',
    descendants: `${self}/descendant`,
    space,
    ...(visitor.capabilities.relevantViewRestrictions && {
      relevantViewRestrictions: `${self}/restriction/relevantViewRestrictions`,
    }),
  }
}

/** Root first. */
function ancestorsOf(visitor: Visit, node: WorldNode): readonly WorldNode[] {
  const parent = node.parentId === undefined ? undefined : visitor.world.node(node.parentId)
  return parent === undefined ? [] : [...ancestorsOf(visitor, parent), parent]
}

function containerJson(visitor: Visit, node: WorldNode, expansion: Expansion) {
  const container = node.containerId === undefined ? undefined : visitor.world.node(node.containerId)
  if (container === undefined) return spaceJson(visitor, visitor.spaceOf(node), expansion)
  return contentJson(visitor, container, expansion)
}

/** Those below a piece of content that the caller may read, one type at a time. */
export function childrenOf({ world, viewer }: Visit, node: WorldNode, type: string): readonly WorldNode[] {
  const readable = (child: WorldNode) => child.status === 'current' && viewer.may('read', child)
  if (type === 'attachment') return world.attached(node.id, 'attachment').filter(readable)
  if (type === 'page')
    return world.children(node.id).filter((child) => child.type === 'page' && readable(child))
  if (type !== 'comment') return []
  const all = world.attached(node.containerId ?? node.id, 'comment').filter(readable)
  const parentId = node.type === 'comment' ? node.id : undefined
  return all.filter((comment) => comment.parentId === parentId)
}

export function childrenJson(visitor: Visit, node: WorldNode, expansion: Expansion) {
  const types = ['attachment', 'comment', 'page']
  const self = `/rest/api/content/${restId(node)}/child`
  const expanded = types
    .filter((type) => expansion.has(type))
    .map((type) => {
      const children = childrenOf(visitor, node, type)
      const page = children.slice(0, embeddedChildren)
      const next = children.length > page.length && {
        next: `${self}/${type}?limit=${embeddedChildren}&start=${page.length}`,
      }
      return [
        type,
        {
          results: page.map((child) => contentJson(visitor, child, expansion.below(type))),
          start: 0,
          limit: embeddedChildren,
          size: page.length,
          _links: { self: `${visitor.base}${self}/${type}`, ...next },
        },
      ] as const
    })
  const expandable = types
    .filter((type) => !expansion.has(type))
    .map((type) => [type, `${self}/${type}`] as const)
  return {
    ...Object.fromEntries(expanded),
    _links: { self: `${visitor.base}${self}` },
    _expandable: Object.fromEntries(expandable),
  }
}

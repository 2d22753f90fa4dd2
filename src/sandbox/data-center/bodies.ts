/**
 * Bodies in the representations that Data Center can give.
 *
 * @module
 */

import { badRequest, Problem } from '../problem.ts'
import { renderedBody, viewFormats, viewOf } from '../view/view.ts'
import type { WorldNode } from '../world.ts'
import type { Expansion } from './expansion.ts'
import { restId, type Visit } from './site.ts'

/** The expansion `body`: those representations that were asked for. */
export function bodiesJson(visitor: Visit, node: WorldNode, expansion: Expansion) {
  const content = `/rest/api/content/${restId(node)}`
  const known = ['storage', ...viewFormats] as const
  const given = known.filter((representation) => expansion.has(representation))
  const body = (representation: (typeof known)[number]) => ({
    value: bodyOf(visitor, node, representation),
    representation,
    _expandable: { content },
  })
  const left = [...known.filter((representation) => !given.includes(representation)), 'editor']
  return {
    ...Object.fromEntries(given.map((representation) => [representation, body(representation)])),
    _expandable: Object.fromEntries(left.map((name) => [name, ''])),
  }
}

/** Files have no body. */
function bodyOf(
  visitor: Visit,
  node: WorldNode,
  representation: 'storage' | (typeof viewFormats)[number],
): string {
  if (node.type === 'attachment') return ''
  if (representation === 'storage') return visitor.world.storage(node.id)
  return renderedBody({ context: visitor, viewer: visitor.viewer }, node, representation)
}

interface Conversion {
  readonly to: string
  readonly value: unknown
  readonly representation: unknown
  /** The page in whose place the body is read: includes and links are looked for from there. */
  readonly node?: WorldNode
}

/** @throws {Problem} 400 for anything but storage format, 501 for what the sandbox cannot write */
export function convertBody(
  visitor: Visit,
  { to, value, representation, node = nowhere }: Conversion,
): string {
  if (representation !== 'storage' || typeof value !== 'string')
    throw badRequest(`Cannot convert from ${String(representation)} to ${to}`)
  if (!viewFormats.some((format) => format === to))
    throw new Problem(501, 'NOT_IMPLEMENTED', `The sandbox does not write ${to}`)
  return viewOf({ context: visitor, viewer: visitor.viewer }, node, value)
}

const longAgo = new Date(0)

/** A page in no space: where a body is read that belongs nowhere. */
const nowhere: WorldNode = {
  id: '0',
  type: 'page',
  spaceId: '',
  title: '',
  status: 'current',
  position: 0,
  createdAt: longAgo,
  authorId: '',
  version: { number: 1, createdAt: longAgo, authorId: '', message: '', minorEdit: false },
  labels: [],
  readRestriction: { users: [], groups: [] },
  updateRestriction: { users: [], groups: [] },
}

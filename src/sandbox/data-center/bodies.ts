/**
 * Bodies in the representations that Data Center can give.
 *
 * @module
 */

import { Problem } from '../problem.ts'
import type { WorldNode } from '../world.ts'
import type { Expansion } from './expansion.ts'
import { restId, type Visit } from './site.ts'

/** What the sandbox can render; the editor's own format it cannot. */
export const renderings = ['view', 'export_view', 'styled_view', 'anonymous_export_view'] as const

/** The expansion `body`: those representations that were asked for. */
export function bodiesJson(visitor: Visit, node: WorldNode, expansion: Expansion) {
  const content = `/rest/api/content/${restId(node)}`
  const known = ['storage', ...renderings]
  const given = known.filter((representation) => expansion.has(representation))
  const body = (representation: string) => ({
    value: bodyOf(visitor, node, representation),
    representation,
    _expandable: { content },
  })
  const left = [...known, 'editor'].filter((name) => !given.includes(name))
  return {
    ...Object.fromEntries(given.map((representation) => [representation, body(representation)])),
    _expandable: Object.fromEntries(left.map((name) => [name, ''])),
  }
}

/** Files have no body. @throws {Problem} 501 for what the sandbox cannot make */
export function bodyOf(visitor: Visit, node: WorldNode, representation: string): string {
  if (node.type === 'attachment') return ''
  if (representation === 'storage') return visitor.world.storage(node.id)
  return visitor.world.view?.(node.id) ?? visitor.world.storage(node.id)
}

export const notRendered = (representation: string) =>
  new Problem(501, 'NOT_IMPLEMENTED', `The sandbox does not write ${representation}`)

/**
 * Bodies in the formats that v2 knows: two in lists, more for one thing alone.
 *
 * @module
 */

import { Problem } from '../../problem.ts'
import type { Reading } from '../../view/rendering.ts'
import { renderedBody } from '../../view/view.ts'
import type { WorldNode } from '../../world.ts'
import type { Bodies } from './shapes.ts'

export const listFormats = ['storage', 'atlas_doc_format'] as const

export const singleFormats = [
  ...listFormats,
  'view',
  'export_view',
  'anonymous_export_view',
  'styled_view',
  'editor',
] as const

/** Empty unless a format was asked for. @throws {Problem} 501 for those that the sandbox does not write. */
export function bodiesOf(
  reading: Reading,
  node: WorldNode,
  format: (typeof singleFormats)[number] | undefined,
): Bodies {
  if (format === undefined) return {}
  if (format === 'atlas_doc_format' || format === 'editor')
    throw new Problem(501, 'NOT_IMPLEMENTED', `The sandbox does not write ${format}`)
  const value =
    format === 'storage' ? reading.context.world.storage(node.id) : renderedBody(reading, node, format)
  return { [format]: { representation: format, value } }
}

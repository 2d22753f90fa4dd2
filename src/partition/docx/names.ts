/**
 * Small questions to the XML of a Word document.
 *
 * @module
 */

import { chosenAlternative } from '../office/alternatives.ts'
import { childOf, childrenOf, type XmlNode } from '../office/xml.ts'

/** The `w:val` of a child; undefined when there is no such child. */
export const valueIn = (node: XmlNode | undefined, name: string): string | undefined => {
  const child = childOf(node, name)
  return child && (child.attributes['w:val'] ?? '')
}

/** A whole number not below zero; undefined for anything else. */
export function countOf(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined
}

const off: ReadonlySet<string | undefined> = new Set(['0', 'false', 'off', 'none'])

/** Whether a switch such as `w:b` is there and on. */
export const isOn = (node: XmlNode | undefined, name: string): boolean => {
  const child = childOf(node, name)
  return child !== undefined && !off.has(child.attributes['w:val'])
}

/** Elements that stand around others and show nothing themselves. */
const wrappers: ReadonlySet<string> = new Set([
  'w:sdt',
  'w:sdtContent',
  'w:customXml',
  'w:smartTag',
  'w:ins',
  'w:moveTo',
])
const removals: ReadonlySet<string> = new Set(['w:del', 'w:moveFrom'])

/** What a reader of the document looks at. */
export interface View {
  readonly enhanced: boolean
  /** Text whose deletion is tracked is read, too. */
  readonly deletions: boolean
}

/** Children of some names; in enhanced mode also those inside content controls, insertions and alternatives. */
export function* blocksOf(node: XmlNode, names: ReadonlySet<string>, view: View): Generator<XmlNode> {
  for (const child of childrenOf(node)) {
    if (names.has(child.name)) yield child
    else if (!view.enhanced) continue
    else if (child.name === 'mc:AlternateContent') {
      const chosen = chosenAlternative(child)
      if (chosen) yield* blocksOf(chosen, names, view)
    } else if (wrappers.has(child.name) || (view.deletions && removals.has(child.name)))
      yield* blocksOf(child, names, view)
  }
}

export const paragraphsAndTables: ReadonlySet<string> = new Set(['w:p', 'w:tbl'])

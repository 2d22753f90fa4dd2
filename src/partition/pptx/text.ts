/**
 * Reads the text of shapes and cells (DrawingML).
 *
 * @module
 */

import { formulaText } from '../office/formula.ts'
import type { Piece, Words } from '../office/pieces.ts'
import type { Relationships } from '../office/relationships.ts'
import { childOf, childrenOf, descendantsOf, textOf, type XmlNode } from '../office/xml.ts'

const deepestLevel = 8

export const paragraphsOf = (body: XmlNode | undefined): XmlNode[] =>
  childrenOf(body).filter(({ name }) => name === 'a:p')

/** How far a paragraph is indented, from 0. */
export function levelOf(paragraph: XmlNode): number {
  const level = Number(childOf(paragraph, 'a:pPr')?.attributes.lvl ?? 0)
  return Number.isInteger(level) ? Math.min(Math.max(level, 0), deepestLevel) : 0
}

/** Whether an attribute that is a switch is on. */
export const isOn = (value: string | undefined): boolean => value === '1' || value === 'true'

/** @param enhanced with formulas; false: as the reference does, which marks a line's end inside a paragraph in its own way */
export function wordsOf(paragraph: XmlNode, relationships: Relationships, enhanced: boolean): Words[] {
  return childrenOf(paragraph).flatMap((node): Words[] => {
    if (node.name === 'a:br') return [plain(enhanced ? '\n' : '\v')]
    if (node.name === 'a:r' || node.name === 'a:fld') return [runWords(node, relationships)]
    const formula = enhanced ? descendantsOf(node, 'm:oMath').map(formulaText).join(' ') : ''
    return formula === '' ? [] : [{ ...plain(formula), formula: true }]
  })
}

const plain = (text: string): Words => ({ kind: 'words', text, bold: false, italic: false, formula: false })

function runWords(run: XmlNode, relationships: Relationships): Words {
  const properties = childOf(run, 'a:rPr')
  const target = relationships.get(childOf(properties, 'a:hlinkClick')?.attributes['r:id'] ?? '')
  return {
    ...plain(textOf(childOf(run, 'a:t'))),
    bold: isOn(properties?.attributes.b),
    italic: isOn(properties?.attributes.i),
    ...(target?.external && { link: { url: target.target } }),
  }
}

/** Reads what stands in a paragraph. */
export type ReadParagraph = (paragraph: XmlNode) => readonly Piece[]

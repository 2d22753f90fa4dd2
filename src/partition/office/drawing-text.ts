/**
 * Text in drawings (DrawingML), without its looks.
 *
 * @module
 */

import { collapseSpace } from '../../kit/whitespace.ts'
import { childrenOf, descendantsOf, textOf, type XmlNode } from './xml.ts'

/** Each paragraph below the node that says something, on one line. */
export const drawnLines = (node: XmlNode): string[] =>
  descendantsOf(node, 'a:p')
    .map((paragraph) => collapseSpace(lineOf(paragraph)))
    .filter((line) => line !== '')

/** A line's end inside a paragraph is white space. */
function lineOf(node: XmlNode): string {
  if (node.name === 'a:t') return textOf(node)
  return node.name === 'a:br' ? ' ' : childrenOf(node).map(lineOf).join('')
}

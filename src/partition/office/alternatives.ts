/**
 * Alternatives of one thing in office documents (`mc:AlternateContent`, ECMA-376 part 3): each says which extensions a program has to know
 * to show it.
 *
 * @module
 */

import { childOf, childrenOf, type XmlNode } from './xml.ts'

/** Extensions that we read; of what needs others, such as emoji by number or ink, there is a plainer alternative. */
const understood: ReadonlySet<string> = new Set(['a14', 'm', 'v', 'w14', 'w15', 'wp14', 'wpc', 'wpg', 'wps'])

/** The first that can be read; undefined when there is nothing but what stands in for it. */
export const readableChoice = (node: XmlNode): XmlNode | undefined =>
  choicesOf(node).find(({ attributes }) =>
    (attributes.Requires ?? '').split(' ').every((prefix) => understood.has(prefix)),
  )

/** What to read of alternatives that show the same. */
export const chosenAlternative = (node: XmlNode): XmlNode | undefined =>
  readableChoice(node) ?? childOf(node, 'mc:Fallback') ?? choicesOf(node)[0]

const choicesOf = (node: XmlNode): XmlNode[] => childrenOf(node).filter(({ name }) => name === 'mc:Choice')

/**
 * Equations of Office Math as a line of text: `x=(a+b)/2`, `√(x^2)`, `∑_(i=1)^n i`.
 *
 * @module
 */

import { childOf, childrenOf, type XmlNode } from './xml.ts'

const property = (node: XmlNode, properties: string, name: string): string | undefined =>
  childOf(childOf(node, properties), name)?.attributes['m:val']

const part = (node: XmlNode, name: string): string => {
  const child = childOf(node, name)
  return child ? formulaText(child) : ''
}

/** In brackets, unless it is one letter, number or name. */
const grouped = (text: string): string => (/^[\p{L}\p{N}.]*$/u.test(text) ? text : `(${text})`)
const raised = (text: string): string => (text === '' ? '' : `^${grouped(text)}`)
const lowered = (text: string): string => (text === '' ? '' : `_${grouped(text)}`)

const sub = (node: XmlNode): string => lowered(part(node, 'm:sub'))
const sup = (node: XmlNode): string => raised(part(node, 'm:sup'))

const texts = (node: XmlNode, name: string): string[] =>
  childrenOf(node)
    .filter((child) => child.name === name)
    .map(formulaText)

function delimited(node: XmlNode): string {
  const separator = property(node, 'm:dPr', 'm:sepChr') ?? '|'
  const inside = texts(node, 'm:e').join(separator)
  return (property(node, 'm:dPr', 'm:begChr') ?? '(') + inside + (property(node, 'm:dPr', 'm:endChr') ?? ')')
}

function root(node: XmlNode): string {
  const degree = part(node, 'm:deg')
  return `√${degree === '' ? '' : `[${degree}]`}(${part(node, 'm:e')})`
}

const shapes: Readonly<Record<string, (node: XmlNode) => string>> = {
  'm:t': (node) => node.children.filter((child) => typeof child === 'string').join(''),
  'm:f': (node) => `${grouped(part(node, 'm:num'))}/${grouped(part(node, 'm:den'))}`,
  'm:sSub': (node) => part(node, 'm:e') + sub(node),
  'm:sSup': (node) => part(node, 'm:e') + sup(node),
  'm:sSubSup': (node) => part(node, 'm:e') + sub(node) + sup(node),
  'm:sPre': (node) => sub(node) + sup(node) + part(node, 'm:e'),
  'm:rad': root,
  'm:nary': (node) =>
    `${property(node, 'm:naryPr', 'm:chr') ?? '∫'}${sub(node)}${sup(node)} ${part(node, 'm:e')}`,
  'm:d': delimited,
  'm:func': (node) => `${part(node, 'm:fName')} ${part(node, 'm:e')}`,
  'm:limLow': (node) => part(node, 'm:e') + lowered(part(node, 'm:lim')),
  'm:limUpp': (node) => part(node, 'm:e') + raised(part(node, 'm:lim')),
  'm:m': (node) => `[${texts(node, 'm:mr').join('; ')}]`,
  'm:mr': (node) => texts(node, 'm:e').join(', '),
  'm:eqArr': (node) => texts(node, 'm:e').join('\n'),
}

/** The text of a formula, or of a part of one. */
export function formulaText(node: XmlNode): string {
  const shape = shapes[node.name]
  return shape ? shape(node) : childrenOf(node).map(formulaText).join('')
}

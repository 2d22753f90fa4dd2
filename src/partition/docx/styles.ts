/**
 * Paragraph styles of a Word document: what they are called, which level of the outline and of a list they stand for.
 *
 * @module
 */

import { parseOffice } from '../office/namespaces.ts'
import { childOf, childrenOf, type XmlNode } from '../office/xml.ts'
import { countOf, valueIn } from './names.ts'

export interface ParagraphStyle {
  /** As Word shows it in English. */
  readonly name: string
  /** Its own name and those of the styles that it is based on, nearest first. */
  readonly names: readonly string[]
  /** Level of the outline, 0 = highest; undefined = body text. */
  readonly outline: number | undefined
  /** Level of a list, 0 = outermost; undefined = none. */
  readonly list: number | undefined
}

/** By the id that a paragraph names; without, or with one that is not there, the default style. */
export type Styles = (id: string | undefined) => ParagraphStyle

const normal: ParagraphStyle = { name: 'Normal', names: ['Normal'], outline: undefined, list: undefined }
/** Styles deeper than this are based on each other in a circle. */
const deepestBase = 50

/** @param xml of the part `styles.xml`, where there is one @param what the format, for messages */
export function readStyles(xml: string | undefined, what: string): Styles {
  if (xml === undefined) return () => normal
  const nodes = childrenOf(parseOffice(xml, what)).filter(
    ({ name, attributes }) => name === 'w:style' && (attributes['w:type'] ?? 'paragraph') === 'paragraph',
  )
  const byId = new Map(nodes.map((node) => [node.attributes['w:styleId'] ?? '', node]))
  const standard = nodes.find(({ attributes }) => /^(?:1|true|on)$/.test(attributes['w:default'] ?? ''))
  const resolved = new Map<string, ParagraphStyle>()
  const fallback = standard ? resolve(standard, byId) : normal
  return (id) => {
    const node = id === undefined ? undefined : byId.get(id)
    if (id === undefined || !node) return fallback
    const style = resolved.get(id) ?? resolve(node, byId)
    resolved.set(id, style)
    return style
  }
}

function resolve(node: XmlNode, byId: ReadonlyMap<string, XmlNode>): ParagraphStyle {
  const chain: XmlNode[] = []
  for (let each: XmlNode | undefined = node; each && chain.length < deepestBase; ) {
    chain.push(each)
    each = byId.get(valueIn(each, 'w:basedOn') ?? '')
  }
  const names = chain.map((each) => englishName(valueIn(each, 'w:name') ?? ''))
  return {
    name: names[0] || 'Normal',
    names,
    outline: outlineLevel(firstOf(chain, 'w:outlineLvl')),
    list: listLevel(firstOf(chain, 'w:numPr')),
  }
}

/** The nearest property of this name along the styles. */
function firstOf(chain: readonly XmlNode[], name: string): XmlNode | undefined {
  for (const style of chain) {
    const property = childOf(childOf(style, 'w:pPr'), name)
    if (property) return property
  }
  return undefined
}

/** Names of built-in styles are stored in lower case, and shown with a capital. */
const englishName = (name: string): string =>
  /^(?:heading [1-9]|caption|header|footer)$/.test(name) ? name[0]!.toUpperCase() + name.slice(1) : name

/** @param node `w:outlineLvl`; 9 is body text */
export function outlineLevel(node: XmlNode | undefined): number | undefined {
  const level = countOf(node?.attributes['w:val'])
  return level !== undefined && level < 9 ? level : undefined
}

/** @param node `w:numPr`; list number 0 takes a paragraph out of any list */
export function listLevel(node: XmlNode | undefined): number | undefined {
  if (!node || valueIn(node, 'w:numId') === '0') return undefined
  return countOf(valueIn(node, 'w:ilvl')) ?? 0
}
